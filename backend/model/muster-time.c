/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-time"

#include "config.h"

#include "muster-time.h"

#define DAY_USEC (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define MAX_DAYS 2932896 /* 9999-12-31 */

/* Days since 1970-01-01 to the proleptic Gregorian calendar and back: the arithmetic of eras of 400
 * years, with the year beginning in March so that the leap day comes last. */
static void
civil_from_days (gint64 days, int *year, int *month, int *day)
{
  gint64   z = days + 719468;
  gint64   era = z / 146097;
  unsigned doe = z - era * 146097;
  unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  unsigned mp = (5 * doy + 2) / 153;

  *day = doy - (153 * mp + 2) / 5 + 1;
  *month = mp < 10 ? mp + 3 : mp - 9;
  *year = yoe + era * 400 + (*month <= 2);
}

static gint64
days_from_civil (int year, int month, int day)
{
  int      y = year - (month <= 2);
  int      era = y / 400;
  unsigned yoe = y - era * 400;
  unsigned doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

  return (gint64)era * 146097 + doe - 719468;
}

static int
days_in_month (int year, int month)
{
  static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gboolean         leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  return days[month - 1] + (month == 2 && leap);
}

static char *
put_digits (char *out, int value, int n)
{
  for (int i = n - 1; i >= 0; i--, value /= 10)
    out[i] = '0' + value % 10;
  return out + n;
}

char *
muster_time_format (gint64 usec, char *buffer)
{
  char  *p = buffer;
  gint64 days, rest;
  int    year, month, day, ms;

  g_return_val_if_fail (buffer != NULL, NULL);

  usec = CLAMP (usec, 0, (MAX_DAYS + 1) * DAY_USEC - 1);
  days = usec / DAY_USEC;
  rest = usec % DAY_USEC;
  civil_from_days (days, &year, &month, &day);
  ms = rest / 1000;
  p = put_digits (p, year, 4);
  *p++ = '-';
  p = put_digits (p, month, 2);
  *p++ = '-';
  p = put_digits (p, day, 2);
  *p++ = 'T';
  p = put_digits (p, ms / 3600000, 2);
  *p++ = ':';
  p = put_digits (p, ms / 60000 % 60, 2);
  *p++ = ':';
  p = put_digits (p, ms / 1000 % 60, 2);
  *p++ = '.';
  p = put_digits (p, ms % 1000, 3);
  *p++ = 'Z';
  *p = '\0';
  return buffer;
}

/* Reads exactly N digits at *TEXT. */
static gboolean
take_digits (const char **text, int n, int *value)
{
  *value = 0;
  for (int i = 0; i < n; i++, (*text)++)
    {
      if (!g_ascii_isdigit (**text))
        return FALSE;
      *value = *value * 10 + (**text - '0');
    }
  return TRUE;
}

static gboolean
take_char (const char **text, char c)
{
  if (**text != c)
    return FALSE;
  (*text)++;
  return TRUE;
}

/* An optional `.` or `,` and 1 to 9 digits, of which microseconds count. */
static gboolean
take_fraction (const char **text, int *usec)
{
  int scale = 100000, n = 0;

  *usec = 0;
  if (**text != '.' && **text != ',')
    return TRUE;
  for ((*text)++; g_ascii_isdigit (**text); (*text)++, n++, scale /= 10)
    *usec += (**text - '0') * scale;
  return n >= 1 && n <= 9;
}

static gboolean
take_offset (const char **text, int *minutes)
{
  int sign, hour, minute;

  *minutes = 0;
  if (take_char (text, 'Z') || take_char (text, 'z'))
    return TRUE;
  if (**text != '+' && **text != '-')
    return FALSE;
  sign = *(*text)++ == '-' ? -1 : 1;
  if (!take_digits (text, 2, &hour))
    return FALSE;
  take_char (text, ':');
  if (!take_digits (text, 2, &minute) || hour > 23 || minute > 59)
    return FALSE;
  *minutes = sign * (hour * 60 + minute);
  return TRUE;
}

gboolean
muster_time_parse (const char *text, gint64 *usec)
{
  int    year, month, day, hour, minute, second, fraction, offset;
  gint64 result;

  g_return_val_if_fail (text != NULL && usec != NULL, FALSE);

  if (!take_digits (&text, 4, &year) || !take_char (&text, '-') ||
      !take_digits (&text, 2, &month) || !take_char (&text, '-') || !take_digits (&text, 2, &day) ||
      !(take_char (&text, 'T') || take_char (&text, 't') || take_char (&text, ' ')) ||
      !take_digits (&text, 2, &hour) || !take_char (&text, ':') ||
      !take_digits (&text, 2, &minute) || !take_char (&text, ':') ||
      !take_digits (&text, 2, &second) || !take_fraction (&text, &fraction) ||
      !take_offset (&text, &offset) || *text != '\0')
    return FALSE;
  if (month < 1 || month > 12 || day < 1 || day > days_in_month (year, month) || hour > 23 ||
      minute > 59 || second > 60)
    return FALSE;
  second = MIN (second, 59); /* a leap second is the last second again, as POSIX counts */
  result =
    (days_from_civil (year, month, day) * 86400 + hour * 3600 + (minute - offset) * 60 + second) *
      G_USEC_PER_SEC +
    fraction;
  if (result < 0 || result >= (MAX_DAYS + 1) * DAY_USEC)
    return FALSE;
  *usec = result;
  return TRUE;
}
