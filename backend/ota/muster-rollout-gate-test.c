/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/muster-error.h"
#include "muster-ranks.h"
#include "muster-rollout-gate.h"
#include "muster-update-window.h"

#define N 40

/* --- the tests themselves, against what can be counted by hand --- */

static void
test_signed (void)
{
  static const struct
  {
    double   values[8];
    unsigned n;
    double   p;
  } rows[] = {
    { { 1, 2, 3, 4, 5 }, 5, 1.0 / 32 },
    { { -1, 2, 3, 4, 5, 6 }, 6, 2.0 / 64 },
    { { -6, 1, 2, 3, 4, 5 }, 6, 14.0 / 64 },
    { { 1, 1, 1, -1 }, 4, 5.0 / 16 },
    { { 0, 0, 3, 0 }, 4, 1.0 / 2 },
    { { 0, 0 }, 2, 1 },
    { { -1, -2, -3 }, 3, 1 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MusterRankTest test = muster_ranks_test_signed (rows[i].values, rows[i].n);

      g_test_message ("row %u: %g", i, test.p);
      g_assert_cmpfloat_with_epsilon (test.p, rows[i].p, 1e-12);
    }
}

static void
test_sum (void)
{
  static const struct
  {
    double   a[5], b[5];
    unsigned n, m;
    double   p;
  } rows[] = {
    { { 4, 5, 6 }, { 1, 2, 3 }, 3, 3, 1.0 / 20 },
    { { 1, 2, 3 }, { 4, 5, 6 }, 3, 3, 1 },
    { { 9 }, { 1, 2, 3, 4 }, 1, 4, 1.0 / 5 },
    { { 3, 4, 5, 6, 7 }, { 1, 2 }, 5, 2, 1.0 / 21 },
    { { 2, 2 }, { 1, 2 }, 2, 2, 1.0 / 2 },
    { { 1 }, { 1, 1, 1 }, 1, 3, 1 },
    { { 1 }, { 0 }, 1, 0, 1 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MusterRankTest test = muster_ranks_test_sum (rows[i].a, rows[i].n, rows[i].b, rows[i].m);

      g_test_message ("row %u: %g", i, test.p);
      g_assert_cmpfloat_with_epsilon (test.p, rows[i].p, 1e-12);
    }
}

static double
noise (guint32 *state)
{
  *state = *state * 1664525u + 1013904223u;
  return (double)(*state >> 8) / (1 << 24) - 0.5;
}

/* Where nothing is different, one in twenty says that something is; and counted or taken as normal,
 * large samples say the same. */
static void
test_level (void)
{
  guint32  state = 7;
  unsigned n_signed = 0, n_sum = 0, n_large = 0;

  for (unsigned round = 0; round < 2000; round++)
    {
      double a[70], b[70];

      for (unsigned i = 0; i < 70; i++)
        {
          a[i] = noise (&state);
          b[i] = noise (&state);
        }
      n_signed += muster_ranks_test_signed (a, 12).p <= 0.05;
      n_sum += muster_ranks_test_sum (a, 6, b, 9).p <= 0.05;
      n_large += muster_ranks_test_signed (a, 70).p <= 0.05;
      n_large += muster_ranks_test_sum (a, 70, b, 70).p <= 0.05;
    }
  g_test_message ("%u, %u of 2000; %u of 4000", n_signed, n_sum, n_large);
  g_assert_cmpuint (n_signed, >=, 60);
  g_assert_cmpuint (n_signed, <=, 130);
  g_assert_cmpuint (n_sum, >=, 60);
  g_assert_cmpuint (n_sum, <=, 130);
  g_assert_cmpuint (n_large, >=, 150);
  g_assert_cmpuint (n_large, <=, 250);
}

/* --- what a gate says --- */

static void
test_refused (void)
{
  static const struct
  {
    const char *gate;
    const char *pointer;
  } rows[] = {
    { "{}", "/gate/metric" },
    { "{\"metric\":\"\"}", "/gate/metric" },
    { "[{\"metric\":\"t\"},{\"metric\":\"t\",\"worse\":\"warmer\"}]", "/gate/1/worse" },
    { "{\"watch\":\"smoke\",\"metric\":\"t\"}", "/gate/watch" },
    { "{\"watch\":\"errors\",\"metric\":\"t\"}", "/gate/metric" },
    { "{\"watch\":\"reboots\",\"worse\":\"lower\"}", "/gate/worse" },
    { "{\"metric\":\"t\",\"alpha\":0.5}", "/gate/alpha" },
    { "{\"metric\":\"t\",\"before\":1}", "/gate/before" },
    { "{\"metric\":\"t\",\"before\":\"a day\"}", "/gate/before" },
    { "{\"metric\":\"t\",\"tolerance\":-1}", "/gate/tolerance" },
    { "{\"metric\":\"t\",\"against\":\"all\"}", "/gate/against" },
    { "{\"metric\":\"t\",\"unsure\":true}", "/gate/unsure" },
    { "{\"metric\":\"t\",\"wurse\":\"lower\"}", "/gate/wurse" },
    { "[]", "/gate" },
    { "[3]", "/gate/0" },
    { "3", "/gate" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MusterEntity) rollout = muster_entity_new (&muster_rollout_info);
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) watches = NULL;
      GPtrArray *found = NULL;

      muster_entity_set_string (rollout, "gate", rows[i].gate);
      muster_entity_set_integer (rollout, "soak", 60);
      watches = muster_rollout_gate_read (rollout, &error);
      g_test_message ("%s", rows[i].gate);
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      found = muster_error_get_fields (error);
      g_assert_cmpuint (found->len, ==, 1);
      g_assert_cmpstr (((MusterFieldError *)found->pdata[0])->pointer, ==, rows[i].pointer);
    }
}

static void
test_needs_time (void)
{
  g_autoptr (MusterEntity) rollout = muster_entity_new (&muster_rollout_info);
  g_autoptr (GArray) none = muster_rollout_gate_read (rollout, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  muster_entity_set_string (rollout, "gate", "{\"watch\":\"reboots\"}");
  g_assert_null (muster_rollout_gate_read (rollout, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
}

/* What N devices of the group, and M of the rest, say: BEFORE in the middle, and by how much it
 * changes; each with a noise of ±0.5 of its own at each time. */
typedef struct
{
  const char       *what;
  const char       *gate;
  unsigned          n, m;
  double            change, rest_change;
  MusterGateVerdict verdict;
  const char       *reason; /* (nullable): a part of it */
} Timeline;

static GArray *
make_figures (const Timeline *row, guint32 *state)
{
  GArray *figures = g_array_new (FALSE, FALSE, sizeof (MusterGateFigure));

  for (unsigned i = 0; i < row->n + row->m; i++)
    {
      gboolean         is_rest = i >= row->n;
      double           level = 20 + 3 * noise (state);
      double           change = is_rest ? row->rest_change : row->change;
      MusterGateFigure figure = { level + noise (state), level + change + noise (state), is_rest };

      g_array_append_val (figures, figure);
    }
  return figures;
}

static MusterGateJudgement *
judge (const char *gate, GArray *figures)
{
  g_autoptr (MusterEntity) rollout = muster_entity_new (&muster_rollout_info);
  g_autoptr (GArray) watches = NULL;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  g_autoptr (GError) error = NULL;

  muster_entity_set_string (rollout, "gate", gate);
  muster_entity_set_integer (rollout, "soak", 60);
  watches = muster_rollout_gate_read (rollout, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < watches->len; i++)
    g_ptr_array_add (all, g_array_ref (figures));
  return muster_rollout_gate_judge (watches, all, "Canary", 1000000, 2000000, 3000000);
}

static void
check_judgement (const MusterGateJudgement *judgement,
                 MusterGateVerdict          verdict,
                 const char                *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (judgement->evidence, &error);

  g_assert_no_error (error);
  g_test_message ("%s", judgement->evidence);
  g_assert_cmpint (judgement->verdict, ==, verdict);
  g_assert_cmpint (json_object_get_boolean_member (json_node_get_object (node), "stops"), ==,
                   verdict == MUSTER_GATE_WORSE);
  g_assert_cmpint (judgement->reason != NULL, ==, reason != NULL);
  if (reason != NULL)
    g_assert_nonnull (strstr (judgement->reason, reason));
}

static void
test_timelines (void)
{
  static const Timeline rows[] = {
    { "nothing changes", "{\"metric\":\"t\"}", N, N, 0, 0, MUSTER_GATE_GOOD, NULL },
    { "the group becomes worse", "{\"metric\":\"t\"}", N, N, 2, 0, MUSTER_GATE_WORSE,
      "t became higher" },
    { "the group becomes better", "{\"metric\":\"t\"}", N, N, -2, 0, MUSTER_GATE_GOOD, NULL },
    { "less is worse", "{\"metric\":\"t\",\"worse\":\"lower\"}", N, N, -2, 0, MUSTER_GATE_WORSE,
      "t became lower" },
    { "less is worse, and it is more", "{\"metric\":\"t\",\"worse\":\"lower\"}", N, N, 2, 0,
      MUSTER_GATE_GOOD, NULL },
    { "the weather changes for all", "{\"metric\":\"t\",\"against\":\"rest\"}", N, N, 5, 5,
      MUSTER_GATE_GOOD, NULL },
    { "the weather, asked against before", "{\"metric\":\"t\",\"against\":\"before\"}", N, N, 5, 5,
      MUSTER_GATE_WORSE, "Canary: t" },
    { "the rest became better, and it did not", "{\"metric\":\"t\",\"against\":\"rest\"}", N, N, 0,
      -2, MUSTER_GATE_WORSE, "Canary: t" },
    { "so much is tolerated", "{\"metric\":\"t\",\"tolerance\":3}", N, N, 2, 0, MUSTER_GATE_GOOD,
      NULL },
    { "more than is tolerated", "{\"metric\":\"t\",\"tolerance\":3}", N, N, 5, 0, MUSTER_GATE_WORSE,
      "Canary: t" },
    { "one canary against many", "{\"metric\":\"t\",\"against\":\"rest\"}", 1, 199, 9, 0,
      MUSTER_GATE_WORSE, "Canary: t" },
    { "one canary that is well", "{\"metric\":\"t\",\"against\":\"rest\"}", 1, 199, 0, 0,
      MUSTER_GATE_GOOD, NULL },
    { "too few, and nobody else", "{\"metric\":\"t\"}", 3, 0, 9, 0, MUSTER_GATE_UNSURE, NULL },
    { "too few, and it must be sure", "{\"metric\":\"t\",\"unsure\":\"stop\"}", 3, 0, 0, 0,
      MUSTER_GATE_WORSE, "too few" },
    { "nobody", "{\"metric\":\"t\"}", 0, 20, 0, 0, MUSTER_GATE_UNSURE, NULL },
    { "a large group", "{\"metric\":\"t\"}", 400, 400, 0.3, 0, MUSTER_GATE_WORSE, "Canary: t" },
    { "a large group that is well", "{\"metric\":\"t\"}", 400, 400, 0, 0, MUSTER_GATE_GOOD, NULL },
    { "several watches, one of which finds it",
      "[{\"metric\":\"t\",\"worse\":\"lower\"},{\"metric\":\"u\"}]", N, N, 2, 0, MUSTER_GATE_WORSE,
      "u became higher" },
  };
  guint32 state = 11;

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GArray) figures = make_figures (&rows[i], &state);
      MusterGateJudgement *judgement = judge (rows[i].gate, figures);

      g_test_message ("%s", rows[i].what);
      check_judgement (judgement, rows[i].verdict, rows[i].reason);
      muster_gate_judgement_free (judgement);
    }
}

/* Events: nothing is the usual; some that begin to restart all the time are found, one is not. */
static void
test_restarts (void)
{
  static const struct
  {
    unsigned          n_restarting;
    MusterGateVerdict verdict;
  } rows[] = { { 0, MUSTER_GATE_GOOD }, { 1, MUSTER_GATE_GOOD }, { 12, MUSTER_GATE_WORSE } };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GArray) figures = g_array_new (FALSE, FALSE, sizeof (MusterGateFigure));
      MusterGateJudgement *judgement = NULL;

      for (unsigned j = 0; j < 2 * N; j++)
        {
          MusterGateFigure figure = { 0, j < rows[i].n_restarting ? 60 : 0, j >= N };

          g_array_append_val (figures, figure);
        }
      judgement = judge ("{\"watch\":\"reboots\"}", figures);
      check_judgement (judgement, rows[i].verdict,
                       rows[i].verdict == MUSTER_GATE_WORSE ? "restarts an hour" : NULL);
      muster_gate_judgement_free (judgement);
    }
}

/* Those that say nothing do not count, and are told. */
static void
test_silent (void)
{
  static const Timeline row = { .n = 20, .m = 20, .change = 0 };
  guint32               state = 3;
  g_autoptr (GArray) figures = make_figures (&row, &state);
  MusterGateJudgement *judgement = NULL;

  for (unsigned i = 0; i < 5; i++)
    g_array_index (figures, MusterGateFigure, i).after = NAN;
  g_array_index (figures, MusterGateFigure, 39).before = NAN;
  judgement = judge ("{\"metric\":\"t\"}", figures);
  check_judgement (judgement, MUSTER_GATE_GOOD, NULL);
  g_assert_nonnull (strstr (judgement->evidence, "\"updated\":{\"devices\":15,\"silent\":5"));
  g_assert_nonnull (strstr (judgement->evidence, "\"rest\":{\"devices\":19,\"silent\":1"));
  muster_gate_judgement_free (judgement);
}

/* --- windows --- */

static gint64
at (GTimeZone *zone, const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, zone);

  g_assert_nonnull (time);
  return g_date_time_to_unix_usec (time);
}

#define CALENDAR(schedule, duration, timezone)                                                     \
  "{\"schedule\":\"" schedule "\",\"duration\":\"" duration "\",\"timezone\":\"" timezone "\"}"

static void
test_windows (void)
{
  static const struct
  {
    const char *window;
    const char *now;
    gboolean    is_open;
    const char *opens; /* (nullable) */
  } rows[] = {
    { NULL, "2026-11-26T12:00:00", TRUE, NULL },
    { "{\"from\":\"22:00\",\"to\":\"04:00\"}", "2026-11-26T21:59:59", FALSE,
      "2026-11-26T22:00:00" },
    { "{\"from\":\"22:00\",\"to\":\"04:00\"}", "2026-11-26T22:00:00", TRUE, NULL },
    { "{\"from\":\"22:00\",\"to\":\"04:00\"}", "2026-11-27T03:59:59", TRUE, NULL },
    { "{\"from\":\"22:00\",\"to\":\"04:00\"}", "2026-11-27T04:00:00", FALSE,
      "2026-11-27T22:00:00" },
    /* 26 November 2026 is a Thursday, and a window belongs to the day on which it begins. */
    { "{\"days\":[4],\"from\":\"22:00\",\"to\":\"04:00\"}", "2026-11-27T02:00:00", TRUE, NULL },
    { "{\"days\":[5],\"from\":\"22:00\",\"to\":\"04:00\"}", "2026-11-27T02:00:00", FALSE,
      "2026-11-27T22:00:00" },
    { "{\"days\":[3],\"from\":\"10:00\",\"to\":\"11:00\"}", "2026-11-26T10:30:00", FALSE,
      "2026-12-02T10:00:00" },
    /* In the night of 25 October 2026 clocks go back from 3 to 2. */
    { "{\"from\":\"04:00\",\"to\":\"05:00\"}", "2026-10-24T23:00:00", FALSE,
      "2026-10-25T04:00:00" },
    /* By a calendar, whose clocks are an hour behind Berlin's here: UTC. */
    { CALENDAR ("0 30 2 ? * *", "01:00:00", "+00:00"), "2026-11-26T03:29:59", FALSE,
      "2026-11-26T03:30:00" },
    { CALENDAR ("0 30 2 ? * *", "01:00:00", "Z"), "2026-11-26T03:30:00", TRUE, NULL },
    { CALENDAR ("0 30 2 ? * *", "01:00:00", "+00:00"), "2026-11-26T04:29:59", TRUE, NULL },
    { CALENDAR ("0 30 2 ? * *", "01:00:00", "+00:00"), "2026-11-26T04:30:00", FALSE,
      "2026-11-27T03:30:00" },
    { CALENDAR ("0 30 2 ? * *", "01:00:00", "-03:30"), "2026-11-26T07:00:00", TRUE, NULL },
    { CALENDAR ("0 0 23 26 11 ? 2026", "02:00:00", "+01:00"), "2026-11-26T12:00:00", FALSE,
      "2026-11-26T23:00:00" },
    { CALENDAR ("0 0 23 26 11 ? 2026", "02:00:00", "+01:00"), "2026-11-27T00:59:59", TRUE, NULL },
    { CALENDAR ("0 0 23 26 11 ? 2026", "02:00:00", "+01:00"), "2026-11-27T01:00:00", FALSE, NULL },
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");

  g_assert_nonnull (zone);
  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64   opens_at = 0;
      gboolean is_open =
        muster_update_window_is_open (rows[i].window, zone, at (zone, rows[i].now), &opens_at);

      g_test_message ("row %u", i);
      g_assert_cmpint (is_open, ==, rows[i].is_open);
      g_assert_cmpint (opens_at, ==, rows[i].opens != NULL ? at (zone, rows[i].opens) : 0);
    }
}

static void
test_window_refusals (void)
{
  static const struct
  {
    const char *window;
    gboolean    calendars;
    const char *pointer; /* (nullable): it is good */
  } rows[] = {
    { NULL, FALSE, NULL },
    { "{\"from\":\"22:00\",\"to\":\"04:00\"}", TRUE, NULL },
    { "[]", TRUE, "/window" },
    { "{\"from\":\"22:00\"}", TRUE, "/window/to" },
    { CALENDAR ("0 0 23 ? * *", "02:00:00", "+01:00"), TRUE, NULL },
    { CALENDAR ("0 0 23 ? * *", "02:00:00", "+01:00"), FALSE, "/window/from" },
    { "{\"schedule\":\"0 0 23 ? * *\",\"duration\":\"02:00:00\"}", TRUE, NULL },
    { "{\"schedule\":\"0 0 23 ? * *\"}", TRUE, "/window/duration" },
    { CALENDAR ("0 0 23 * * *", "02:00:00", "Z"), TRUE, "/window/schedule" },
    { CALENDAR ("0 0 23 ? * *", "24:00:00", "Z"), TRUE, "/window/duration" },
    { CALENDAR ("0 0 23 ? * *", "00:00:00", "Z"), TRUE, "/window/duration" },
    { CALENDAR ("0 0 23 ? * *", "01:00:00", "Europe/Berlin"), TRUE, "/window/timezone" },
    { CALENDAR ("0 0 23 ? * *", "01:00:00", "+19:00"), TRUE, "/window/timezone" },
    { CALENDAR ("0 0 23 26 11 ? 2026", "02:00:00", "+01:00"), TRUE, NULL },
    { CALENDAR ("0 0 23 24 11 ? 2026", "02:00:00", "+01:00"), TRUE, "/window/schedule" },
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
      g_autoptr (GError) error = NULL;
      GPtrArray *fields = NULL;

      g_test_message ("row %u", i);
      muster_update_window_check (rows[i].window, rows[i].calendars,
                                  at (zone, "2026-11-26T12:00:00"), errors);
      g_assert_cmpint (muster_field_errors_check (errors, &error), ==, rows[i].pointer == NULL);
      fields = error != NULL ? muster_error_get_fields (error) : NULL;
      if (fields != NULL)
        g_assert_cmpstr (((const MusterFieldError *)fields->pdata[0])->pointer, ==,
                         rows[i].pointer);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ranks/signed", test_signed);
  g_test_add_func ("/ranks/sum", test_sum);
  g_test_add_func ("/ranks/level", test_level);
  g_test_add_func ("/rollout-gate/refused", test_refused);
  g_test_add_func ("/rollout-gate/needs-time", test_needs_time);
  g_test_add_func ("/rollout-gate/timelines", test_timelines);
  g_test_add_func ("/rollout-gate/restarts", test_restarts);
  g_test_add_func ("/rollout-gate/silent", test_silent);
  g_test_add_func ("/update-window/table", test_windows);
  g_test_add_func ("/update-window/refusals", test_window_refusals);
  return g_test_run ();
}
