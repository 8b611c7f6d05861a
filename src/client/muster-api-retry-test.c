/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-retry-test"

#include "config.h"

#include "muster-api-retry.h"

static const MusterApiRetry policy = { .attempts = 5, .base = 100, .cap = 1000 };

static const struct
{
  unsigned attempt;
  unsigned status;
  gint64   after;
  double   jitter;
  gint64   delay;
} cases[] = {
  { 1, 503, -1, 1, 100 },  { 1, 503, -1, 0, 50 },   { 2, 503, -1, 1, 200 }, { 3, 503, -1, 1, 400 },
  { 4, 503, -1, 1, 800 },  { 5, 503, -1, 1, -1 },   { 9, 503, -1, 1, -1 },  { 1, 0, -1, 0.5, 75 },
  { 1, 429, -1, 1, 100 },  { 1, 502, -1, 1, 100 },  { 1, 504, -1, 1, 100 }, { 1, 429, 0, 1, 0 },
  { 4, 429, 700, 0, 700 }, { 1, 429, 1001, 0, -1 }, { 5, 429, 10, 0, -1 },  { 1, 200, -1, 1, -1 },
  { 1, 400, -1, 1, -1 },   { 1, 409, 1, 1, -1 },    { 1, 500, -1, 1, -1 },  { 1, 505, -1, 1, -1 },
  { 1, 507, -1, 1, -1 },   { 1, 503, -1, 7, 100 },  { 1, 503, -1, -7, 50 },
};

static void
test_delays (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (muster_api_retry_next_delay (&policy, cases[i].attempt, cases[i].status,
                                                  cases[i].after, cases[i].jitter),
                     ==, cases[i].delay);
}

static void
test_many_attempts (void)
{
  const MusterApiRetry endless = { .attempts = G_MAXUINT, .base = 100, .cap = 5000 };

  for (unsigned attempt = 10; attempt < 10000; attempt *= 3)
    g_assert_cmpint (muster_api_retry_next_delay (&endless, attempt, 0, -1, 1), ==, 5000);
  g_assert_cmpint (muster_api_retry_next_delay (&MUSTER_API_RETRY_NONE, 1, 503, -1, 1), ==, -1);
}

static void
test_header (void)
{
  const gint64 now =
    G_GINT64_CONSTANT (784111777) * G_USEC_PER_SEC; /* Sun, 06 Nov 1994 08:49:37 GMT */

  g_assert_cmpint (muster_api_retry_parse_after (NULL, now), ==, -1);
  g_assert_cmpint (muster_api_retry_parse_after ("0", now), ==, 0);
  g_assert_cmpint (muster_api_retry_parse_after ("120", now), ==, 120000);
  g_assert_cmpint (muster_api_retry_parse_after ("-1", now), ==, -1);
  g_assert_cmpint (muster_api_retry_parse_after ("99999999999999999999", now), ==, -1);
  g_assert_cmpint (muster_api_retry_parse_after ("soon", now), ==, -1);
  g_assert_cmpint (muster_api_retry_parse_after ("Sun, 06 Nov 1994 08:49:47 GMT", now), ==, 10000);
  g_assert_cmpint (muster_api_retry_parse_after ("Sun, 06 Nov 1994 08:00:00 GMT", now), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/api-retry/delays", test_delays);
  g_test_add_func ("/api-retry/many-attempts", test_many_attempts);
  g_test_add_func ("/api-retry/header", test_header);
  return g_test_run ();
}
