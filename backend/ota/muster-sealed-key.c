/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sealed-key"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-sealed-key.h"

/* Salt, nonce, then the box. */
#define AT_NONCE crypto_pwhash_SALTBYTES
#define AT_BOX (AT_NONCE + crypto_secretbox_NONCEBYTES)
#define SEALED_BYTES (AT_BOX + crypto_secretbox_MACBYTES + MUSTER_SEED_BYTES)

static gboolean
make_key (const char *passphrase, const guint8 *salt, guint8 *key, GError **error)
{
  if (crypto_pwhash (key, crypto_secretbox_KEYBYTES, passphrase, strlen (passphrase), salt,
                     crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                     crypto_pwhash_ALG_ARGON2ID13) == 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
               "the passphrase cannot be worked on: %d MiB of memory are needed for that",
               crypto_pwhash_MEMLIMIT_INTERACTIVE / 1024 / 1024);
  return FALSE;
}

char *
muster_sealed_key_seal (const guint8 seed[MUSTER_SEED_BYTES],
                        const char  *passphrase,
                        GError     **error)
{
  guint8   sealed[SEALED_BYTES];
  guint8   key[crypto_secretbox_KEYBYTES];
  char     text[sodium_base64_ENCODED_LEN (SEALED_BYTES, sodium_base64_VARIANT_ORIGINAL)];
  gboolean made;

  g_return_val_if_fail (seed != NULL && passphrase != NULL, NULL);

  randombytes_buf (sealed, AT_BOX);
  made = make_key (passphrase, sealed, key, error);
  if (made)
    crypto_secretbox_easy (sealed + AT_BOX, seed, MUSTER_SEED_BYTES, sealed + AT_NONCE, key);
  sodium_memzero (key, sizeof key);
  return made ? g_strdup (sodium_bin2base64 (text, sizeof text, sealed, sizeof sealed,
                                             sodium_base64_VARIANT_ORIGINAL))
              : NULL;
}

gboolean
muster_sealed_key_open (const char *sealed,
                        const char *passphrase,
                        guint8      seed[MUSTER_SEED_BYTES],
                        GError    **error)
{
  guint8   bytes[SEALED_BYTES];
  guint8   key[crypto_secretbox_KEYBYTES];
  gsize    length = 0;
  gboolean opened;

  g_return_val_if_fail (sealed != NULL && passphrase != NULL && seed != NULL, FALSE);

  if (sodium_base642bin (bytes, sizeof bytes, sealed, strlen (sealed), NULL, &length, NULL,
                         sodium_base64_VARIANT_ORIGINAL) != 0 ||
      length != SEALED_BYTES)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT,
                           "the sealed key is damaged: restore it from a backup");
      return FALSE;
    }
  if (!make_key (passphrase, bytes, key, error))
    return FALSE;
  opened =
    crypto_secretbox_open_easy (seed, bytes + AT_BOX, crypto_secretbox_MACBYTES + MUSTER_SEED_BYTES,
                                bytes + AT_NONCE, key) == 0;
  sodium_memzero (key, sizeof key);
  if (!opened)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                         "the passphrase is not that of the key");
  return opened;
}
