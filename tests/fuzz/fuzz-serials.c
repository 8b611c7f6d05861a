/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inventory/muster-serials.h"
#include "model/muster-error.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What people type for serial numbers: it is refused with a reason, or gives a list within its
 * limits in which nothing occurs twice. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) serials = muster_serials_expand (text, size % 2 == 0 ? "A-009" : NULL,
                                                 size % 7 == 0 ? 12 : 0, "/serials", &error);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  unsigned n = serials != NULL ? g_strv_length (serials) : 0;

  if ((serials == NULL) != (error != NULL))
    g_error ("neither serial numbers nor a reason, or both");
  if (error != NULL && !g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_INVALID))
    g_error ("refused as something else: %s", error->message);
  if (serials != NULL && (n == 0 || n > MUSTER_SERIALS_MAX))
    g_error ("%u serial numbers", n);
  for (unsigned i = 0; i < n; i++)
    {
      g_autofree char *next = muster_serials_next (serials[i]);

      if (!g_utf8_validate (serials[i], -1, NULL) || *serials[i] == '\0' ||
          g_utf8_strlen (serials[i], -1) > MUSTER_SERIAL_MAX_LENGTH)
        g_error ("a serial number that cannot be");
      if (!g_hash_table_add (seen, serials[i]))
        g_error ("%s occurs twice", serials[i]);
      if (next != NULL && muster_serials_compare (serials[i], next) >= 0)
        g_error ("%s is not before %s", serials[i], next);
    }
  return 0;
}
