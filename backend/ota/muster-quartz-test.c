/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "model/muster-error.h"
#include "muster-quartz.h"
#include "muster-update-window.h"

/* tests/fuzz/fuzz-quartz.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ROUNDS 3000

static gint64
read_time (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, utc);

  g_assert_nonnull (time);
  return g_date_time_to_unix (time);
}

/* What comes after AFTER, one after the other with blanks between; "-": nothing more. 29 November
 * 2026 is a Sunday. */
static const struct
{
  const char *text;
  const char *after;
  const char *next;
} cases[] = {
  { "0 30 2 ? * *", "2026-11-29T05:00:00", "2026-11-30T02:30:00 2026-12-01T02:30:00" },
  { "0 30 2 * * ?", "2026-11-29T02:29:59", "2026-11-29T02:30:00 2026-11-30T02:30:00" },
  { "0 30 2 * * ?", "2026-11-29T02:30:00", "2026-11-30T02:30:00" },
  { "* * * * * ?", "2026-12-31T23:59:58", "2026-12-31T23:59:59 2027-01-01T00:00:00" },
  { "10/20 0/30 * * * ?", "2026-11-29T05:00:11",
    "2026-11-29T05:00:30 2026-11-29T05:00:50 2026-11-29T05:30:10" },
  { "0 /25 5 * * ?", "2026-11-29T05:00:00",
    "2026-11-29T05:25:00 2026-11-29T05:50:00 2026-11-30T05:00:00" },
  { "0 0 10-12/2,20 * * ?", "2026-11-29T00:00:00",
    "2026-11-29T10:00:00 2026-11-29T12:00:00 2026-11-29T20:00:00" },
  { "0 0 22-1 * * ?", "2026-11-29T12:00:00",
    "2026-11-29T22:00:00 2026-11-29T23:00:00 2026-11-30T00:00:00 2026-11-30T01:00:00 2026-11-30T22:00:00" },
  { "0 0 0 ? * MON-FRI", "2026-11-28T12:00:00", "2026-11-30T00:00:00 2026-12-01T00:00:00" },
  { "0 0 0 ? * 7,1", "2026-11-29T12:00:00", "2026-12-05T00:00:00 2026-12-06T00:00:00" },
  { "0 0 0 ? * fri-sun", "2026-11-29T12:00:00",
    "2026-12-04T00:00:00 2026-12-05T00:00:00 2026-12-06T00:00:00 2026-12-11T00:00:00" },
  { "0 0 0 1 JAN,jul ?", "2026-11-29T12:00:00", "2027-01-01T00:00:00 2027-07-01T00:00:00" },
  { "0 0 0 31 * ?", "2026-11-29T12:00:00",
    "2026-12-31T00:00:00 2027-01-31T00:00:00 2027-03-31T00:00:00" },
  { "0 0 0 29 2 ?", "2026-11-29T12:00:00", "2028-02-29T00:00:00 2032-02-29T00:00:00" },
  { "0 0 0 30 2 ?", "2026-11-29T12:00:00", "-" },
  { "0 0 0 L * ?", "2026-11-29T12:00:00",
    "2026-11-30T00:00:00 2026-12-31T00:00:00 2027-01-31T00:00:00 2027-02-28T00:00:00" },
  { "0 0 0 L-3 * ?", "2026-11-29T12:00:00",
    "2026-12-28T00:00:00 2027-01-28T00:00:00 2027-02-25T00:00:00" },
  /* The last day of January 2027 is a Sunday, that of the 1 May 2027 a Saturday. */
  { "0 0 0 LW 1 ?", "2026-11-29T12:00:00", "2027-01-29T00:00:00" },
  { "0 0 0 1W 5 ?", "2026-11-29T12:00:00", "2027-05-03T00:00:00" },
  { "0 0 0 15W * ?", "2026-11-29T12:00:00",
    "2026-12-15T00:00:00 2027-01-15T00:00:00 2027-02-15T00:00:00" },
  { "0 0 0 28W 11 ?", "2026-11-01T00:00:00", "2026-11-27T00:00:00" },
  { "0 0 0 29W 11 ?", "2026-11-01T00:00:00", "2026-11-30T00:00:00" },
  { "0 0 0 L-1W 1 ?", "2026-11-29T12:00:00", "2027-01-29T00:00:00" },
  { "0 0 0 ? * 6L", "2026-11-29T12:00:00", "2026-12-25T00:00:00 2027-01-29T00:00:00" },
  { "0 0 0 ? * FRIL", "2026-11-29T12:00:00", "2026-12-25T00:00:00" },
  { "0 0 0 ? * L", "2026-11-29T12:00:00", "2026-12-05T00:00:00 2026-12-12T00:00:00" },
  { "0 0 0 ? * 2#1", "2026-11-29T12:00:00", "2026-12-07T00:00:00 2027-01-04T00:00:00" },
  { "0 0 0 ? * SUN#5", "2026-11-01T12:00:00", "2026-11-29T00:00:00 2027-01-31T00:00:00" },
  { "0 0 12 1 1 ? 2030", "2026-11-29T12:00:00", "2030-01-01T12:00:00 -" },
  { "0 0 12 1 1 ? 2027-2031/2,2040", "2026-11-29T12:00:00",
    "2027-01-01T12:00:00 2029-01-01T12:00:00 2031-01-01T12:00:00 2040-01-01T12:00:00 -" },
  { "0 0 12 1 1 ? 2020", "2026-11-29T12:00:00", "-" },
  { " 0  0\t12 1 1 ? * ", "2098-11-29T12:00:00", "2099-01-01T12:00:00 -" },
};

static const char *const refused[] = {
  "",
  "0 30 2 * *",
  "0 30 2 * * ? * *",
  "0 30 2 * * *",
  "0 30 2 ? * ?",
  "60 0 0 * * ?",
  "0 0 24 * * ?",
  "0 0 0 0 * ?",
  "0 0 0 32 * ?",
  "0 0 0 * 13 ?",
  "0 0 0 ? * 8",
  "0 0 0 ? * 0",
  "0 0 0 * * ? 1969",
  "0 0 0 * * ? 2100",
  "0 0 0 * * ? 2030-2028",
  "0 0 0 * FOO ?",
  "? 0 0 * * ?",
  "0 0/0 0 * * ?",
  "0 0/61 0 * * ?",
  "0 5- 0 * * ?",
  "0 -5 0 * * ?",
  "0 5, 0 * * ?",
  "0 1/2/3 0 * * ?",
  "0 0 0 L,15 * ?",
  "0 0 0 15W,16 * ?",
  "0 0 0 L-31 * ?",
  "0 0 0 LX * ?",
  "0 0 0 32W * ?",
  "0 0 0 ? * 6#6",
  "0 0 0 ? * 6#0",
  "0 0 0 ? * 6#3,2",
  "0 0 0 ? * 6LL",
  "0 0 0 ? * 12345678901",
};

static void
test_times (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) times = g_strsplit (cases[i].next, " ", -1);
      g_autoptr (GError) error = NULL;
      gint64       at = read_time (cases[i].after);
      MusterQuartz quartz;

      g_test_message ("%s", cases[i].text);
      muster_quartz_parse (&quartz, cases[i].text, &error);
      g_assert_no_error (error);
      for (char **time = times; *time != NULL; time++)
        {
          at = muster_quartz_get_next (&quartz, at);
          g_assert_cmpint (at, ==, g_str_equal (*time, "-") ? -1 : read_time (*time));
        }
    }
}

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      MusterQuartz quartz;

      g_test_message ("%s", refused[i]);
      g_assert_false (muster_quartz_parse (&quartz, refused[i], &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
    }
}

/* However it is found, it is the same: every second of two days is tried one by one. */
static void
test_every_second (void)
{
  static const char *const texts[] = { "7/13 3-50/9 5,22-1 ? * SUN,MON", "0 0/7 */5 29,30 11 ?" };
  gint64                   begin = read_time ("2026-11-29T00:00:00");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      MusterQuartz quartz;
      gint64       next;
      unsigned     n_found = 0;

      g_assert_true (muster_quartz_parse (&quartz, texts[i], NULL));
      next = muster_quartz_get_next (&quartz, begin - 1);
      for (gint64 at = begin; at < begin + 2 * 24 * 3600; at++)
        {
          gboolean is_one = quartz.seconds >> at % 60 & 1 && quartz.minutes >> at / 60 % 60 & 1 &&
                            quartz.hours >> at / 3600 % 24 & 1;

          g_assert_cmpint (is_one, ==, next == at);
          if (!is_one)
            continue;
          n_found++;
          next = muster_quartz_get_next (&quartz, at);
        }
      g_assert_cmpuint (n_found, >, 50);
    }
}

static void
run (const char *data, gsize length)
{
  g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)data, length), ==, 0);
}

static void
test_mutations (void)
{
  for (unsigned round = 0; round < ROUNDS; round++)
    {
      const char *seed = round % 2 == 0 ? cases[round / 2 % G_N_ELEMENTS (cases)].text
                                        : refused[round / 2 % G_N_ELEMENTS (refused)];
      g_autoptr (GString) text = g_string_new (seed);

      for (int i = g_test_rand_int_range (1, 6); i > 0; i--)
        muster_test_mutate (text);
      run (text->str, text->len);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quartz/times", test_times);
  g_test_add_func ("/quartz/refused", test_refused);
  g_test_add_func ("/quartz/every-second", test_every_second);
  g_test_add_func ("/quartz/mutations", test_mutations);
  return g_test_run ();
}
