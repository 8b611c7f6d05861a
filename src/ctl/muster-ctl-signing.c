/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-signing"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/muster-api-signing.h"
#include "muster-ctl-collection.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-firmware.h"
#include "muster-ctl-session.h"

static const MusterCtlColumn columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                           { N_ ("PLACE"), 0 },
                                           { N_ ("NUMBER"), 0 },
                                           { N_ ("PUBLIC KEY"), 0 },
                                           { N_ ("ID"), 0 },
                                           { NULL, 0 } };
static const char *const     fields[] = {
  "name", "status", "place", "key_id", "public_key", "id", NULL
};
static const char *const key_names[] = { "name", "key_id", NULL };

static const MusterCtlCollection keys = {
  &muster_signing_key_info, columns, fields, "-id", key_names, N_ ("No signing keys."),
};

static gboolean
show (MusterCtl *ctl, DexFuture *future, GError **error)
{
  return muster_ctl_show_entity (ctl, dex_await_object (future, error));
}

static void
forget (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

/* --- keys --- */

/* `create NAME`, or `create NAME FILE` with the seed of a key made elsewhere. */
static gboolean
create (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  char    *passphrase = NULL, *seed = NULL;
  gboolean created = FALSE;

  if (rest[1] == NULL || g_file_get_contents (rest[1], &seed, NULL, error))
    passphrase = muster_ctl_read_secret (_ ("Passphrase for the key:"), error);
  if (seed != NULL)
    g_strstrip (seed);
  if (passphrase != NULL)
    created =
      show (ctl, muster_api_signing_keys_create (ctl->client, rest[0], passphrase, seed), error);
  forget (&passphrase);
  forget (&seed);
  return created;
}

/* One that the token holds which the URI names. */
static gboolean
add_token (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  char    *pin = muster_ctl_read_secret (_ ("PIN of the token:"), error);
  gboolean added = FALSE;

  if (pin != NULL)
    added =
      show (ctl, muster_api_signing_keys_add_token (ctl->client, rest[0], rest[1], pin), error);
  forget (&pin);
  return added;
}

/* The public half stands in a file, as muster-image writes it; or a certificate does. */
static gboolean
trust (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (rest[1], &text, NULL, error))
    return FALSE;
  g_strstrip (text);
  return show (ctl,
               strstr (text, "-----BEGIN CERTIFICATE-----") != NULL
                 ? muster_api_signing_keys_trust_certificate (ctl->client, rest[0], text)
                 : muster_api_signing_keys_trust (ctl->client, rest[0], text),
               error);
}

/* `rotate KEY NAME`, or `rotate KEY NAME URI` to one in a token. */
static gboolean
rotate (MusterCtl *ctl, MusterEntity *key, char **rest, GError **error)
{
  char *passphrase = muster_ctl_read_secret (muster_entity_is_null (key, "token_uri")
                                               ? _ ("Passphrase of the old key:")
                                               : _ ("PIN of the old key’s token:"),
                                             error);
  char *new_passphrase =
    passphrase != NULL
      ? muster_ctl_read_secret (rest[1] == NULL ? _ ("Passphrase for the new key:")
                                                : _ ("PIN of the new key’s token:"),
                                error)
      : NULL;
  gboolean rotated = FALSE;

  if (new_passphrase != NULL)
    rotated = show (ctl,
                    muster_api_signing_keys_rotate (ctl->client, muster_entity_get_id (key),
                                                    passphrase, rest[0], new_passphrase, rest[1]),
                    error);
  forget (&passphrase);
  forget (&new_passphrase);
  return rotated;
}

static gboolean
revoke_key (MusterCtl *ctl, MusterEntity *key, char **rest, GError **error)
{
  return show (ctl,
               muster_api_signing_keys_revoke (ctl->client, muster_entity_get_id (key), rest[0]),
               error);
}

gboolean
muster_ctl_signing_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  static const MusterCtlVerb verbs[] = {
    { "create", FALSE, 1, 2, create },    { "token", FALSE, 2, 2, add_token },
    { "trust", FALSE, 2, 2, trust },      { "rotate", TRUE, 1, 2, rotate },
    { "revoke", TRUE, 0, 1, revoke_key }, { NULL }
  };

  return muster_ctl_collection_run (&keys, verbs, ctl, command, args, error);
}

/* --- signing --- */

gboolean
muster_ctl_sign_firmware (MusterCtl *ctl, MusterEntity *artifact, char **rest, GError **error)
{
  g_autoptr (MusterEntity) first = muster_ctl_collection_find (&keys, ctl, rest[0], error);
  g_autoptr (MusterEntity) second = first != NULL && rest[1] != NULL
                                     ? muster_ctl_collection_find (&keys, ctl, rest[1], error)
                                     : NULL;
  char    *passphrase = NULL, *second_passphrase = NULL;
  gboolean signed_now = FALSE;

  if (first == NULL || (rest[1] != NULL && second == NULL))
    return FALSE;
  passphrase = muster_ctl_read_secret (_ ("Passphrase of the key, or PIN of its token:"), error);
  if (passphrase != NULL && second != NULL)
    second_passphrase =
      muster_ctl_read_secret (_ ("Passphrase of the second key, or PIN of its token:"), error);
  if (passphrase != NULL && (second == NULL || second_passphrase != NULL))
    signed_now =
      show (ctl,
            muster_api_firmware_sign (ctl->client, muster_entity_get_id (artifact),
                                      muster_entity_get_id (first), passphrase,
                                      second != NULL ? muster_entity_get_id (second) : NULL,
                                      second_passphrase),
            error);
  forget (&passphrase);
  forget (&second_passphrase);
  return signed_now;
}
