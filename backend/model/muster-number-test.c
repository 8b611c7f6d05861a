/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-number.h"

static void
test_format (void)
{
  static const struct
  {
    double      value;
    int         digits;
    const char *text;
  } rows[] = {
    { 0, 6, "0" },
    { 0.0001, 6, "0.0001" },
    { 21.5, 6, "21.5" },
    { 2592000, 6, "2592000" },
    { 1e12, 6, "1000000000000" },
    { -123456.7, 4, "-123457" },
    { 1.5e15, 4, "1.5×10¹⁵" },
    { 2e-6, 4, "2×10⁻⁶" },
    { -1.234567e-20, 3, "-1.23×10⁻²⁰" },
    { NAN, 6, "nan" },
    { INFINITY, 6, "inf" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = muster_number_format (rows[i].value, rows[i].digits);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/format", test_format);
  return g_test_run ();
}
