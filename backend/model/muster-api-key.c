/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-key"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-api-key.h"
#include "muster-person.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What it is for." },
  { "role", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_role_enum, .default_value = 3, .label = N_("Role"), .doc = "What its holder may do. A key of the role peer is another site's: administrators make it, for nobody among the site's people." },
  { "person_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_CASCADE, .references = "person", .label = N_("Person"), .doc = "Whose it is." },
  { "prefix", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 16, .label = N_("Begin"), .doc = "The first characters of the key, to tell it from others." },
  { "key_hash", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SECRET | MUSTER_FIELD_UNIQUE, 64, 64, .label = N_("Key"), .doc = "BLAKE2b-256 of the key, in hexadecimal digits." },
  { "expires_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Expires"), .doc = "When it ceases to be good; never when left out." },
  { "disabled", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Disabled"), .doc = "Whether it is refused." },
  { "last_used_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, .label = N_("Last used"), .doc = "When it was last shown." },
};
/* clang-format on */

const MusterEntityInfo muster_api_key_info = {
  .name = "api_key",
  .table = "api_key",
  .path = "api-keys",
  .schema = "ApiKey",
  .doc = "The right of a program to act on the site.",
  .flags = MUSTER_ENTITY_FINAL,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_api_key_get_type,
};

struct _MusterApiKey
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterApiKey, muster_api_key, MUSTER_TYPE_ENTITY)

static void
muster_api_key_class_init (MusterApiKeyClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_api_key_info);
}

static void
muster_api_key_init (MusterApiKey *self)
{
}
