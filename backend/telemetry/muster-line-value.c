/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-line-value"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-line-value.h"

/* A number of so few digits over a power of ten as small is exact when divided once (Clinger
 * 1990). */
#define EXACT_DIGITS 15
/* The longest number that is read. */
#define MAX_NUMBER 400

static const double powers[EXACT_DIGITS + 1] = {
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
};

/* The digits from AT on, over 10^FRACTION; where they end. */
typedef struct
{
  guint64     digits;
  unsigned    n_digits;
  unsigned    n_fraction;
  gboolean    is_negative;
  const char *end;
} Mantissa;

static Mantissa
read_mantissa (const char *at, const char *end)
{
  Mantissa self = { 0 };
  gboolean is_fraction = FALSE;

  if (at < end && (*at == '-' || *at == '+'))
    self.is_negative = *at++ == '-';
  for (; at < end; at++)
    {
      unsigned digit = (unsigned char)*at - '0';

      if (digit <= 9)
        {
          self.digits = self.digits * 10 + digit;
          self.n_digits++;
          self.n_fraction += is_fraction;
        }
      else if (*at == '.' && !is_fraction)
        is_fraction = TRUE;
      else
        break;
    }
  self.end = at;
  return self;
}

/* By the library, which rounds right whatever comes. */
static gboolean
read_long_number (const char *at, const char *end, double *number)
{
  char  buffer[MAX_NUMBER + 1];
  char *stop;

  if (end - at > MAX_NUMBER)
    return FALSE;
  memcpy (buffer, at, end - at);
  buffer[end - at] = '\0';
  *number = g_ascii_strtod (buffer, &stop);
  return *stop == '\0' && isfinite (*number);
}

static gboolean
is_exponent (const char *at, const char *end)
{
  if (at >= end || (*at != 'e' && *at != 'E'))
    return FALSE;
  at++;
  if (at < end && (*at == '-' || *at == '+'))
    at++;
  if (at == end)
    return FALSE;
  while (at < end && g_ascii_isdigit (*at))
    at++;
  return at == end;
}

static unsigned
read_integer (const char *at, const char *end, MusterCell *cell)
{
  char  buffer[32];
  char *stop;

  if (end - at >= (gssize)sizeof buffer || at == end)
    return MUSTER_CELL_ABSENT;
  memcpy (buffer, at, end - at);
  buffer[end - at] = '\0';
  errno = 0;
  cell->integer = g_ascii_strtoll (buffer, &stop, 10);
  return errno == 0 && *stop == '\0' ? MUSTER_CELL_INTEGER : MUSTER_CELL_ABSENT;
}

/* Above what a signed integer holds, a double comes nearest. */
static unsigned
read_unsigned (const char *at, const char *end, MusterCell *cell)
{
  char    buffer[32];
  char   *stop;
  guint64 value;

  if (end - at >= (gssize)sizeof buffer || at == end || !g_ascii_isdigit (*at))
    return MUSTER_CELL_ABSENT;
  memcpy (buffer, at, end - at);
  buffer[end - at] = '\0';
  errno = 0;
  value = g_ascii_strtoull (buffer, &stop, 10);
  if (errno != 0 || *stop != '\0')
    return MUSTER_CELL_ABSENT;
  if (value <= (guint64)G_MAXINT64)
    {
      cell->integer = (gint64)value;
      return MUSTER_CELL_INTEGER;
    }
  cell->number = (double)value;
  return MUSTER_CELL_DOUBLE;
}

static unsigned
read_boolean (const char *at, const char *end, MusterCell *cell)
{
  static const char *const words[] = { "t", "T", "true",  "True",  "TRUE",
                                       "f", "F", "false", "False", "FALSE" };

  for (unsigned i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i]) == (gsize)(end - at) && memcmp (words[i], at, end - at) == 0)
      {
        cell->integer = i < G_N_ELEMENTS (words) / 2;
        return MUSTER_CELL_BOOLEAN;
      }
  return MUSTER_CELL_ABSENT;
}

static unsigned
read_double (const Mantissa *mantissa, const char *at, const char *end, MusterCell *cell)
{
  if (mantissa->end == end && mantissa->n_digits <= EXACT_DIGITS)
    {
      cell->number = (double)mantissa->digits / powers[mantissa->n_fraction];
      if (mantissa->is_negative)
        cell->number = -cell->number;
      return MUSTER_CELL_DOUBLE;
    }
  if (mantissa->end != end && !is_exponent (mantissa->end, end))
    return MUSTER_CELL_ABSENT;
  return read_long_number (at, end, &cell->number) ? MUSTER_CELL_DOUBLE : MUSTER_CELL_ABSENT;
}

unsigned
muster_line_value_read (const char *at, const char *end, MusterCell *cell)
{
  Mantissa mantissa;

  cell->bits = 0;
  if (at == end)
    return MUSTER_CELL_ABSENT;
  mantissa = read_mantissa (at, end);
  if (mantissa.n_digits == 0)
    return read_boolean (at, end, cell);
  if (mantissa.end == end - 1 && *mantissa.end == 'i')
    return read_integer (at, mantissa.end, cell);
  if (mantissa.end == end - 1 && *mantissa.end == 'u')
    return read_unsigned (at, mantissa.end, cell);
  return read_double (&mantissa, at, end, cell);
}

gboolean
muster_line_time_read (const char *at,
                       const char *end,
                       gint64      multiplier,
                       gint64      divisor,
                       gint64     *time)
{
  Mantissa mantissa = read_mantissa (at, end);
  gint64   stamp;

  if (mantissa.end != end || mantissa.n_digits == 0 || mantissa.n_digits > 19 ||
      memchr (at, '.', end - at) != NULL || mantissa.digits > (guint64)G_MAXINT64)
    return FALSE;
  stamp = mantissa.is_negative ? -(gint64)mantissa.digits : (gint64)mantissa.digits;
  if (stamp > G_MAXINT64 / multiplier || stamp < G_MININT64 / multiplier)
    return FALSE;
  *time = stamp * multiplier / divisor;
  /* Towards the past, on either side of 1970. */
  if (stamp < 0 && stamp % divisor != 0)
    --*time;
  return TRUE;
}
