/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-format"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "model/muster-number.h"
#include "muster-format.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

char *
muster_format_age (gint64 time, gint64 now)
{
  gint64 seconds = MAX (now - time, 0) / G_USEC_PER_SEC;

  if (seconds < 2)
    return g_strdup (_ ("just now"));
  if (seconds < 2 * MINUTE)
    return g_strdup_printf (_ ("%d s ago"), (int)seconds);
  if (seconds < 2 * HOUR)
    return g_strdup_printf (_ ("%d min ago"), (int)(seconds / MINUTE));
  if (seconds < 2 * DAY)
    return g_strdup_printf (_ ("%d h ago"), (int)(seconds / HOUR));
  return g_strdup_printf (ngettext ("%d day ago", "%d days ago", seconds / DAY),
                          (int)(seconds / DAY));
}

unsigned
muster_format_age_lifetime (gint64 time, gint64 now)
{
  gint64 seconds = MAX (now - time, 0) / G_USEC_PER_SEC;

  if (seconds < 2 * MINUTE)
    return 1;
  if (seconds < 2 * HOUR)
    return MINUTE - seconds % MINUTE;
  return HOUR - seconds % HOUR;
}

static GDateTime *
in_zone (gint64 time, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (time);

  return utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
}

char *
muster_format_time (gint64 time, GTimeZone *zone)
{
  g_autoptr (GDateTime) date = in_zone (time, zone);

  /* Translators: a date and time for g_date_time_format(), with the time zone. */
  return date != NULL ? g_date_time_format (date, _ ("%a %-e %b %Y, %H:%M:%S %Z")) : g_strdup ("");
}

char *
muster_format_short_time (gint64 time, gint64 now, GTimeZone *zone)
{
  g_autoptr (GDateTime) date = in_zone (time, zone);
  g_autoptr (GDateTime) today = in_zone (now, zone);

  if (date == NULL || today == NULL)
    return g_strdup ("");
  if (g_date_time_get_year (date) != g_date_time_get_year (today))
    return g_date_time_format (date, _ ("%-e %b %Y"));
  if (g_date_time_get_day_of_year (date) != g_date_time_get_day_of_year (today))
    return g_date_time_format (date, _ ("%-e %b, %H:%M"));
  return g_date_time_format (date, _ ("%H:%M"));
}

char *
muster_format_moment (gint64 time, gint64 now, GTimeZone *zone)
{
  g_autoptr (GDateTime) date = in_zone (time, zone);
  g_autoptr (GDateTime) today = in_zone (now, zone);

  if (date == NULL || today == NULL ||
      g_date_time_get_year (date) != g_date_time_get_year (today) ||
      g_date_time_get_day_of_year (date) != g_date_time_get_day_of_year (today))
    return muster_format_short_time (time, now, zone);
  return g_date_time_format (date, _ ("%H:%M:%S"));
}

char *
muster_format_span (gint64 span)
{
  gint64 seconds = span / G_USEC_PER_SEC;

  if (seconds < MINUTE)
    return g_strdup_printf (_ ("%d s"), (int)seconds);
  if (seconds < HOUR)
    return g_strdup_printf (_ ("%d min"), (int)(seconds / MINUTE));
  if (seconds < 2 * DAY)
    return g_strdup_printf (_ ("%d h"), (int)(seconds / HOUR));
  return g_strdup_printf (ngettext ("%d day", "%d days", seconds / DAY), (int)(seconds / DAY));
}

char *
muster_format_number (double value)
{
  double magnitude = fabs (value);

  if (!isfinite (value))
    return g_strdup ("–");
  if (magnitude != 0 && (magnitude >= 1e9 || magnitude < 1e-4))
    return muster_number_format (value, 4);
  if (value == floor (value))
    return g_strdup_printf ("%.0f", value);
  return g_strdup_printf ("%.*f", magnitude >= 1000 ? 1 : magnitude >= 1 ? 2 : 4, value);
}

char *
muster_format_sentence (const char *message)
{
  char buffer[7] = { 0 };

  g_return_val_if_fail (message != NULL, NULL);

  if (*message == '\0' || !g_utf8_validate (message, -1, NULL))
    return g_strdup (message);
  g_unichar_to_utf8 (g_unichar_totitle (g_utf8_get_char (message)), buffer);
  return g_strconcat (buffer, g_utf8_next_char (message), NULL);
}
