/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-json"

#include "config.h"

#include <math.h>

#include "muster-entity.h"

static void
append_escape (GString *json, unsigned char c)
{
  switch (c)
    {
    case '"':
      g_string_append (json, "\\\"");
      break;
    case '\\':
      g_string_append (json, "\\\\");
      break;
    case '\n':
      g_string_append (json, "\\n");
      break;
    case '\r':
      g_string_append (json, "\\r");
      break;
    case '\t':
      g_string_append (json, "\\t");
      break;
    default:
      g_string_append_printf (json, "\\u%04x", c);
    }
}

void
muster_json_append_string (GString *json, const char *text, gssize length)
{
  g_autofree char *valid = NULL;
  gsize            n;
  const char      *run;

  g_return_if_fail (json != NULL && text != NULL);

  n = length < 0 ? strlen (text) : (gsize)length;
  if (!g_utf8_validate_len (text, n, NULL))
    {
      valid = g_utf8_make_valid (text, n);
      text = valid;
      n = strlen (text);
    }
  g_string_append_c (json, '"');
  run = text;
  for (const char *p = text; p < text + n; p++)
    if ((unsigned char)*p < 0x20 || *p == '"' || *p == '\\' || *p == 0x7f)
      {
        g_string_append_len (json, run, p - run);
        append_escape (json, *p);
        run = p + 1;
      }
  g_string_append_len (json, run, text + n - run);
  g_string_append_c (json, '"');
}

char *
muster_json_pointer_append (const char *pointer, const char *name)
{
  GString *text;

  g_return_val_if_fail (pointer != NULL && name != NULL, NULL);

  text = g_string_new (pointer);
  g_string_append_c (text, '/');
  for (const char *p = name; *p != '\0'; p++)
    if (*p == '~' || *p == '/')
      g_string_append (text, *p == '~' ? "~0" : "~1");
    else
      g_string_append_c (text, *p);
  return g_string_free (text, FALSE);
}

/* Backwards from END; returns where it begins. */
static char *
put_digits (char *end, guint64 value)
{
  do
    *--end = (char)('0' + value % 10);
  while ((value /= 10) > 0);
  return end;
}

void
muster_json_append_integer (GString *json, gint64 value)
{
  char  buffer[24];
  char *end = buffer + sizeof buffer;
  char *start = put_digits (end, value < 0 ? 0 - (guint64)value : (guint64)value);

  g_return_if_fail (json != NULL);

  if (value < 0)
    *--start = '-';
  g_string_append_len (json, start, end - start);
}

/* FALSE unless VALUE is the double next to a number of at most 15 digits, some of which are
 * decimals. That division of two exact doubles is rounded right is what makes it so. */
static gboolean
append_decimal (GString *json, double value)
{
  static const double powers[] = { 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };
  const double        size = fabs (value);

  for (unsigned i = 0; i < G_N_ELEMENTS (powers); i++)
    {
      double  scaled = nearbyint (size * powers[i]);
      char    buffer[32];
      char   *end = buffer + sizeof buffer, *start;
      guint64 digits;

      if (scaled >= 1e15)
        return FALSE;
      if (scaled / powers[i] != size)
        continue;
      digits = (guint64)scaled;
      start = end;
      for (unsigned k = 0; k <= i; k++, digits /= 10)
        *--start = (char)('0' + digits % 10);
      *--start = '.';
      start = put_digits (start, digits);
      if (value < 0)
        *--start = '-';
      g_string_append_len (json, start, end - start);
      return TRUE;
    }
  return FALSE;
}

void
muster_json_append_double (GString *json, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_if_fail (json != NULL && isfinite (value));

  /* Whole numbers and short decimals are by far the most frequent. */
  if (value == floor (value) && fabs (value) < 1e15)
    {
      muster_json_append_integer (json, (gint64)value);
      return;
    }
  if (append_decimal (json, value))
    return;
  /* Few digits are tried before the 17 that always do. */
  for (int digits = 15; digits <= 17; digits++)
    {
      const char *formats[] = { "%.15g", "%.16g", "%.17g" };

      g_ascii_formatd (buffer, sizeof buffer, formats[digits - 15], value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  g_string_append (json, buffer);
}
