/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-key-ring.h"

G_BEGIN_DECLS

/* What an access token says. It is a JSON Web Token (RFC 7519) signed with HMAC-SHA-256 (`HS256`),
 * whose `kid` names the key. */
typedef struct
{
  char  *id;         /* (owned): jti */
  char  *person_id;  /* (owned): sub */
  char  *sign_in_id; /* (owned): sid, the family of refresh tokens it came with */
  gint64 issued_at;  /* iat, UTC seconds */
  gint64 expires_at; /* exp, UTC seconds */
} MusterAccessToken;

void muster_access_token_free (MusterAccessToken *self);

/* Whether TEXT has the form of one: three parts of base64url, not too long. */
gboolean muster_access_token_looks_like (const char *text);
/* ISSUER: the site's id, so that the token of one site opens no other. (transfer full). */
char *muster_access_token_sign (const MusterAccessToken *self,
                                MusterKeyRing           *keys,
                                const char              *issuer);
/* NULL with MUSTER_ERROR_UNAUTHORIZED for what is not ours, expired by NOW (UTC seconds), or of
 * another algorithm: (transfer full). */
MusterAccessToken *muster_access_token_verify (const char    *text,
                                               MusterKeyRing *keys,
                                               const char    *issuer,
                                               gint64         now,
                                               GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterAccessToken, muster_access_token_free)

G_END_DECLS
