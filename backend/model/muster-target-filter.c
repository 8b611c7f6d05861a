/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-target-filter"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-target-filter.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "number", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, 1, 2147483647, .label = N_("Number"), .doc = "Its short number, by which tools of hawkBit's Management API name it." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_UNIQUE, 1, 120, .label = N_("Name"), .doc = "What it is called." },
  { "query", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 4096, .label = N_("Filter"), .doc = "Which update clients match (RSQL, as hawkBit's Management API takes it)." },
  { "rollout_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "rollout", .label = N_("Rollout"), .doc = "The rollout by which those that match, and come to match, get a set." },
};
/* clang-format on */

const MusterEntityInfo muster_target_filter_info = {
  .name = "target_filter",
  .table = "target_filter",
  .path = "target-filters",
  .schema = "TargetFilter",
  .doc =
    "A filter of update clients that has a name, as tools of hawkBit's Management API keep it.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_target_filter_get_type,
};

struct _MusterTargetFilter
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterTargetFilter, muster_target_filter, MUSTER_TYPE_ENTITY)

static void
muster_target_filter_class_init (MusterTargetFilterClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_target_filter_info);
}

static void
muster_target_filter_init (MusterTargetFilter *self)
{
}
