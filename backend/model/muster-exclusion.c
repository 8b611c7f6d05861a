/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-exclusion"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-exclusion.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "device", .label = N_("Device"), .doc = "Whose samples are left out." },
  { "metric", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Metric"), .doc = "Of this metric; null: of all." },
  { "from_at", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("From"), .doc = "The first moment that is left out." },
  { "to_at", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("To"), .doc = "The last moment that is left out." },
  { "reason", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 300, .label = N_("Reason"), .doc = "What is wrong with them." },
};
/* clang-format on */

const MusterEntityInfo muster_exclusion_info = {
  .name = "exclusion",
  .table = "exclusion",
  .path = "exclusions",
  .schema = "Exclusion",
  .doc =
    "Samples of a device that are left out of charts and figures: a range of bad values. Deleting it brings them back.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "reason",
  .get_type = muster_exclusion_get_type,
};

struct _MusterExclusion
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterExclusion, muster_exclusion, MUSTER_TYPE_ENTITY)

static void
muster_exclusion_class_init (MusterExclusionClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_exclusion_info);
}

static void
muster_exclusion_init (MusterExclusion *self)
{
}
