/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-refresh-token"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-uuid.h"
#include "muster-refresh-token.h"

#define ID_LENGTH 16
#define RANDOM_LENGTH 32
#define MARK_LENGTH 16
#define LENGTH (ID_LENGTH + RANDOM_LENGTH + MARK_LENGTH)
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define TEXT_SIZE sodium_base64_ENCODED_LEN (LENGTH, VARIANT)

static void
make_mark (MusterKeyRing *keys, const guint8 *bytes, guint8 *mark)
{
  crypto_generichash (mark, MARK_LENGTH, bytes, ID_LENGTH + RANDOM_LENGTH,
                      muster_key_ring_get_secret (keys, MUSTER_KEY_REFRESH), MUSTER_KEY_LENGTH);
}

char *
muster_refresh_token_make (MusterKeyRing *keys, const char *sign_in_id)
{
  guint8 bytes[LENGTH];
  char   text[TEXT_SIZE];
  gsize  length = 0;

  g_return_val_if_fail (keys != NULL, NULL);
  g_return_val_if_fail (sign_in_id != NULL && muster_uuid_is_valid (sign_in_id), NULL);

  sodium_hex2bin (bytes, ID_LENGTH, sign_in_id, strlen (sign_in_id), "-", &length, NULL);
  randombytes_buf (bytes + ID_LENGTH, RANDOM_LENGTH);
  make_mark (keys, bytes, bytes + ID_LENGTH + RANDOM_LENGTH);
  sodium_bin2base64 (text, sizeof text, bytes, sizeof bytes, VARIANT);
  sodium_memzero (bytes, sizeof bytes);
  return g_strconcat (MUSTER_REFRESH_TOKEN_PREFIX, text, NULL);
}

static char *
format_id (const guint8 *bytes)
{
  char hex[2 * ID_LENGTH + 1];

  sodium_bin2hex (hex, sizeof hex, bytes, ID_LENGTH);
  return g_strdup_printf ("%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

char *
muster_refresh_token_parse (MusterKeyRing *keys, const char *text)
{
  guint8 bytes[LENGTH];
  guint8 mark[MARK_LENGTH];
  gsize  length = 0;
  char  *id = NULL;

  g_return_val_if_fail (keys != NULL && text != NULL, NULL);

  if (!g_str_has_prefix (text, MUSTER_REFRESH_TOKEN_PREFIX) ||
      strnlen (text, TEXT_SIZE + 8) != strlen (MUSTER_REFRESH_TOKEN_PREFIX) + TEXT_SIZE - 1)
    return NULL;
  text += strlen (MUSTER_REFRESH_TOKEN_PREFIX);
  if (sodium_base642bin (bytes, sizeof bytes, text, strlen (text), NULL, &length, NULL, VARIANT) !=
        0 ||
      length != LENGTH)
    return NULL;
  make_mark (keys, bytes, mark);
  if (sodium_memcmp (mark, bytes + ID_LENGTH + RANDOM_LENGTH, MARK_LENGTH) == 0)
    id = format_id (bytes);
  sodium_memzero (bytes, sizeof bytes);
  return id;
}

char *
muster_secret_hash (const char *text)
{
  return muster_secret_hash_keyed (text, NULL);
}

char *
muster_secret_hash_keyed (const char *text, const guint8 *key)
{
  guint8 hash[32];
  char   hex[2 * sizeof hash + 1];

  g_return_val_if_fail (text != NULL, NULL);

  crypto_generichash (hash, sizeof hash, (const guint8 *)text, strlen (text), key,
                      key != NULL ? MUSTER_KEY_LENGTH : 0);
  return g_strdup (sodium_bin2hex (hex, sizeof hex, hash, sizeof hash));
}
