/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-number"

#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "muster-number.h"

/* More digits than this are not exact in a double. */
#define IN_FULL 1e15

static void
append_exponent (GString *text, int exponent)
{
  static const char *const raised[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  g_autofree char         *digits = g_strdup_printf ("%d", abs (exponent));

  g_string_append (text, exponent < 0 ? "×10⁻" : "×10");
  for (const char *digit = digits; *digit != '\0'; digit++)
    g_string_append (text, raised[*digit - '0']);
}

char *
muster_number_format (double value, int digits)
{
  g_autofree char *plain = g_strdup_printf ("%.*g", digits, value);
  char            *mark = strchr (plain, 'e');
  g_autoptr (GString) text = NULL;

  if (mark == NULL)
    return g_steal_pointer (&plain);
  if (fabs (value) >= 1 && fabs (value) < IN_FULL)
    return g_strdup_printf ("%.0f", value);
  text = g_string_new_len (plain, mark - plain);
  append_exponent (text, (int)strtol (mark + 1, NULL, 10));
  return g_string_free_and_steal (g_steal_pointer (&text));
}
