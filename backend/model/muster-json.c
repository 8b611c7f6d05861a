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

void
muster_json_append_double (GString *json, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_if_fail (json != NULL && isfinite (value));

  /* Whole numbers and short decimals are by far the most frequent: try few digits before the 17
   * that always do. */
  if (value == floor (value) && fabs (value) < 1e15)
    {
      g_string_append_printf (json, "%" G_GINT64_FORMAT, (gint64)value);
      return;
    }
  for (int digits = 15; digits <= 17; digits++)
    {
      const char *formats[] = { "%.15g", "%.16g", "%.17g" };

      g_ascii_formatd (buffer, sizeof buffer, formats[digits - 15], value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  g_string_append (json, buffer);
}
