/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-duration.h"

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    gint64      seconds; /* -1: refused */
  } cases[] = {
    { "0", 0 },        { "90", 90 },         { "90 s", 90 },
    { "5min", 300 },   { "5 min", 300 },     { " 1 h 30 min ", 5400 },
    { "1h30m", 5400 }, { "1.5 h", 5400 },    { "2 D", 172800 },
    { "1 w", 604800 }, { "1 min 5 s", 65 },  { "", -1 },
    { "soon", -1 },    { "-5 min", -1 },     { "5 fortnights", -1 },
    { "1 h 30", -1 },  { "5 min -3 s", -1 }, { "nan h", -1 },
    { "inf", -1 },     { "1e300 d", -1 },    { "99999999999999999999", -1 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64   seconds = -7;
      gboolean read = muster_duration_parse (cases[i].text, &seconds);

      g_test_message ("“%s”", cases[i].text);
      g_assert_cmpint (read, ==, cases[i].seconds >= 0);
      g_assert_cmpint (seconds, ==, cases[i].seconds >= 0 ? cases[i].seconds : -7);
    }
}

static void
test_format (void)
{
  static const struct
  {
    gint64      seconds;
    const char *text;
  } cases[] = {
    { 0, "0 s" },           { 59, "59 s" },   { 300, "5 min" },
    { 5400, "1 h 30 min" }, { 86400, "1 d" }, { 90061, "1 d 1 h 1 min 1 s" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = muster_duration_format (cases[i].seconds);
      gint64           back = -1;

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_true (muster_duration_parse (text, &back));
      g_assert_cmpint (back, ==, cases[i].seconds);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/duration/parse", test_parse);
  g_test_add_func ("/duration/format", test_format);
  return g_test_run ();
}
