/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-secret"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "muster-secret.h"

char *
muster_secret_format (const char *text, int *cursor)
{
  GString *formatted = g_string_new (NULL);
  unsigned count = 0;
  int      position = 0, place = 0;

  for (const char *p = text; *p != '\0' && count < MUSTER_SECRET_LENGTH;
       p = g_utf8_next_char (p), position++)
    {
      int digit = muster_label_secret_read_character (g_utf8_get_char (p));

      if (digit >= 0)
        {
          if (count > 0 && count % 4 == 0)
            g_string_append_c (formatted, '-');
          g_string_append_c (formatted, MUSTER_LABEL_ALPHABET[digit]);
          count++;
        }
      if (position < *cursor)
        place = formatted->len;
    }
  *cursor = place;
  return g_string_free_and_steal (formatted);
}

unsigned
muster_secret_count (const char *text)
{
  unsigned count = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    count += muster_label_secret_read_character (g_utf8_get_char (p)) >= 0;
  return count;
}

MusterSecretState
muster_secret_check (const char *text)
{
  guint8   secret[MUSTER_LABEL_SECRET_LENGTH];
  gboolean right;

  if (muster_secret_count (text) < MUSTER_SECRET_LENGTH)
    return MUSTER_SECRET_INCOMPLETE;
  right = muster_label_secret_parse (text, secret, NULL);
  sodium_memzero (secret, sizeof secret);
  return right ? MUSTER_SECRET_RIGHT : MUSTER_SECRET_WRONG;
}
