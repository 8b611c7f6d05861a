/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-saved-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-saved-view.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What it is called." },
  { "entity", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, 1, 64, .label = N_("Kind of record"), .doc = "Whose list it is of; `telemetry`: charts." },
  { "query", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, 0, 16384, .label = N_("Query"), .doc = "The list's parameters: an object of names and values." },
  { "columns", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 16384, .label = N_("Columns"), .doc = "Names of the columns shown, in their order." },
  { "person_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_CASCADE, .references = "person", .label = N_("Person"), .doc = "Whose it is; none: everybody's." },
};
/* clang-format on */

const MusterEntityInfo muster_saved_view_info = {
  .name = "saved_view",
  .table = "saved_view",
  .path = "views",
  .schema = "SavedView",
  .doc = "A filter, order and choice of columns that somebody keeps.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_saved_view_get_type,
};

struct _MusterSavedView
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterSavedView, muster_saved_view, MUSTER_TYPE_ENTITY)

static void
muster_saved_view_class_init (MusterSavedViewClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_saved_view_info);
}

static void
muster_saved_view_init (MusterSavedView *self)
{
}
