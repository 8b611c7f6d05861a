/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-size-text"

#include "config.h"

#include <math.h>

#include "muster-size-text.h"

typedef struct
{
  const char *name;
  gint64      n; /* bytes */
} Unit;

/* The greatest first; of powers of ten and of two, whichever is without a rest. */
static const Unit units[] = {
  { "TB", G_GINT64_CONSTANT (1000000000000) },
  { "TiB", G_GINT64_CONSTANT (1) << 40 },
  { "GB", 1000000000 },
  { "GiB", 1 << 30 },
  { "MB", 1000000 },
  { "MiB", 1 << 20 },
  { "kB", 1000 },
  { "KiB", 1 << 10 },
  { "B", 1 },
};

char *
muster_size_text_format (gint64 n)
{
  const Unit *unit = units;

  while (unit->n > 1 && (n == 0 || n % unit->n != 0))
    unit++;
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", n / unit->n, unit->name);
}

gboolean
muster_size_text_parse (const char *text, gint64 *n)
{
  g_autofree char *name = NULL;
  char            *end = NULL;
  double           value;

  g_return_val_if_fail (text != NULL && n != NULL, FALSE);

  value = g_ascii_strtod (text, &end);
  name = g_strstrip (g_strdup (end));
  if (*name == '\0')
    g_set_str (&name, "B");
  for (unsigned i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (name, units[i].name))
      {
        value *= units[i].n;
        if (end == text || !(value >= 0 && value < 0x1p62))
          return FALSE;
        *n = llround (value);
        return TRUE;
      }
  return FALSE;
}
