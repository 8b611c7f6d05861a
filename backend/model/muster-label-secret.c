/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-label-secret"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "muster-error.h"
#include "muster-label-secret.h"

#define N_SECRET_CHARACTERS 26
#define N_CHECK_CHARACTERS 2
#define N_CHARACTERS (N_SECRET_CHARACTERS + N_CHECK_CHARACTERS)
#define GROUP_LENGTH 4
#define PSK_CONTEXT "muster pairing 1"

static const char alphabet[] = MUSTER_LABEL_ALPHABET;

G_STATIC_ASSERT (N_CHARACTERS + N_CHARACTERS / GROUP_LENGTH - 1 == MUSTER_LABEL_TEXT_LENGTH);

int
muster_label_secret_read_character (gunichar character)
{
  const char *found = NULL;

  if (character == 0 || character > 0x7f)
    return -1;
  character = g_ascii_toupper (character);
  if (character == 'O')
    return 0;
  if (character == 'I' || character == 'L')
    return 1;
  found = strchr (alphabet, character);
  return found != NULL ? (int)(found - alphabet) : -1;
}

static void
encode_characters (const guint8 *secret, guint8 values[N_CHARACTERS])
{
  guint8   digest[crypto_generichash_BYTES_MAX];
  unsigned buffer = 0, bits = 0, n = 0;

  for (unsigned i = 0; i < MUSTER_LABEL_SECRET_LENGTH; i++)
    {
      buffer = (buffer << 8 | secret[i]) & 0xfff;
      bits += 8;
      for (; bits >= 5; bits -= 5)
        values[n++] = buffer >> (bits - 5) & 0x1f;
    }
  values[n++] = buffer << (5 - bits) & 0x1f;
  g_assert (n == N_SECRET_CHARACTERS);
  crypto_generichash (digest, sizeof digest, secret, MUSTER_LABEL_SECRET_LENGTH, NULL, 0);
  values[n++] = digest[0] >> 3;
  values[n++] = (digest[0] << 2 | digest[1] >> 6) & 0x1f;
}

static void
decode_characters (const guint8 values[N_CHARACTERS], guint8 *secret)
{
  unsigned buffer = 0, bits = 0, n = 0;

  for (unsigned i = 0; i < N_SECRET_CHARACTERS; i++)
    {
      buffer = (buffer << 5 | values[i]) & 0xfff;
      bits += 5;
      if (bits < 8)
        continue;
      bits -= 8;
      secret[n++] = buffer >> bits & 0xff;
    }
}

static gboolean
refuse (GError **error, const char *detail)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, "/secret", "%s", detail);
  return muster_field_errors_check (errors, error);
}

/* Fills VALUES; returns how many characters count, or -1 with ERROR. */
static int
read_characters (const char *text, guint8 values[N_CHARACTERS], GError **error)
{
  int n = 0, position = 1;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p), position++)
    {
      gunichar character = g_utf8_get_char (p);
      int      value = muster_label_secret_read_character (character);

      if (character == '-' || g_ascii_isspace (*p))
        continue;
      if (value < 0)
        {
          g_autofree char *detail = g_strdup_printf (
            "must not have “%.*s” (character %d): secrets are made of the digits and the letters without U",
            (int)(g_utf8_next_char (p) - p), p, position);

          refuse (error, detail);
          return -1;
        }
      if (n < N_CHARACTERS)
        values[n] = value;
      n++;
    }
  return n;
}

gboolean
muster_label_secret_parse (const char *text, guint8 *secret, GError **error)
{
  guint8   values[N_CHARACTERS] = { 0 };
  guint8   expected[N_CHARACTERS];
  guint8   bytes[MUSTER_LABEL_SECRET_LENGTH];
  gboolean genuine = FALSE;
  int      n = 0;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (secret != NULL, FALSE);

  if (!g_utf8_validate (text, -1, NULL))
    return refuse (error, "must be text");
  n = read_characters (text, values, error);
  if (n < 0)
    return FALSE;
  if (n != N_CHARACTERS)
    {
      g_autofree char *detail =
        g_strdup_printf ("must have %d characters, has %d", N_CHARACTERS, n);

      return refuse (error, detail);
    }
  decode_characters (values, bytes);
  encode_characters (bytes, expected);
  genuine = sodium_memcmp (values, expected, N_CHARACTERS) == 0;
  if (genuine)
    memcpy (secret, bytes, sizeof bytes);
  sodium_memzero (values, sizeof values);
  sodium_memzero (expected, sizeof expected);
  sodium_memzero (bytes, sizeof bytes);
  return genuine ||
         refuse (
           error,
           "has a typing error: its check characters do not match; compare it with the label");
}

char *
muster_label_secret_format (const guint8 *secret)
{
  guint8 values[N_CHARACTERS];
  char  *text = NULL, *end = NULL;

  g_return_val_if_fail (secret != NULL, NULL);

  text = end = g_malloc (MUSTER_LABEL_TEXT_LENGTH + 1);
  encode_characters (secret, values);
  for (unsigned i = 0; i < N_CHARACTERS; i++)
    {
      if (i > 0 && i % GROUP_LENGTH == 0)
        *end++ = '-';
      *end++ = alphabet[values[i]];
    }
  *end = '\0';
  sodium_memzero (values, sizeof values);
  return text;
}

void
muster_label_secret_generate (guint8 *secret)
{
  g_return_if_fail (secret != NULL);

  randombytes_buf (secret, MUSTER_LABEL_SECRET_LENGTH);
}

void
muster_label_secret_derive_psk (const guint8 *secret, guint8 *psk)
{
  g_return_if_fail (secret != NULL);
  g_return_if_fail (psk != NULL);

  crypto_generichash (psk, MUSTER_LABEL_PSK_LENGTH, secret, MUSTER_LABEL_SECRET_LENGTH,
                      (const guint8 *)PSK_CONTEXT, strlen (PSK_CONTEXT));
}
