/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-unit.h"

typedef struct
{
  const char *from, *to;
  double      value, result; /* NAN: cannot be turned */
} Case;

static const Case cases[] = {
  { "°F", "°C", 212, 100 },
  { "°C", "°F", 21.5, 70.7 },
  { "degC", "K", -273.15, 0 },
  { "K", "℃", 294.65, 21.5 },
  { "mbar", "kPa", 1013.2, 101.32 },
  { "psi", "kPa", 100, 689.475729317 },
  { "kW", "W", 1.25, 1250 },
  { "mW", "MW", 1, 1e-9 },
  { "kWh", "MJ", 1, 3.6 },
  { "mV", "V", 3005, 3.005 },
  { "l/min", "m3/h", 10, 0.6 },
  { "mi", "km", 1, 1.609344 },
  { "km/h", "m/s", 36, 10 },
  { "%", "1", 55, 0.55 },
  { "KiB", "B", 2, 2048 },
  { "µA", "mA", 1500, 1.5 },
  { "°", "rad", 180, 3.14159265359 },
  { "min", "s", 2, 120 },
  { "lqi", "lqi", 7, 7 },
  { "W", "Wh", 1, NAN },
  { "°C", "kPa", 1, NAN },
  { "lqi", "dBm", 1, NAN },
  { "°C", "parsec", 1, NAN },
  { "kwh", "kWh", 1, NAN }, /* case counts */
  { "", "°C", 1, NAN },
  { "celsius Celsius", "°C", 1, NAN },
};

static void
test_convert (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double   value = cases[i].value;
      gboolean is_turned = muster_unit_convert (cases[i].from, cases[i].to, &value);

      g_test_message ("%s to %s", cases[i].from, cases[i].to);
      g_assert_cmpint (is_turned, ==, !isnan (cases[i].result));
      g_assert_cmpfloat (value, ==, is_turned ? cases[i].result : cases[i].value);
    }
}

static void
test_special (void)
{
  double value = INFINITY;

  g_assert_true (muster_unit_convert ("°C", "°F", &value));
  g_assert_true (isinf (value));
  value = NAN;
  g_assert_true (muster_unit_convert ("W", "kW", &value));
  g_assert_true (isnan (value));
}

static void
test_same (void)
{
  g_assert_true (muster_unit_is_same ("°C", "degC"));
  g_assert_true (muster_unit_is_same ("hPa", "mbar"));
  g_assert_true (muster_unit_is_same ("parsek", "parsek"));
  g_assert_false (muster_unit_is_same ("°C", "K"));
  g_assert_false (muster_unit_is_same ("parsek", "parsec"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/convert", test_convert);
  g_test_add_func ("/unit/special", test_special);
  g_test_add_func ("/unit/same", test_same);
  return g_test_run ();
}
