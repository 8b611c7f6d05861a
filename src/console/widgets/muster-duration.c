/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-duration"

#include "config.h"

#include <string.h>

#include "muster-duration.h"

/* Symbols of the SI and those accepted for use with it: the same in every language. The first of
 * each length is what is written. */
static const struct
{
  const char *symbol;
  gint64      seconds;
  gboolean    written;
} units[] = {
  { "d", 86400, TRUE }, { "h", 3600, TRUE }, { "min", 60, TRUE }, { "s", 1, TRUE },
  { "w", 604800 },      { "week", 604800 },  { "weeks", 604800 }, { "day", 86400 },
  { "days", 86400 },    { "hour", 3600 },    { "hours", 3600 },   { "hrs", 3600 },
  { "m", 60 },          { "mins", 60 },      { "minute", 60 },    { "minutes", 60 },
  { "sec", 1 },         { "second", 1 },     { "seconds", 1 },
};

/* Far more than any field takes, and far from where a sum would overflow. */
#define MAX_SECONDS (G_GINT64_CONSTANT (100) * 366 * 86400)

static gint64
find_unit (const char *text, gsize length)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (units); i++)
    if (strlen (units[i].symbol) == length &&
        g_ascii_strncasecmp (units[i].symbol, text, length) == 0)
      return units[i].seconds;
  return 0;
}

static const char *
skip_space (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;
  return text;
}

/* One number with its unit at *TEXT, which is moved behind it; -1: there is none. */
static gint64
parse_part (const char **text, gboolean alone)
{
  char       *end = NULL;
  double      number = g_ascii_strtod (*text, &end);
  const char *unit = skip_space (end);
  const char *behind = unit;
  gint64      seconds;

  if (end == *text || !(number >= 0 && number <= MAX_SECONDS))
    return -1;
  while (g_ascii_isalpha (*behind))
    behind++;
  *text = skip_space (behind);
  if (behind == unit)
    return alone && *behind == '\0' ? (gint64)(number + 0.5) : -1;
  seconds = find_unit (unit, behind - unit);
  return seconds > 0 ? (gint64)(number * seconds + 0.5) : -1;
}

gboolean
muster_duration_parse (const char *text, gint64 *seconds)
{
  gint64   sum = 0;
  gboolean first = TRUE;

  g_return_val_if_fail (text != NULL && seconds != NULL, FALSE);

  for (text = skip_space (text); *text != '\0'; first = FALSE)
    {
      gint64 part = g_ascii_isdigit (*text) || *text == '.' ? parse_part (&text, first) : -1;

      if (part < 0 || part > MAX_SECONDS - sum)
        return FALSE;
      sum += part;
    }
  if (first)
    return FALSE;
  *seconds = sum;
  return TRUE;
}

char *
muster_duration_format (gint64 seconds)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (seconds >= 0, NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (units); i++)
    {
      gint64 count = units[i].written ? seconds / units[i].seconds : 0;

      if (count == 0)
        continue;
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT " %s", text->len > 0 ? " " : "", count,
                              units[i].symbol);
      seconds -= count * units[i].seconds;
    }
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : g_strdup ("0 s");
}
