/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-access-token"

#include "config.h"

#include <jwt.h>
#include <string.h>

#include "model/muster-error.h"
#include "model/muster-uuid.h"
#include "muster-access-token.h"

#define MAX_LENGTH 2048
/* A clock may be set back a little while tokens are out. */
#define MAX_AHEAD 60
#define BASE64URL "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (jwt_t, jwt_free)

void
muster_access_token_free (MusterAccessToken *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->person_id);
  g_free (self->sign_in_id);
  g_free (self);
}

gboolean
muster_access_token_looks_like (const char *text)
{
  gsize length = strnlen (text, MAX_LENGTH + 1);

  if (length > MAX_LENGTH)
    return FALSE;
  for (int part = 0; part < 3; part++)
    {
      gsize n = strspn (text, BASE64URL);

      if (n == 0 || text[n] != (part < 2 ? '.' : '\0'))
        return FALSE;
      text += n + 1;
    }
  return TRUE;
}

char *
muster_access_token_sign (const MusterAccessToken *self, MusterKeyRing *keys, const char *issuer)
{
  const MusterSigningKey *key = NULL;
  g_autoptr (jwt_t) jwt = NULL;
  char *text, *copy;

  g_return_val_if_fail (self != NULL && keys != NULL && issuer != NULL, NULL);

  key = muster_key_ring_get_signing_key (keys);
  if (jwt_new (&jwt) != 0 ||
      jwt_set_alg (jwt, JWT_ALG_HS256, key->secret, sizeof key->secret) != 0 ||
      jwt_add_header (jwt, "kid", key->id) != 0 || jwt_add_grant (jwt, "iss", issuer) != 0 ||
      jwt_add_grant (jwt, "sub", self->person_id) != 0 ||
      jwt_add_grant (jwt, "sid", self->sign_in_id) != 0 ||
      jwt_add_grant (jwt, "jti", self->id) != 0 ||
      jwt_add_grant_int (jwt, "iat", self->issued_at) != 0 ||
      jwt_add_grant_int (jwt, "exp", self->expires_at) != 0)
    g_error ("libjwt cannot make a token"); /* but for want of memory */
  text = jwt_encode_str (jwt);
  copy = g_strdup (text);
  jwt_free_str (text);
  return copy;
}

/* The key that TEXT names, by its header alone: nothing of it is believed yet. */
static const MusterSigningKey *
find_key (const char *text, MusterKeyRing *keys)
{
  g_autoptr (jwt_t) jwt = NULL;
  const char *id;

  if (jwt_decode (&jwt, text, NULL, 0) != 0)
    return NULL;
  id = jwt_get_header (jwt, "kid");
  return id != NULL ? muster_key_ring_find (keys, id) : NULL;
}

/* The claim NAME when it is an id, else NULL. */
static char *
dup_id (jwt_t *jwt, const char *name)
{
  const char *text = jwt_get_grant (jwt, name);

  return text != NULL && muster_uuid_is_valid (text) ? g_strdup (text) : NULL;
}

static MusterAccessToken *
read_claims (jwt_t *jwt, const char *issuer, gint64 now, GError **error)
{
  g_autoptr (MusterAccessToken) self = g_new0 (MusterAccessToken, 1);

  self->id = dup_id (jwt, "jti");
  self->person_id = dup_id (jwt, "sub");
  self->sign_in_id = dup_id (jwt, "sid");
  self->issued_at = jwt_get_grant_int (jwt, "iat");
  self->expires_at = jwt_get_grant_int (jwt, "exp");
  if (self->id == NULL || self->person_id == NULL || self->sign_in_id == NULL ||
      g_strcmp0 (jwt_get_grant (jwt, "iss"), issuer) != 0 || self->issued_at > now + MAX_AHEAD)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                         "the token is not valid here");
  else if (self->expires_at <= now)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED, "the token has expired");
  else
    return g_steal_pointer (&self);
  return NULL;
}

MusterAccessToken *
muster_access_token_verify (const char    *text,
                            MusterKeyRing *keys,
                            const char    *issuer,
                            gint64         now,
                            GError       **error)
{
  const MusterSigningKey *key = NULL;
  g_autoptr (jwt_t) jwt = NULL;

  g_return_val_if_fail (text != NULL && keys != NULL && issuer != NULL, NULL);

  if (muster_access_token_looks_like (text))
    key = find_key (text, keys);
  /* The algorithm is ours to say: "none", or a public key taken for a secret, is not asked. */
  if (key == NULL || jwt_decode (&jwt, text, key->secret, sizeof key->secret) != 0 ||
      jwt_get_alg (jwt) != JWT_ALG_HS256)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                           "the token is not valid here");
      return NULL;
    }
  return read_claims (jwt, issuer, now, error);
}
