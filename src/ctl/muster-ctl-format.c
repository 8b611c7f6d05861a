/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-format"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "muster-ctl-format.h"

#include "model/muster-time.h"

#define REPLACEMENT 0xFFFD
#define LONGEST_DURATION (G_GINT64_CONSTANT (36525) * 24 * 3600 * G_USEC_PER_SEC)

static unsigned
get_char_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

unsigned
muster_ctl_text_get_width (const char *text)
{
  unsigned width = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    width += get_char_width (g_utf8_get_char (at));
  return width;
}

char *
muster_ctl_text_elide (const char *text, unsigned width)
{
  unsigned    taken = 0;
  const char *end = text;

  if (width == 0)
    return g_strdup ("");
  if (muster_ctl_text_get_width (text) <= width)
    return g_strdup (text);
  while (taken + get_char_width (g_utf8_get_char (end)) < width)
    {
      taken += get_char_width (g_utf8_get_char (end));
      end = g_utf8_next_char (end);
    }
  return g_strdup_printf ("%.*s…", (int)(end - text), text);
}

char *
muster_ctl_format_line (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString         *line = g_string_sized_new (strlen (valid));

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '\n' || c == '\t')
        c = ' ';
      g_string_append_unichar (line, g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT
                                       ? REPLACEMENT
                                       : c);
    }
  return g_string_free (line, FALSE);
}

char *
muster_ctl_format_age (gint64 time, gint64 now)
{
  gint64 seconds = (now - time) / G_USEC_PER_SEC;
  gint64 ahead = -seconds;

  if (seconds >= 86400)
    return g_strdup_printf (_ ("%" PRId64 " d ago"), seconds / 86400);
  if (seconds >= 3600)
    return g_strdup_printf (_ ("%" PRId64 " h ago"), seconds / 3600);
  if (seconds >= 60)
    return g_strdup_printf (_ ("%" PRId64 " min ago"), seconds / 60);
  if (seconds >= 1)
    return g_strdup_printf (_ ("%" PRId64 " s ago"), seconds);
  if (ahead >= 3600)
    return g_strdup_printf (_ ("in %" PRId64 " h"), ahead / 3600);
  if (ahead >= 1)
    return g_strdup_printf (_ ("in %" PRId64 " s"), ahead);
  return g_strdup (_ ("now"));
}

char *
muster_ctl_format_size (gint64 bytes)
{
  return g_format_size (MAX (bytes, 0));
}

char *
muster_ctl_format_time (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (time);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S") : g_strdup ("?");
}

gint64
muster_ctl_parse_duration (const char *text)
{
  static const struct
  {
    const char *suffix;
    gint64      usec;
  } units[] = {
    { "ms", 1000 },
    { "s", G_USEC_PER_SEC },
    { "m", 60 * G_USEC_PER_SEC },
    { "min", 60 * G_USEC_PER_SEC },
    { "h", 3600 * (gint64)G_USEC_PER_SEC },
    { "d", 24 * 3600 * (gint64)G_USEC_PER_SEC },
  };
  char  *end;
  double number;

  if (!g_ascii_isdigit (*text))
    return -1;
  number = g_ascii_strtod (text, &end);
  for (unsigned i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (end, units[i].suffix) && number * units[i].usec <= LONGEST_DURATION)
      return (gint64)(number * units[i].usec);
  return -1;
}

gboolean
muster_ctl_parse_time (const char *text,
                       const char *option,
                       gint64      now,
                       gint64     *time,
                       GError    **error)
{
  gint64 before = muster_ctl_parse_duration (text);

  *time = now;
  if (g_str_equal (text, "now") || muster_time_parse (text, time))
    return TRUE;
  *time = MAX (now - before, 0);
  if (before >= 0)
    return TRUE;
  g_set_error (
    error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
    _ ("%s: “%s” is no time; give 2026-01-31T08:00:00Z, now, or so long ago: 90s, 15m, 2h, 7d"),
    option, text);
  return FALSE;
}
