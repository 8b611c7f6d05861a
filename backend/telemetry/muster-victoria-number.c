/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-victoria-number.h"

/* Digits behind the point, and places in front of it, of a series whose numbers share an exponent:
 * together they must fit an int64. */
#define MOST_FRACTION 4
#define MOST_INTEGER 1e9
#define MOST_DIGITS 1e11

/* Only numbers of few digits are believed to come back: for those the conversion to a decimal and
 * back is exact whatever its loops do. */
gboolean
muster_victoria_keeps_double (double number)
{
  double scale = 1;

  if (number == 0)
    return !signbit (number);
  if (!(fabs (number) < MOST_INTEGER))
    return FALSE;
  for (int digits = 0; digits <= MOST_FRACTION; digits++, scale *= 10)
    {
      double whole = round (number * scale);

      if (fabs (whole) >= MOST_DIGITS)
        return FALSE;
      if (whole / scale == number)
        return TRUE;
    }
  return FALSE;
}

gboolean
muster_victoria_keeps_integer (gint64 number)
{
  const gint64 most = G_GINT64_CONSTANT (1) << 53;

  return number >= -most && number <= most;
}
