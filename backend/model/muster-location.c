/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-location"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-location.h"

/* clang-format off */
static const MusterEnumValue location_kind_values[] = {
  { "site", N_("Site") }, { "building", N_("Building") }, { "hall", N_("Hall") }, { "area", N_("Area") },
  { "rack", N_("Rack") }, { "shelf", N_("Shelf") }, { "bin", N_("Bin") }, { "vehicle", N_("Vehicle") },
  { "bench", N_("Workbench") }, { NULL, NULL },
};
const MusterEnum muster_location_kind_enum = { "LocationKind", location_kind_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What it is called, within the place that holds it." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_location_kind_enum, .default_value = 6, .label = N_("Kind"), .doc = "What sort of place it is." },
  { "parent_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_RESTRICT, .references = "location", .label = N_("Within"), .doc = "The place that holds it." },
  { "code", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_UNIQUE | MUSTER_FIELD_SEARCHABLE, 1, 64, .label = N_("Code"), .doc = "What its label says when scanned; unique on the site." },
  { "path", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SEARCHABLE, 0, 1000, .label = N_("Path"), .doc = "Names from the outermost place to this one, joined by ' › '." },
  { "notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about it." },
};
/* clang-format on */

const MusterEntityInfo muster_location_info = {
  .name = "location",
  .table = "location",
  .path = "locations",
  .schema = "Location",
  .doc = "A place where units stand or lie, within another.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_location_get_type,
};

struct _MusterLocation
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterLocation, muster_location, MUSTER_TYPE_ENTITY)

static void
muster_location_class_init (MusterLocationClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_location_info);
}

static void
muster_location_init (MusterLocation *self)
{
}
