/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-secret"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "muster-secret.h"

#define SECRET_SIZE 16
#define DATA_LENGTH 26 /* characters; the rest are check characters */

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* The value of a character as people read it (O is 0, I and L are 1), or -1. */
static int
get_digit (char character)
{
  char        upper = g_ascii_toupper (character);
  const char *found;

  if (upper == 'O')
    upper = '0';
  else if (upper == 'I' || upper == 'L')
    upper = '1';
  found = upper != '\0' ? strchr (alphabet, upper) : NULL;
  return found != NULL ? (int)(found - alphabet) : -1;
}

char *
muster_secret_format (const char *text, int *cursor)
{
  GString *formatted = g_string_new (NULL);
  unsigned count = 0;
  int      position = 0, place = 0;

  for (const char *p = text; *p != '\0' && count < MUSTER_SECRET_LENGTH;
       p = g_utf8_next_char (p), position++)
    {
      int digit = get_digit (*p);

      if (digit >= 0)
        {
          if (count > 0 && count % 4 == 0)
            g_string_append_c (formatted, '-');
          g_string_append_c (formatted, alphabet[digit]);
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

  for (const char *p = text; *p != '\0'; p++)
    count += get_digit (*p) >= 0;
  return count;
}

MusterSecretState
muster_secret_check (const char *text)
{
  guint8   secret[SECRET_SIZE + 1] = { 0 }; /* one more for the spare bits of the last character */
  guint8   hash[64];
  unsigned digits[MUSTER_SECRET_LENGTH];
  unsigned count = 0, check;

  for (const char *p = text; *p != '\0'; p++)
    {
      int digit = get_digit (*p);

      if (digit >= 0 && count < MUSTER_SECRET_LENGTH)
        digits[count++] = digit;
    }
  if (count < MUSTER_SECRET_LENGTH)
    return MUSTER_SECRET_INCOMPLETE;
  for (unsigned bit = 0; bit < DATA_LENGTH * 5; bit++)
    if ((digits[bit / 5] >> (4 - bit % 5) & 1) != 0)
      secret[bit / 8] |= 0x80 >> bit % 8;
  crypto_generichash (hash, sizeof hash, secret, SECRET_SIZE, NULL, 0);
  check = (hash[0] << 8 | hash[1]) >> 6;
  sodium_memzero (secret, SECRET_SIZE);
  if (secret[SECRET_SIZE] != 0 || digits[DATA_LENGTH] != check >> 5 ||
      digits[DATA_LENGTH + 1] != (check & 31))
    return MUSTER_SECRET_WRONG;
  return MUSTER_SECRET_RIGHT;
}
