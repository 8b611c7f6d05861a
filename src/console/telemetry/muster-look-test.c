/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-look.h"

static void
test_find (void)
{
  g_assert_true (muster_look_find (NULL)->automatic);
  g_assert_true (muster_look_find ("of tomorrow")->automatic);
  g_assert_cmpint (muster_look_find ("band")->form, ==, MUSTER_FORM_BAND);
  g_assert_true (muster_look_find ("band")->with_extent);
  g_assert_cmpstr (muster_look_find ("bars-sum")->aggregate, ==, "sum");
  g_assert_null (muster_look_find ("step")->aggregate);
}

static void
test_step (void)
{
  static const struct
  {
    gint64   span; /* seconds */
    unsigned steps;
    gint64   step;
  } cases[] = {
    { 300, 200, 2 },
    { 3600, 48, 120 },
    { 86400, 48, 1800 },
    { 86400, 200, 600 },
    { 7 * 86400, 48, 21600 },
    { 30 * 86400, 48, 86400 },
    { 365 * 86400, 48, 2592000 },
    { 365 * 86400, 200, 172800 },
    { 10, 200, 1 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (muster_look_choose_step (cases[i].span * G_USEC_PER_SEC, cases[i].steps), ==,
                     cases[i].step * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/look/find", test_find);
  g_test_add_func ("/look/step", test_step);
  return g_test_run ();
}
