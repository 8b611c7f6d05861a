/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-person"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-person.h"

/* clang-format off */
static const MusterEnumValue roles[] = {
  { "administrator", N_("Administrator") }, { "operator", N_("Operator") }, { "technician", N_("Technician") },
  { "viewer", N_("Viewer") }, { NULL, NULL },
};
const MusterEnum muster_role_enum = { "Role", roles };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What the person is called." },
  { "email", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_UNIQUE | MUSTER_FIELD_SEARCHABLE, 3, 254, .format = "email", .label = N_("E-mail"), .doc = "E-mail address; unique on the site." },
  { "role", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_role_enum, .default_value = 3, .label = N_("Role"), .doc = "What the person may do." },
};
/* clang-format on */

const MusterEntityInfo muster_person_info = {
  .name = "person",
  .table = "person",
  .path = "people",
  .schema = "Person",
  .doc = "Somebody who works with the site.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_person_get_type,
};

struct _MusterPerson
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterPerson, muster_person, MUSTER_TYPE_ENTITY)

static void
muster_person_class_init (MusterPersonClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_person_info);
}

static void
muster_person_init (MusterPerson *self)
{
}
