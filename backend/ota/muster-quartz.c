/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-quartz"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-quartz.h"

#define SECONDS_A_DAY (24 * 3600)
#define SUNDAY 1
#define SATURDAY 7
#define DAYS_BEFORE_LAST_MAX 30

typedef enum
{
  FIELD_SECONDS,
  FIELD_MINUTES,
  FIELD_HOURS,
  FIELD_DAYS,
  FIELD_MONTHS,
  FIELD_WEEKDAYS,
  FIELD_YEARS,
  N_FIELDS
} Field;

static const char *const month_names[] = { "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL",
                                           "AUG", "SEP", "OCT", "NOV", "DEC", NULL };
static const char *const day_names[] = { "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", NULL };

static const struct
{
  const char        *name;
  int                minimum;
  int                maximum;
  const char *const *names; /* (nullable): for MINIMUM and on */
} fields[] = {
  [FIELD_SECONDS] = { "seconds", 0, 59, NULL },
  [FIELD_MINUTES] = { "minutes", 0, 59, NULL },
  [FIELD_HOURS] = { "hours", 0, 23, NULL },
  [FIELD_DAYS] = { "the day of the month", 1, 31, NULL },
  [FIELD_MONTHS] = { "the month", 1, 12, month_names },
  [FIELD_WEEKDAYS] = { "the day of the week", SUNDAY, SATURDAY, day_names },
  [FIELD_YEARS] = { "the year", MUSTER_QUARTZ_FIRST_YEAR, MUSTER_QUARTZ_LAST_YEAR, NULL },
};

static gboolean
refuse (Field field, const char *text, const char *wanted, GError **error)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "“%s” as %s: %s", text,
               fields[field].name, wanted);
  return FALSE;
}

/* --- reading --- */

/* A number of at most four digits at *AT, which goes behind it. */
static gboolean
take_number (const char **at, int *number)
{
  gsize n_digits = strspn (*at, "0123456789");

  if (n_digits == 0 || n_digits > 4)
    return FALSE;
  *number = (int)g_ascii_strtoll (*at, NULL, 10);
  *at += n_digits;
  return TRUE;
}

/* A value of FIELD, by number or by name. */
static gboolean
take_value (Field field, const char **at, int *value)
{
  for (int i = 0; fields[field].names != NULL && fields[field].names[i] != NULL; i++)
    if (g_ascii_strncasecmp (*at, fields[field].names[i], 3) == 0)
      {
        *value = fields[field].minimum + i;
        *at += 3;
        return TRUE;
      }
  return take_number (at, value) && *value >= fields[field].minimum &&
         *value <= fields[field].maximum;
}

/* Whole words that stand for something else than values. */
static gboolean
is_word (const char *text, const char *word)
{
  return g_ascii_strcasecmp (text, word) == 0;
}

static void
add_value (MusterQuartz *self, Field field, int value)
{
  guint64 *sets[] = { &self->seconds, &self->minutes, &self->hours,
                      &self->days,    &self->months,  &self->weekdays };
  int      year = value - MUSTER_QUARTZ_FIRST_YEAR;

  if (field == FIELD_YEARS)
    self->years[year / 8] |= 1u << year % 8;
  else
    *sets[field] |= G_GUINT64_CONSTANT (1) << value;
}

/* FIRST to LAST; where LAST comes before it, over the end and on from the beginning. */
static void
add_range (MusterQuartz *self, Field field, int first, int last, int step)
{
  int span = fields[field].maximum - fields[field].minimum + 1;
  int length = last >= first ? last - first : last - first + span;

  for (int i = 0; i <= length; i += step)
    add_value (self, field, fields[field].minimum + (first - fields[field].minimum + i) % span);
}

static gboolean
take_step (Field field, const char **at, int *step)
{
  *step = 1;
  if (**at != '/')
    return TRUE;
  (*at)++;
  return take_number (at, step) && *step >= 1 &&
         *step <= fields[field].maximum - fields[field].minimum + 1;
}

/* `*`, `5`, `5-9`, `5/15`, `5-50/15`, `/15`: one between commas. */
static gboolean
read_item (MusterQuartz *self, Field field, const char *item, GError **error)
{
  const char *at = item;
  int         first = fields[field].minimum, last = fields[field].maximum, step;

  if (*at == '*')
    at++;
  else if (*at != '/')
    {
      if (!take_value (field, &at, &first))
        return refuse (field, item, "is no value that it may have", error);
      if (*at == '-' && (at++, !take_value (field, &at, &last)))
        return refuse (field, item, "has no end of its range that it may have", error);
      if (*at == '\0' && strchr (item, '-') == NULL)
        last = first;
    }
  if (field == FIELD_YEARS && last < first)
    return refuse (field, item, "years do not begin anew", error);
  if (!take_step (field, &at, &step) || *at != '\0')
    return refuse (field, item, "must be values, ranges (1-5) or steps (0/15)", error);
  add_range (self, field, first, last, step);
  return TRUE;
}

static gboolean
read_list (MusterQuartz *self, Field field, const char *text, GError **error)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);

  for (char **item = items; *item != NULL; item++)
    {
      if (items[1] != NULL && (strchr (*item, '#') != NULL || is_word (*item, "L") ||
                               is_word (*item, "LW") || g_ascii_strncasecmp (*item, "L-", 2) == 0))
        return refuse (field, text, "L, W and # stand alone, with no commas", error);
      if (!read_item (self, field, *item, error))
        return FALSE;
    }
  return TRUE;
}

/* `L`, `LW`, `L-3`, `L-3W`, `15W`: FALSE: it is none of them. *GOOD: whether it is one as it should
 * be. */
static gboolean
read_special_day (MusterQuartz *self, const char *text, gboolean *good)
{
  const char *at = text;
  int         day = 0;

  *good = FALSE;
  if (*at == 'L' || *at == 'l')
    {
      at++;
      if (*at == '-')
        {
          at++;
          *good = take_number (&at, &day) && day <= DAYS_BEFORE_LAST_MAX;
        }
      else
        *good = TRUE;
      self->before_last = day;
      self->near_last = *at == 'W' || *at == 'w';
      at += self->near_last;
      *good = *good && *at == '\0';
      return TRUE;
    }
  if (!take_number (&at, &day) || (*at != 'W' && *at != 'w'))
    return FALSE;
  self->near = day;
  *good = at[1] == '\0' && day >= 1 && day <= 31;
  return TRUE;
}

/* `L`, `6L`, `FRIL`, `6#3`: likewise. */
static gboolean
read_special_weekday (MusterQuartz *self, const char *text, gboolean *good)
{
  const char *at = text;
  int         day;

  if (is_word (text, "L"))
    {
      add_value (self, FIELD_WEEKDAYS, SATURDAY);
      *good = TRUE;
      return TRUE;
    }
  if (!take_value (FIELD_WEEKDAYS, &at, &day) || (*at != 'L' && *at != 'l' && *at != '#'))
    return FALSE;
  *good = *at != '#' && at[1] == '\0';
  if (*at != '#')
    self->last_weekday = day;
  else
    {
      at++;
      self->nth_weekday = day;
      *good = take_number (&at, &self->nth) && *at == '\0' && self->nth >= 1 && self->nth <= 5;
    }
  return TRUE;
}

static gboolean
read_field (MusterQuartz *self, Field field, const char *text, GError **error)
{
  gboolean good = TRUE;

  if (field == FIELD_DAYS && read_special_day (self, text, &good))
    return good || refuse (field, text, "must be like L, L-3, LW or 15W", error);
  if (field == FIELD_WEEKDAYS && read_special_weekday (self, text, &good))
    return good || refuse (field, text, "must be like L, 6L or 6#3", error);
  return read_list (self, field, text, error);
}

/* Of the two days one is left open. */
static gboolean
read_days (MusterQuartz *self, char **words, GError **error)
{
  gboolean no_day = is_word (words[FIELD_DAYS], "?");
  gboolean no_weekday = is_word (words[FIELD_WEEKDAYS], "?");

  if (no_day == no_weekday)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "one of the day of the month and the day of the week must be “?”, and "
                           "not both");
      return FALSE;
    }
  return no_day ? read_field (self, FIELD_WEEKDAYS, words[FIELD_WEEKDAYS], error)
                : read_field (self, FIELD_DAYS, words[FIELD_DAYS], error);
}

/* Its words, with "*" for years that are left out: (transfer full); NULL with ERROR. */
static char **
split (const char *text, GError **error)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  unsigned n_words = 0;

  if (strlen (text) <= MUSTER_QUARTZ_MAX_LENGTH && g_utf8_validate (text, -1, NULL))
    parts = g_strsplit_set (text, " \t", -1);
  for (char **part = parts; part != NULL && *part != NULL; part++)
    if (**part != '\0')
      {
        g_strv_builder_add (words, *part);
        n_words++;
      }
  if (n_words == FIELD_YEARS)
    g_strv_builder_add (words, "*");
  if (n_words == FIELD_YEARS || n_words == N_FIELDS)
    return g_strv_builder_end (words);
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                       "must have 6 or 7 words: seconds, minutes, hours, day of the month, month, "
                       "day of the week, year");
  return NULL;
}

gboolean
muster_quartz_parse (MusterQuartz *self, const char *text, GError **error)
{
  g_auto (GStrv) words = NULL;

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  *self = (MusterQuartz){ .before_last = -1 };
  words = split (text, error);
  if (words == NULL)
    return FALSE;
  for (Field field = 0; field < N_FIELDS; field++)
    if (field != FIELD_DAYS && field != FIELD_WEEKDAYS &&
        !read_field (self, field, words[field], error))
      return FALSE;
  return read_days (self, words, error);
}

/* --- the days of a month --- */

typedef struct
{
  int n_days;
  int first; /* the weekday of its first day: 1 is Sunday */
} Month;

static Month
get_month (int year, int month)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, month, year);
  return (Month){ g_date_get_days_in_month (month, year), g_date_get_weekday (&date) % 7 + 1 };
}

static int
get_weekday (const Month *month, int day)
{
  return (month->first - 1 + day - 1) % 7 + 1;
}

/* The weekday (Monday to Friday) of the month that is nearest to DAY. */
static int
get_nearest (const Month *month, int day)
{
  int weekday = get_weekday (month, day);

  if (weekday == SATURDAY)
    return day == 1 ? day + 2 : day - 1;
  if (weekday == SUNDAY)
    return day == month->n_days ? day - 2 : day + 1;
  return day;
}

/* The month's day that a special of SELF means; 0: it has none. */
static int
get_special (const MusterQuartz *self, const Month *month)
{
  int last = month->n_days - self->before_last;
  int offset;

  if (self->before_last >= 0)
    return last < 1 ? 0 : self->near_last ? get_nearest (month, last) : last;
  if (self->near > 0)
    return self->near <= month->n_days ? get_nearest (month, self->near) : 0;
  if (self->last_weekday > 0)
    return month->n_days - (get_weekday (month, month->n_days) - self->last_weekday + 7) % 7;
  offset = (self->nth_weekday - month->first + 7) % 7 + 1 + (self->nth - 1) * 7;
  return offset <= month->n_days ? offset : 0;
}

/* Bits 1 << 1 to 1 << 31. */
static guint64
get_days (const MusterQuartz *self, int year, int number)
{
  Month   month = get_month (year, number);
  guint64 days = self->days;
  int     special;

  for (int day = 1; self->weekdays != 0 && day <= month.n_days; day++)
    if (self->weekdays & G_GUINT64_CONSTANT (1) << get_weekday (&month, day))
      days |= G_GUINT64_CONSTANT (1) << day;
  if (days == 0)
    {
      special = get_special (self, &month);
      days = special > 0 ? G_GUINT64_CONSTANT (1) << special : 0;
    }
  return days & ((G_GUINT64_CONSTANT (2) << month.n_days) - 1);
}

/* --- the next time --- */

/* The first of SET from FROM on; -1: none. */
static int
find_from (guint64 set, int from)
{
  guint64 left = from < 64 ? set >> from << from : 0;

  return left != 0 ? __builtin_ctzll (left) : -1;
}

/* The first time of a day from SECOND of it on; -1: none. */
static int
find_time (const MusterQuartz *self, int second)
{
  int hour = find_from (self->hours, second / 3600);
  int minute, rest;

  while (hour >= 0)
    {
      minute = find_from (self->minutes, hour == second / 3600 ? second / 60 % 60 : 0);
      while (minute >= 0)
        {
          rest = find_from (self->seconds, hour * 60 + minute == second / 60 ? second % 60 : 0);
          if (rest >= 0)
            return hour * 3600 + minute * 60 + rest;
          minute = find_from (self->minutes, minute + 1);
        }
      hour = find_from (self->hours, hour + 1);
    }
  return -1;
}

static gboolean
has_year (const MusterQuartz *self, int year)
{
  int index = year - MUSTER_QUARTZ_FIRST_YEAR;

  return self->years[index / 8] & 1u << index % 8;
}

/* Days since 1970-01-01. */
static gint64
count_days (int year, int month, int day)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, day, month, year);
  return (gint64)g_date_get_julian (&date) - 719163;
}

/* The first time of the days from DAY of the month on: the DAY itself from SECOND on. */
static gint64
find_in_month (const MusterQuartz *self, int year, int month, int day, int second)
{
  guint64 days = get_days (self, year, month);

  for (int at = find_from (days, day); at >= 0; at = find_from (days, at + 1))
    {
      int time = find_time (self, at == day ? second : 0);

      if (time >= 0)
        return count_days (year, month, at) * SECONDS_A_DAY + time;
    }
  return -1;
}

gint64
muster_quartz_get_next (const MusterQuartz *self, gint64 after)
{
  gint64 from = MAX (after + 1, 0);
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (from);
  int year, month, day, second;

  g_return_val_if_fail (self != NULL, -1);

  if (date == NULL)
    return -1;
  g_date_time_get_ymd (date, &year, &month, &day);
  second = from % SECONDS_A_DAY;
  for (; year <= MUSTER_QUARTZ_LAST_YEAR; year++, month = 1, day = 1, second = 0)
    for (; has_year (self, year) && month <= 12; month++, day = 1, second = 0)
      {
        gint64 found = -1;

        if (self->months & G_GUINT64_CONSTANT (1) << month)
          found = find_in_month (self, year, month, day, second);
        if (found >= 0)
          return found;
      }
  return -1;
}
