/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-expression-function"

#include "config.h"

#include <math.h>

#include "muster-expression-private.h"

static double
call_abs (const double *arguments, unsigned n)
{
  return fabs (arguments[0]);
}

static double
call_sum (const double *arguments, unsigned n)
{
  double sum = 0;

  for (unsigned i = 0; i < n; i++)
    sum += arguments[i];
  return sum;
}

static double
call_avg (const double *arguments, unsigned n)
{
  return call_sum (arguments, n) / n;
}

static double
call_ceil (const double *arguments, unsigned n)
{
  return ceil (arguments[0]);
}

static double
call_clamp (const double *arguments, unsigned n)
{
  return arguments[1] <= arguments[2] ? CLAMP (arguments[0], arguments[1], arguments[2]) : NAN;
}

static double
call_floor (const double *arguments, unsigned n)
{
  return floor (arguments[0]);
}

static double
call_if (const double *arguments, unsigned n)
{
  if (isnan (arguments[0]))
    return NAN;
  return arguments[0] != 0 ? arguments[1] : arguments[2];
}

static double
call_max (const double *arguments, unsigned n)
{
  double greatest = arguments[0];

  for (unsigned i = 1; i < n; i++)
    greatest = MAX (greatest, arguments[i]);
  return greatest;
}

static double
call_min (const double *arguments, unsigned n)
{
  double least = arguments[0];

  for (unsigned i = 1; i < n; i++)
    least = MIN (least, arguments[i]);
  return least;
}

/* To whole digits behind the point, or before it where they are negative. */
static double
call_round (const double *arguments, unsigned n)
{
  double digits = n > 1 ? CLAMP (trunc (arguments[1]), -15, 15) : 0;
  double scale = pow (10, fabs (digits));

  return digits < 0 ? round (arguments[0] / scale) * scale : round (arguments[0] * scale) / scale;
}

static double
call_sqrt (const double *arguments, unsigned n)
{
  return sqrt (arguments[0]);
}

/* clang-format off */
static const MusterFunction functions[] = {
  { "abs", 1, 1, FALSE, call_abs },
  { "avg", 1, MUSTER_EXPRESSION_MAX_ARGUMENTS, FALSE, call_avg },
  { "ceil", 1, 1, FALSE, call_ceil },
  { "clamp", 3, 3, FALSE, call_clamp },
  { "floor", 1, 1, FALSE, call_floor },
  { "if", 3, 3, TRUE, call_if },
  { "max", 1, MUSTER_EXPRESSION_MAX_ARGUMENTS, FALSE, call_max },
  { "min", 1, MUSTER_EXPRESSION_MAX_ARGUMENTS, FALSE, call_min },
  { "round", 1, 2, FALSE, call_round },
  { "sqrt", 1, 1, FALSE, call_sqrt },
  { "sum", 1, MUSTER_EXPRESSION_MAX_ARGUMENTS, FALSE, call_sum },
};
/* clang-format on */

const MusterFunction *
muster_function_find (const char *name, unsigned *index)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (functions); i++)
    if (g_ascii_strcasecmp (name, functions[i].name) == 0)
      {
        *index = i;
        return &functions[i];
      }
  return NULL;
}

const MusterFunction *
muster_function_get (unsigned index)
{
  g_assert (index < G_N_ELEMENTS (functions));

  return &functions[index];
}

char *
muster_function_list (void)
{
  GString *list = g_string_new (functions[0].name);

  for (unsigned i = 1; i < G_N_ELEMENTS (functions); i++)
    g_string_append_printf (list, ", %s", functions[i].name);
  return g_string_free (list, FALSE);
}
