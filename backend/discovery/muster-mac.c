/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-mac"

#include "config.h"

#include <string.h>

#include "muster-families.h"

#define MAC_DIGITS 12
#define EUI64_DIGITS 16

/* DIGITS of TEXT in lower case, at most MAX; 0 when it has others than digits and ":" or "-"
 * between pairs. */
static gsize
read_digits (const char *text, char *digits, gsize max)
{
  gsize length = 0;

  for (const char *at = text; *at != '\0'; at++)
    {
      if ((*at == ':' || *at == '-') && length > 0 && length % 2 == 0)
        continue;
      if (!g_ascii_isxdigit (*at) || length == max)
        return 0;
      digits[length++] = g_ascii_tolower (*at);
    }
  return length;
}

static gboolean
is_unicast (const char *digits)
{
  gboolean is_zero = strspn (digits, "0") == MAC_DIGITS;

  return !is_zero && (g_ascii_xdigit_value (digits[1]) & 1) == 0;
}

char *
muster_mac_normalize (const char *text)
{
  char  digits[EUI64_DIGITS + 1] = "";
  gsize length;

  g_return_val_if_fail (text != NULL, NULL);

  length = read_digits (text, digits, EUI64_DIGITS);
  if (length == EUI64_DIGITS && strncmp (digits + 6, "fffe", 4) == 0)
    memmove (digits + 6, digits + 10, 7);
  else if (length != MAC_DIGITS)
    return NULL;
  if (!is_unicast (digits))
    return NULL;
  return g_strdup_printf ("%.2s:%.2s:%.2s:%.2s:%.2s:%.2s", digits, digits + 2, digits + 4,
                          digits + 6, digits + 8, digits + 10);
}

char *
muster_mac_from_tail (const char *name)
{
  gsize       length;
  const char *tail;

  g_return_val_if_fail (name != NULL, NULL);

  length = strlen (name);
  if (length < MAC_DIGITS)
    return NULL;
  tail = name + length - MAC_DIGITS;
  if (strspn (tail, "0123456789abcdefABCDEF") != MAC_DIGITS)
    return NULL;
  if (tail > name && g_ascii_isxdigit (tail[-1]))
    return NULL;
  if (length >= 36 && g_uuid_string_is_valid (name + length - 36))
    return NULL;
  return muster_mac_normalize (tail);
}
