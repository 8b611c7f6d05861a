/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sign-in"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-sign-in.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "person_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "person", .label = N_("Person"), .doc = "Who signed in." },
  { "token_hash", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SECRET, 64, 64, .label = N_("Token"), .doc = "BLAKE2b-256 of the refresh token that is good now, in hexadecimal digits." },
  { "client", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Program"), .doc = "What signed in, as it calls itself." },
  { "remote", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Address"), .doc = "Where from." },
  { "refreshed_at", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_READ_ONLY, .label = N_("Refreshed"), .doc = "When the token was last exchanged." },
  { "expires_at", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_READ_ONLY, .label = N_("Expires"), .doc = "When the token ceases to be good." },
  { "revoked_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Revoked"), .doc = "When the family was ended: by logging out, by a change of password, or because a spent token was shown again." },
};
/* clang-format on */

const MusterEntityInfo muster_sign_in_info = {
  .name = "sign_in",
  .table = "sign_in",
  .path = "sign-ins",
  .schema = "SignIn",
  .doc = "A person signed in somewhere: a family of refresh tokens, of which one is good.",
  .flags = MUSTER_ENTITY_UNJOURNALLED,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "person_id",
  .get_type = muster_sign_in_get_type,
};

struct _MusterSignIn
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterSignIn, muster_sign_in, MUSTER_TYPE_ENTITY)

static void
muster_sign_in_class_init (MusterSignInClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_sign_in_info);
}

static void
muster_sign_in_init (MusterSignIn *self)
{
}
