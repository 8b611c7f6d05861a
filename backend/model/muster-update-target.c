/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-target"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-update-target.h"

/* clang-format off */
static const MusterEnumValue window_policies[] = {
  { "site", N_("As the site’s settings say") }, { "withhold", N_("Told nothing until it opens") }, { "skip", N_("May download, not install") }, { NULL, NULL },
};
const MusterEnum muster_window_policy_enum = { "WindowPolicy", window_policies };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_UNIQUE, .references = "device", .label = N_("Device"), .doc = "The device that asks." },
  { "controller_id", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_UNIQUE, 1, 256, .label = N_("Controller id"), .doc = "How its update client calls it." },
  { "token", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 128, .label = N_("Target token"), .doc = "What it shows to be let in; null: it has none of its own." },
  { "window_policy", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_window_policy_enum, .label = N_("Outside of the window"), .doc = "What it is told of an update whose maintenance window is not open. SWUpdate takes an update that it may not install yet for one that is done: it must be told nothing." },
  { "attributes", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 131072, .label = N_("Attributes"), .doc = "Object of what it says of itself: name to text." },
  { "attributes_wanted", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = TRUE, .label = N_("Attributes asked for"), .doc = "Whether it is asked to say them at its next poll." },
  { "auto_confirm", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Consent in advance"), .doc = "Whether updates that need somebody’s consent at the device have it beforehand." },
  { "auto_confirm_by", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 64, .label = N_("Consent by"), .doc = "Who gave it, as the device says." },
  { "auto_confirm_remark", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 512, .label = N_("Remark"), .doc = "What was said with it." },
  { "auto_confirm_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Consent since"), .doc = "Since when." },
};
/* clang-format on */

const MusterEntityInfo muster_update_target_info = {
  .name = "update_target",
  .table = "update_target",
  .path = "update-targets",
  .schema = "UpdateTarget",
  .doc = "A device that asks for updates by itself, over hawkBit's DDI.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "controller_id",
  .get_type = muster_update_target_get_type,
};

struct _MusterUpdateTarget
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterUpdateTarget, muster_update_target, MUSTER_TYPE_ENTITY)

static void
muster_update_target_class_init (MusterUpdateTargetClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_update_target_info);
}

static void
muster_update_target_init (MusterUpdateTarget *self)
{
}
