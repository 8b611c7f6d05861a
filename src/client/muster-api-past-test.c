/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-api-past.h"

#define ID "01a222c1-b428-7001-929b-8bb1ea30477f"

static const struct
{
  const char   *method;
  const char   *path;
  MusterApiPast judged;
} rows[] = {
  { "GET", "/devices", MUSTER_API_PAST_ASKS },
  { "GET", "/devices/", MUSTER_API_PAST_ASKS },
  { "GET", "/devices/ids", MUSTER_API_PAST_ASKS },
  { "GET", "/devices/" ID "/metrics", MUSTER_API_PAST_ASKS },
  { "GET", "/orders/" ID "/availability", MUSTER_API_PAST_ASKS },
  { "GET", "/exports/devices", MUSTER_API_PAST_ASKS },
  { "GET", "/monitoring/alerts", MUSTER_API_PAST_ASKS },
  { "GET", "/journal/operations", MUSTER_API_PAST_ASKS },
  { "HEAD", "/products", MUSTER_API_PAST_ASKS },
  { "GET", "/journal/marks", MUSTER_API_PAST_PRESENT },
  { "GET", "/journal/as-of", MUSTER_API_PAST_PRESENT },
  { "GET", "/alerts/" ID "/why", MUSTER_API_PAST_PRESENT },
  { "GET", "/attachments/" ID "/content", MUSTER_API_PAST_PRESENT },
  { "GET", "/users/me", MUSTER_API_PAST_PRESENT },
  { "GET", "/rights", MUSTER_API_PAST_PRESENT },
  { "GET", "/discovery", MUSTER_API_PAST_PRESENT },
  { "GET", "/monitoring/data/" ID, MUSTER_API_PAST_PRESENT },
  { "GET", "/", MUSTER_API_PAST_PRESENT },
  { "GET", "", MUSTER_API_PAST_PRESENT },
  { "POST", "/monitoring/query", MUSTER_API_PAST_PRESENT },
  { "POST", "/users/refresh", MUSTER_API_PAST_PRESENT },
  { "POST", "/devices", MUSTER_API_PAST_CHANGES },
  { "PUT", "/devices/" ID, MUSTER_API_PAST_CHANGES },
  { "DELETE", "/devices/" ID, MUSTER_API_PAST_CHANGES },
  { "POST", "/discovery/scan", MUSTER_API_PAST_CHANGES },
};

static void
test_judge (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s %s", rows[i].method, rows[i].path);
      g_assert_cmpint (muster_api_past_judge (rows[i].method, rows[i].path), ==, rows[i].judged);
    }
}

static void
test_topics (void)
{
  g_assert_true (muster_api_past_is_live ("journal"));
  g_assert_true (muster_api_past_is_live ("telemetry"));
  /* Whoever looks back is still called when something burns. */
  g_assert_false (muster_api_past_is_live ("notification"));
  g_assert_false (muster_api_past_is_live ("jobs"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/api-past/judge", test_judge);
  g_test_add_func ("/api-past/topics", test_topics);
  return g_test_run ();
}
