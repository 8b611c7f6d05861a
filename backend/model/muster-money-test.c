/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-money.h"

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    gboolean    fine;
    gint64      amount;
  } cases[] = {
    { "0", TRUE, 0 },
    { "12.5", TRUE, 125000 },
    { "-3", TRUE, -30000 },
    { "0.0125", TRUE, 125 },
    { "1200.00", TRUE, 12000000 },
    { "1.23450000", TRUE, 12345 },
    { "999999999999.9999", TRUE, G_GINT64_CONSTANT (9999999999999999) },
    { "1000000000000", FALSE, 0 },
    { "1.23456", FALSE, 0 },
    { "", FALSE, 0 },
    { "-", FALSE, 0 },
    { ".5", FALSE, 0 },
    { "5.", FALSE, 0 },
    { "1,5", FALSE, 0 },
    { "1e3", FALSE, 0 },
    { " 1", FALSE, 0 },
    { "+1", FALSE, 0 },
    { "--1", FALSE, 0 },
    { "1.-5", FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 amount = 0;

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (muster_money_parse (cases[i].text, &amount), ==, cases[i].fine);
      g_assert_cmpint (amount, ==, cases[i].amount);
    }
}

static void
assert_format (gint64 amount, const char *expected)
{
  g_autofree char *text = muster_money_format (amount);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_format (void)
{
  assert_format (0, "0.00");
  assert_format (125000, "12.50");
  assert_format (125, "0.0125");
  assert_format (1250, "0.125");
  assert_format (-5, "-0.0005");
  assert_format (-30000, "-3.00");
  assert_format (G_MININT64, "-922337203685477.5808");
}

static void
test_round (void)
{
  g_assert_cmpint (muster_money_round (12345, "EUR"), ==, 12300);
  g_assert_cmpint (muster_money_round (12350, "EUR"), ==, 12400);
  g_assert_cmpint (muster_money_round (-12350, "EUR"), ==, -12400);
  g_assert_cmpint (muster_money_round (12345, "JPY"), ==, 10000);
  g_assert_cmpint (muster_money_round (15000, "JPY"), ==, 20000);
  g_assert_cmpint (muster_money_round (12345, "KWD"), ==, 12350);
  g_assert_cmpint (muster_money_round (12345, "CLF"), ==, 12345);
}

static void
test_multiply (void)
{
  gint64 product;

  /* A price of a fraction of a cent is rounded once, at the end. */
  g_assert_true (muster_money_multiply (125, 1000, "EUR", &product));
  g_assert_cmpint (product, ==, 125000);
  g_assert_true (muster_money_multiply (125, 3, "EUR", &product));
  g_assert_cmpint (product, ==, 400);
  g_assert_false (muster_money_multiply (10000 * MUSTER_MONEY_SCALE, 1000000000, "EUR", &product));
  g_assert_false (muster_money_multiply (-10000 * MUSTER_MONEY_SCALE, 1000000000, "EUR", &product));
}

static void
test_percent (void)
{
  g_assert_cmpint (muster_money_percent (1000000, 1900, "EUR"), ==, 190000);
  g_assert_cmpint (muster_money_percent (999900, 1900, "EUR"), ==, 190000);
  g_assert_cmpint (muster_money_percent (1000000, -1000, "EUR"), ==, -100000);
  /* 0.05 * 50 % is 0.025: once to 0.03, not by way of 0.0250 to anything else. */
  g_assert_cmpint (muster_money_percent (500, 5000, "EUR"), ==, 300);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/money/parse", test_parse);
  g_test_add_func ("/money/format", test_format);
  g_test_add_func ("/money/round", test_round);
  g_test_add_func ("/money/multiply", test_multiply);
  g_test_add_func ("/money/percent", test_percent);
  return g_test_run ();
}
