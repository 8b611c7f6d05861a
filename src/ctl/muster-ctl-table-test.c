/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-table-test"

#include "config.h"

#include "muster-ctl-format.h"
#include "muster-ctl-table.h"

static const MusterCtlColumn columns[] = { { "NAME", MUSTER_CTL_COLUMN_ELIDE },
                                           { "N", MUSTER_CTL_COLUMN_RIGHT },
                                           { "STATE", MUSTER_CTL_COLUMN_COLORED },
                                           { NULL, 0 } };

static MusterCtlTable *
new_table (void)
{
  MusterCtlTable *table = muster_ctl_table_new (columns);

  muster_ctl_table_add (table, (const char *[]){ "Pump", "7", "online" });
  muster_ctl_table_add (table, (const char *[]){ "A much longer name", "1200", NULL });
  return table;
}

static void
test_aligned (void)
{
  g_autoptr (MusterCtlTable) table = new_table ();
  g_autofree char *text = muster_ctl_table_format (table, 0, FALSE);

  g_assert_cmpuint (muster_ctl_table_get_length (table), ==, 2);
  g_assert_cmpstr (text, ==,
                   "NAME                   N  STATE\n"
                   "Pump                   7  online\n"
                   "A much longer name  1200  –\n");
}

static void
test_elided (void)
{
  g_autoptr (MusterCtlTable) table = new_table ();
  g_autofree char *text = muster_ctl_table_format (table, 24, FALSE);
  g_autofree char *narrow = muster_ctl_table_format (table, 3, FALSE);

  g_assert_cmpstr (text, ==,
                   "NAME           N  STATE\n"
                   "Pump           7  online\n"
                   "A much lo…  1200  –\n");
  g_assert_cmpstr (narrow, ==,
                   "NAME       N  STATE\n"
                   "Pump       7  online\n"
                   "A muc…  1200  –\n");
}

static void
test_colored (void)
{
  g_autoptr (MusterCtlTable) table = new_table ();
  g_autofree char *text = muster_ctl_table_format (table, 0, TRUE);

  g_assert_nonnull (strstr (text, "\033[1mNAME\033[0m"));
  g_assert_nonnull (strstr (text, "\033[32monline\033[0m"));
}

static void
test_control_characters (void)
{
  g_autoptr (MusterCtlTable) table = muster_ctl_table_new (columns);
  g_autofree char *text = NULL;

  muster_ctl_table_add (table, (const char *[]){ "a\033[2Jb\nc\xff", "", "\u202egnp" });
  text = muster_ctl_table_format (table, 0, FALSE);
  g_assert_cmpstr (text, ==,
                   "NAME       N  STATE\n"
                   "a�[2Jb c�  –  �gnp\n");
}

static void
test_width (void)
{
  static const struct
  {
    const char *text;
    unsigned    width;
    unsigned    cut_to;
    const char *cut;
  } cases[] = {
    { "", 0, 5, "" },
    { "abc", 3, 3, "abc" },
    { "abcd", 4, 3, "ab…" },
    { "温度計", 6, 6, "温度計" },
    { "温度計", 6, 5, "温度…" },
    { "温度計", 6, 4, "温…" },
    { "e\u0301te\u0301", 3, 3, "e\u0301te\u0301" },
    { "abc", 3, 1, "…" },
    { "abc", 3, 0, "" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *cut = muster_ctl_text_elide (cases[i].text, cases[i].cut_to);

      g_assert_cmpuint (muster_ctl_text_get_width (cases[i].text), ==, cases[i].width);
      g_assert_cmpstr (cut, ==, cases[i].cut);
    }
}

static void
test_ages (void)
{
  static const struct
  {
    gint64      seconds;
    const char *text;
  } cases[] = {
    { 0, "now" },          { 1, "1 s ago" },       { 59, "59 s ago" },
    { 60, "1 min ago" },   { 3599, "59 min ago" }, { 3600, "1 h ago" },
    { 86399, "23 h ago" }, { 86400, "1 d ago" },   { 8640000, "100 d ago" },
    { -5, "in 5 s" },      { -7200, "in 2 h" },
  };
  const gint64 now = G_GINT64_CONSTANT (1767225600000000);

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = muster_ctl_format_age (now - cases[i].seconds * G_USEC_PER_SEC, now);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_durations (void)
{
  static const struct
  {
    const char *text;
    gint64      usec;
  } cases[] = {
    { "90s", 90000000 },
    { "1.5m", 90000000 },
    { "15min", 900000000 },
    { "2h", G_GINT64_CONSTANT (7200000000) },
    { "7d", G_GINT64_CONSTANT (604800000000) },
    { "250ms", 250000 },
    { "", -1 },
    { "h", -1 },
    { "5", -1 },
    { "-5s", -1 },
    { "5 s", -1 },
    { "5sx", -1 },
    { "1e300d", -1 },
    { "99999999d", -1 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (muster_ctl_parse_duration (cases[i].text), ==, cases[i].usec);
}

static void
test_times (void)
{
  const gint64 now = G_GINT64_CONSTANT (1767225600000000);
  g_autoptr (GError) error = NULL;
  gint64 time;

  g_assert_cmpint (muster_ctl_parse_time ("now", "--to", now, &time, &error), ==, TRUE);
  g_assert_cmpint (time, ==, now);
  g_assert_cmpint (muster_ctl_parse_time ("2h", "--to", now, &time, &error), ==, TRUE);
  g_assert_cmpint (time, ==, now - G_GINT64_CONSTANT (7200000000));
  g_assert_cmpint (muster_ctl_parse_time ("2026-01-01T01:00:00+01:00", "--to", now, &time, &error),
                   ==, TRUE);
  g_assert_cmpint (time, ==, now);
  g_assert_cmpint (muster_ctl_parse_time ("yesterday", "--to", now, &time, &error), ==, FALSE);
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  g_assert_cmpint (g_str_has_prefix (error->message, "--to: "), ==, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl-table/aligned", test_aligned);
  g_test_add_func ("/ctl-table/elided", test_elided);
  g_test_add_func ("/ctl-table/colored", test_colored);
  g_test_add_func ("/ctl-table/control-characters", test_control_characters);
  g_test_add_func ("/ctl-table/width", test_width);
  g_test_add_func ("/ctl-table/ages", test_ages);
  g_test_add_func ("/ctl-table/durations", test_durations);
  g_test_add_func ("/ctl-table/times", test_times);
  return g_test_run ();
}
