/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-key-access"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-key-access.h"
#include "muster-sealed-key.h"
#include "muster-token-key.h"

static const char *
get_secret (MusterKeyAccess *self)
{
  return self->secret != NULL ? self->secret : "";
}

/* The public half that was found: whether it may be that. */
static gboolean
take_public (MusterKeyAccess *self, const guint8 public_key[MF_ED25519_KEY_SIZE], GError **error)
{
  if (!self->is_known)
    memcpy (self->public_key, public_key, MF_ED25519_KEY_SIZE);
  else if (memcmp (self->public_key, public_key, MF_ED25519_KEY_SIZE) != 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                           "the token holds another key there now: add that one, and let it follow "
                           "or revoke this one");
      return FALSE;
    }
  return TRUE;
}

static gboolean
sign_by_token (MusterKeyAccess       *self,
               const struct mf_bytes *parts,
               gsize                  n_parts,
               guint8                 signature[MF_ED25519_SIGNATURE_SIZE],
               GError               **error)
{
  const MusterTokenPlace place = { self->token_uri, self->module, get_secret (self),
                                   self->uri_pointer, self->secret_pointer };
  guint8                 public_key[MF_ED25519_KEY_SIZE];
  g_autoptr (MusterTokenKey) token = muster_token_key_open (&place, public_key, error);
  g_autoptr (GByteArray) message = g_byte_array_new ();
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (token == NULL || !take_public (self, public_key, error))
    return FALSE;
  for (gsize i = 0; i < n_parts; i++)
    g_byte_array_append (message, parts[i].data, parts[i].size);
  if (!muster_token_key_sign (token, message->data, message->len, signature, error))
    return FALSE;
  if (!mf_ed25519_verify (signature, public_key, parts, n_parts))
    muster_field_errors_add (errors, self->uri_pointer,
                             "names halves that are no pair: what the private one signs, the "
                             "public one does not check");
  return muster_field_errors_check (errors, error);
}

static gboolean
sign_by_seed (MusterKeyAccess       *self,
              const struct mf_bytes *parts,
              gsize                  n_parts,
              guint8                 signature[MF_ED25519_SIGNATURE_SIZE],
              GError               **error)
{
  guint8   seed[MUSTER_SEED_BYTES];
  gboolean opened = muster_sealed_key_open (self->sealed, get_secret (self), seed, error);

  if (opened)
    {
      mf_ed25519_sign (signature, seed, parts, n_parts);
      mf_ed25519_public_key (self->public_key, seed);
    }
  sodium_memzero (seed, sizeof seed);
  return opened;
}

gboolean
muster_key_access_sign (MusterKeyAccess       *self,
                        const struct mf_bytes *parts,
                        gsize                  n_parts,
                        guint8                 signature[MF_ED25519_SIGNATURE_SIZE],
                        GError               **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GError) reason = NULL;

  g_return_val_if_fail (self != NULL && parts != NULL && signature != NULL, FALSE);
  g_return_val_if_fail (self->sealed != NULL || self->token_uri != NULL, FALSE);

  if (self->token_uri != NULL)
    return sign_by_token (self, parts, n_parts, signature, error);
  if (sign_by_seed (self, parts, n_parts, signature, &reason))
    return TRUE;
  if (!g_error_matches (reason, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  muster_field_errors_add (errors, self->secret_pointer, "is not that of the key");
  return muster_field_errors_check_as (errors, MUSTER_ERROR_FORBIDDEN, error);
}

void
muster_key_access_clear (MusterKeyAccess *self)
{
  g_return_if_fail (self != NULL);

  if (self->secret != NULL)
    sodium_memzero (self->secret, strlen (self->secret));
  g_clear_pointer (&self->secret, g_free);
  g_clear_pointer (&self->sealed, g_free);
  g_clear_pointer (&self->token_uri, g_free);
  g_clear_pointer (&self->module, g_free);
}
