/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stocktake"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-stocktake.h"

/* clang-format off */
static const MusterEnumValue stocktake_status_values[] = {
  { "counting", N_("Counting") }, { "applied", N_("Applied") }, { "cancelled", N_("Cancelled") },
  { NULL, NULL },
};
const MusterEnum muster_stocktake_status_enum = { "StocktakeStatus", stocktake_status_values };

#define S(name) MUSTER_STOCKTAKE_STATUS_##name
static const MusterTransition stocktake_status_transitions[] = {
  { S (COUNTING), S (APPLIED) }, { S (COUNTING), S (CANCELLED) },
  { S (CANCELLED), S (COUNTING) },
  { -1, -1 },
};
#undef S
const MusterStateMachine muster_stocktake_status_machine = { &muster_stocktake_status_enum, stocktake_status_transitions };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What it is called." },
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_RESTRICT, .references = "location", .label = N_("Place"), .doc = "Where is counted, the places within it included." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_stocktake_status_enum, .label = N_("Status"), .doc = "How far it is." },
  { "blind", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Blind"), .doc = "Whether those who count are not told what is expected." },
  { "notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about it." },
  { "applied_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Applied"), .doc = "When its result became the stock." },
};
/* clang-format on */

const MusterEntityInfo muster_stocktake_info = {
  .name = "stocktake",
  .table = "stocktake",
  .path = "stocktakes",
  .schema = "Stocktake",
  .doc = "A count of what lies in a place.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_stocktake_status_machine,
  .machine_field = "status",
  .title_field = "name",
  .get_type = muster_stocktake_get_type,
};

struct _MusterStocktake
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterStocktake, muster_stocktake, MUSTER_TYPE_ENTITY)

static void
muster_stocktake_class_init (MusterStocktakeClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_stocktake_info);
}

static void
muster_stocktake_init (MusterStocktake *self)
{
}
