/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-pairing-attempt"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-pairing-attempt.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "serial", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_UNIQUE, 1, 64, .label = N_("Serial number"), .doc = "Serial number of the device, as it says itself." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Device"), .doc = "Its record, when it had one before." },
  { "username", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_UNIQUE, 1, 64, .label = N_("User name"), .doc = "The account that the device is told." },
  { "password", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SECRET, 1, 100, .label = N_("Password"), .doc = "Its password, to be told again." },
  { "secret", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SECRET, 1, 64, .label = N_("Label secret"), .doc = "The secret that the device has proved to know." },
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("By"), .doc = "Who asked for it." },
  { "record", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, 0, 10000, .label = N_("Record"), .doc = "The fields that the device's record gets." },
};
/* clang-format on */

const MusterEntityInfo muster_pairing_attempt_info = {
  .name = "pairing_attempt",
  .table = "pairing_attempt",
  .path = "pairing-attempts",
  .schema = "PairingAttempt",
  .doc = "A pairing under way or interrupted: what is needed to repeat it without harm.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "serial",
  .flags = MUSTER_ENTITY_UNJOURNALLED,
  .get_type = muster_pairing_attempt_get_type,
};

struct _MusterPairingAttempt
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterPairingAttempt, muster_pairing_attempt, MUSTER_TYPE_ENTITY)

static void
muster_pairing_attempt_class_init (MusterPairingAttemptClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_pairing_attempt_info);
}

static void
muster_pairing_attempt_init (MusterPairingAttempt *self)
{
}
