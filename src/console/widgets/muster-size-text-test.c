/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-size-text.h"

static void
test_there_and_back (void)
{
  static const struct
  {
    gint64      n;
    const char *text;
  } sizes[] = {
    { 0, "0 B" },
    { 999, "999 B" },
    { 1024, "1 KiB" },
    { 64 << 20, "64 MiB" },
    { G_GINT64_CONSTANT (500000000000), "500 GB" },
    { G_GINT64_CONSTANT (1500000000000), "1500 GB" },
    { G_GINT64_CONSTANT (1) << 50, "1024 TiB" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *text = muster_size_text_format (sizes[i].n);
      gint64           n = -1;

      g_assert_cmpstr (text, ==, sizes[i].text);
      g_assert_true (muster_size_text_parse (text, &n));
      g_assert_cmpint (n, ==, sizes[i].n);
    }
}

static void
test_as_people_write (void)
{
  gint64 n = -1;

  g_assert_true (muster_size_text_parse ("4096", &n));
  g_assert_cmpint (n, ==, 4096);
  g_assert_true (muster_size_text_parse (" 1.5TB ", &n));
  g_assert_cmpint (n, ==, G_GINT64_CONSTANT (1500000000000));
}

static void
test_refused (void)
{
  static const char *const texts[] = { "", "much", "-1 GB", "5 °C", "1e40", "inf", "5 G B" };

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gint64 n = -1;

      g_test_message ("%s", texts[i]);
      g_assert_false (muster_size_text_parse (texts[i], &n));
      g_assert_cmpint (n, ==, -1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/size-text/there-and-back", test_there_and_back);
  g_test_add_func ("/size-text/as-people-write", test_as_people_write);
  g_test_add_func ("/size-text/refused", test_refused);
  return g_test_run ();
}
