/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-revoked-token"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-revoked-token.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "token_id", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_UNIQUE, 1, 64, .label = N_("Token"), .doc = "Its `jti`." },
  { "expires_at", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .label = N_("Expires"), .doc = "When it need no longer be remembered." },
};
/* clang-format on */

const MusterEntityInfo muster_revoked_token_info = {
  .name = "revoked_token",
  .table = "revoked_token",
  .path = "revoked-tokens",
  .schema = "RevokedToken",
  .doc = "An access token that was logged out before it expired.",
  .flags = MUSTER_ENTITY_UNJOURNALLED,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "token_id",
  .get_type = muster_revoked_token_get_type,
};

struct _MusterRevokedToken
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterRevokedToken, muster_revoked_token, MUSTER_TYPE_ENTITY)

static void
muster_revoked_token_class_init (MusterRevokedTokenClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_revoked_token_info);
}

static void
muster_revoked_token_init (MusterRevokedToken *self)
{
}
