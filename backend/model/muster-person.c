/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-person"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-person.h"

/* clang-format off */
static const MusterEnumValue roles[] = {
  { "administrator", N_("Administrator") }, { "operator", N_("Operator") }, { "technician", N_("Technician") },
  { "viewer", N_("Viewer") }, { "customer", N_("Customer") }, { "device", N_("Device") },
  { "peer", N_("Peer site") }, { NULL, NULL },
};
const MusterEnum muster_role_enum = { "Role", roles };

/* The roles that a person or a key may have: the values are those of muster_role_enum. */
static const MusterEnumValue person_roles[] = {
  { "administrator", N_("Administrator") }, { "operator", N_("Operator") }, { "technician", N_("Technician") },
  { "viewer", N_("Viewer") }, { "customer", N_("Customer") }, { NULL, NULL },
};
const MusterEnum muster_person_role_enum = { "PersonRole", person_roles };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What the person is called." },
  { "email", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_UNIQUE | MUSTER_FIELD_SEARCHABLE, 3, 254, .format = "email", .label = N_("E-mail"), .doc = "E-mail address; unique on the site." },
  { "role", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_person_role_enum, .default_value = MUSTER_ROLE_VIEWER, .label = N_("Role"), .doc = "What the person may do." },
  { "phone", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 40, .label = N_("Telephone"), .doc = "Where to reach the person." },
  { "address", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Address"), .doc = "Where deliveries go unless an order says otherwise." },
  { "disabled", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Disabled"), .doc = "Whether signing in is refused." },
  { "local_user", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_UNIQUE, 1, 64, .label = N_("Local user"), .doc = "Name of the account on the daemon's machine that is this person, so that no sign-in is needed there." },
  { "has_password", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Password set"), .doc = "Whether the person can sign in with a password." },
  { "has_pin", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("PIN set"), .doc = "Whether the person can be switched to by PIN." },
  { "has_badge", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Badge set"), .doc = "Whether the person can be switched to by badge." },
  { "last_sign_in", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, .label = N_("Last sign-in"), .doc = "When the person signed in last." },
  { "is_admin", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Administrator"), .doc = "Whether the role is that of an administrator." },
  { "password_hash", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SECRET, 1, 256, .label = N_("Password"), .doc = "Argon2id hash of the password, in the form of crypto_pwhash_str()." },
  { "pin_hash", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SECRET, 1, 256, .label = N_("PIN"), .doc = "Argon2id hash of the PIN." },
  { "badge_hash", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SECRET | MUSTER_FIELD_UNIQUE, 64, 64, .label = N_("Badge"), .doc = "Keyed BLAKE2b-256 of the badge's code, in hexadecimal digits." },
};
/* clang-format on */

const MusterEntityInfo muster_person_info = {
  .name = "person",
  .table = "person",
  .path = "users",
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
