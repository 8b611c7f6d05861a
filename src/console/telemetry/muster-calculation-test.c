/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-calculation.h"

static void
test_round_trip (void)
{
  static const char *const texts[] = { "none 0.5 device 0", "quantile 0.95 product 3600",
                                       "sum 0.5 source 0", "rate 0.5 none 60" };

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      MusterCalculation calculation, again;
      g_autofree char  *text = NULL;

      muster_calculation_parse (&calculation, texts[i]);
      text = muster_calculation_format (&calculation);
      g_assert_cmpstr (text, ==, texts[i]);
      muster_calculation_parse (&again, text);
      g_assert_true (muster_calculation_equal (&calculation, &again));
    }
}

/* A view that a person or a newer console has written is shown as far as it is understood. */
static void
test_nonsense (void)
{
  static const char *const texts[] = { NULL, "", "mean", "median 0.5 device 0", "a b c d e f" };
  MusterCalculation        plain, read;

  muster_calculation_init (&plain);
  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      muster_calculation_parse (&read, texts[i]);
      g_assert_true (muster_calculation_equal (&read, &plain));
    }
  muster_calculation_parse (&read, "quantile 7 nowhere -5");
  g_assert_cmpfloat (read.quantile, ==, 1);
  g_assert_cmpint (read.by, ==, MUSTER_BY_DEVICE);
  g_assert_cmpint (read.step, ==, 0);
}

static void
test_units (void)
{
  static const struct
  {
    const char *text;
    const char *unit;
    const char *expected;
    gboolean    amount;
  } cases[] = {
    { "none 0.5 device 0", "°C", "°C", FALSE },    { "mean 0.5 device 0", "°C", "°C", FALSE },
    { "rate 0.5 device 0", "kWh", "kWh/s", TRUE }, { "rate 0.5 device 0", NULL, "/s", TRUE },
    { "count 0.5 device 0", "°C", NULL, TRUE },    { "time_in_state 0.5 none 0", NULL, "s", TRUE },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MusterCalculation calculation;
      g_autofree char  *unit = NULL;

      muster_calculation_parse (&calculation, cases[i].text);
      unit = muster_calculation_dup_unit (&calculation, cases[i].unit);
      g_assert_cmpstr (unit, ==, cases[i].expected);
      g_assert_cmpint (muster_calculation_is_amount (&calculation), ==, cases[i].amount);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calculation/round-trip", test_round_trip);
  g_test_add_func ("/calculation/nonsense", test_nonsense);
  g_test_add_func ("/calculation/units", test_units);
  return g_test_run ();
}
