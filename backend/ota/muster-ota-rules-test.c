/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/muster-error.h"
#include "muster-firmware-facts.h"
#include "muster-node-report.h"
#include "muster-preflight.h"
#include "muster-rollout-plan.h"
#include "muster-update-rules.h"

#define U(name) MUSTER_UPDATE_##name
#define F(name) MUSTER_FEEDBACK_##name
#define P(name) MUSTER_UPDATE_PHASE_##name

static void
test_steps (void)
{
  static const struct
  {
    MusterUpdateStatus from;
    MusterFeedbackKind word;
    int                to; /* -1: refused */
  } rows[] = {
    { U (WAITING), F (TOLD), U (RUNNING) },
    { U (WAITING), F (CONSENT_DENIED), U (WAITING) },
    { U (WAITING), F (CONFIRMED), U (CONFIRMED) },
    { U (WAITING), F (CANCEL_REFUSED), -1 },
    { U (RUNNING), F (DOWNLOADING), U (RUNNING) },
    { U (RUNNING), F (WARNING), U (RUNNING) },
    { U (RUNNING), F (CONFIRMED), U (CONFIRMED) },
    { U (RUNNING), F (FAILED), U (FAILED) },
    { U (RUNNING), F (REVERTED), U (REVERTED) },
    { U (RUNNING), F (CANCELLED), U (CANCELLED) },
    { U (RUNNING), F (CANCEL_FAILED), -1 },
    { U (CANCELLING), F (INSTALLING), U (CANCELLING) },
    { U (CANCELLING), F (CANCELLED), U (CANCELLED) },
    { U (CANCELLING), F (CANCEL_REFUSED), U (RUNNING) },
    { U (CANCELLING), F (CANCEL_FAILED), U (RUNNING) },
    { U (CANCELLING), F (CONFIRMED), U (CONFIRMED) },
    { U (CONFIRMED), F (CONFIRMED), U (CONFIRMED) },
    { U (CONFIRMED), F (FAILED), -1 },
    { U (CONFIRMED), F (DOWNLOADING), -1 },
    { U (FAILED), F (FAILED), U (FAILED) },
    { U (FAILED), F (CONFIRMED), -1 },
    { U (CANCELLED), F (CANCELLED), U (CANCELLED) },
    { U (CANCELLED), F (CANCEL_REFUSED), -1 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MusterUpdateStep step;
      g_autoptr (GError) error = NULL;
      gboolean taken = muster_update_step (rows[i].from, P (TOLD), MUSTER_UPDATE_KIND_FORCED,
                                           rows[i].word, &step, &error);

      g_test_message ("row %u", i);
      if (rows[i].to < 0)
        g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT);
      else
        g_assert_no_error (error);
      g_assert_cmpint (taken, ==, rows[i].to >= 0);
      if (taken)
        {
          g_assert_cmpint (step.status, ==, rows[i].to);
          g_assert_cmpint (step.is_known, ==, !muster_update_status_is_open (rows[i].from));
        }
    }
}

static void
test_download_only (void)
{
  MusterUpdateStep step;

  g_assert_true (muster_update_step (U (RUNNING), P (DOWNLOADING), MUSTER_UPDATE_KIND_DOWNLOAD_ONLY,
                                     F (DOWNLOADED), &step, NULL));
  g_assert_cmpint (step.status, ==, U (CONFIRMED));
  g_assert_true (muster_update_step (U (RUNNING), P (DOWNLOADING), MUSTER_UPDATE_KIND_SOFT,
                                     F (DOWNLOADED), &step, NULL));
  g_assert_cmpint (step.status, ==, U (RUNNING));
  g_assert_cmpint (step.phase, ==, P (DOWNLOADED));
}

static void
test_versions (void)
{
  static const char *const ascending[] = { "0.9",   "1.0~beta", "1.0-rc1", "1.0-rc2", "1.0",
                                           "1.0.1", "1.2",      "1.10",    "2",       "10" };

  for (unsigned i = 0; i < G_N_ELEMENTS (ascending); i++)
    for (unsigned j = 0; j < G_N_ELEMENTS (ascending); j++)
      {
        int order = muster_version_compare (ascending[i], ascending[j]);

        g_test_message ("%s and %s", ascending[i], ascending[j]);
        g_assert_cmpint (i < j ? -1 : i > j, ==, order < 0 ? -1 : order > 0);
      }
  g_assert_cmpint (muster_version_compare ("1.02", "1.2"), ==, 0);
}

/* --- reports of nodes --- */

static void
test_reports (void)
{
  static const struct
  {
    const char        *state;
    const char        *error;
    MusterUpdateStatus status;
    MusterUpdatePhase  phase;
    int                kind; /* -1: nothing new */
  } rows[] = {
    { "idle", NULL, U (RUNNING), P (TOLD), -1 },
    { "idle", NULL, U (CANCELLING), P (TOLD), F (CANCELLED) },
    { "failed", "cancelled: told to", U (CANCELLING), P (DOWNLOADING), F (CANCELLED) },
    { "failed", "bad-signature: x", U (CANCELLING), P (DOWNLOADING), F (FAILED) },
    { "downloading", NULL, U (RUNNING), P (DOWNLOADING), F (DOWNLOADING) },
    { "downloaded", NULL, U (RUNNING), P (DOWNLOADING), F (DOWNLOADED) },
    { "downloaded", NULL, U (RUNNING), P (DOWNLOADED), -1 },
    { "rebooting", NULL, U (RUNNING), P (INSTALLING), F (REBOOTING) },
    { "confirming", NULL, U (RUNNING), P (CONFIRMING), -1 },
    { "confirmed", NULL, U (RUNNING), P (CONFIRMING), F (CONFIRMED) },
    { "reverted", NULL, U (RUNNING), P (TOLD), F (REVERTED) },
    { "dancing", NULL, U (RUNNING), P (TOLD), -1 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MusterNodeReport) report = muster_node_report_new ();
      MusterFeedbackKind kind = F (TOLD);
      gboolean           is_new;

      report->state = g_strdup (rows[i].state);
      report->error = g_strdup (rows[i].error);
      is_new = muster_node_report_read (report, rows[i].status, rows[i].phase, &kind);
      g_test_message ("row %u", i);
      g_assert_cmpint (is_new, ==, rows[i].kind >= 0);
      if (is_new)
        g_assert_cmpint (kind, ==, rows[i].kind);
    }
}

/* --- what devices have to be updated with --- */

static void
test_reserves (void)
{
  static const struct
  {
    MusterReserve   reserve;
    MusterPreflight reasons;
    const char     *text; /* of power or space */
  } rows[] = {
    { { NAN, 20, 0 }, 0, NULL },
    { { 20, 20, 0 }, 0, NULL },
    { { 19.9, 20, 0 }, MUSTER_PREFLIGHT_POWER, "its battery is at 19 %, at least 20 % are needed" },
    { { 12, 20, 0 }, MUSTER_PREFLIGHT_POWER, "its battery is at 12 %, at least 20 % are needed" },
    { { 0, 0, 0 }, 0, NULL },
    { { NAN, 20, 5000 }, 0, NULL },
    { { NAN, 20, 4999 },
      MUSTER_PREFLIGHT_SPACE,
      "it has room for 4999 bytes, and the firmware has 5000" },
  };
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  g_auto (MusterPreflightGift) gift = { .parts = g_ptr_array_new_with_free_func (g_object_unref) };
  MusterEntity *small = muster_entity_new (&muster_firmware_artifact_info);
  MusterEntity *large = muster_entity_new (&muster_firmware_artifact_info);

  muster_entity_set_integer (small, "size", 100);
  muster_entity_set_integer (large, "size", 5000);
  g_ptr_array_add (gift.parts, small);
  g_ptr_array_add (gift.parts, large);
  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MusterPreflight reasons = muster_preflight_check (device, &gift, &rows[i].reserve, 0, TRUE) &
                                (MUSTER_PREFLIGHT_POWER | MUSTER_PREFLIGHT_SPACE);
      g_auto (GStrv) texts = muster_preflight_describe (reasons, device, &gift, &rows[i].reserve);

      g_test_message ("row %u", i);
      g_assert_cmpuint (reasons, ==, rows[i].reasons);
      g_assert_cmpuint (reasons & ~MUSTER_PREFLIGHT_NEVER, ==, 0);
      g_assert_cmpstr (texts[0], ==, rows[i].text);
    }
}

/* --- plans --- */

static MusterEntity *
make_rollout (const char *plan)
{
  MusterEntity *rollout = muster_entity_new (&muster_rollout_info);

  muster_entity_set_string (rollout, "plan", plan);
  return rollout;
}

static void
test_split (void)
{
  static const struct
  {
    const char *plan;
    gint64      n_devices;
    gint64      sizes[4]; /* ended by -1 */
  } rows[] = {
    { NULL, 7, { 7, -1 } },
    { "[]", 7, { 7, -1 } },
    { "[{\"name\":\"Canary\",\"count\":2}]", 7, { 2, 5, -1 } },
    { "[{\"count\":2},{\"percent\":50},{}]", 10, { 2, 5, 3, -1 } },
    { "[{\"percent\":10},{\"percent\":10}]", 3, { 1, 1, 1, -1 } },
    { "[{\"count\":5},{\"percent\":100}]", 3, { 3, 0, 0, -1 } },
    { "[{\"percent\":33.3},{}]", 1000, { 333, 667, -1 } },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MusterEntity) rollout = make_rollout (rows[i].plan);
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) plan = muster_rollout_plan_read (rollout, &error);
      g_autoptr (GArray) groups = NULL;
      gint64 sizes[4] = { 0 };
      guint  n = 0;

      g_test_message ("row %u", i);
      g_assert_no_error (error);
      groups = muster_rollout_plan_split (plan, rows[i].n_devices, NULL, NULL);
      for (guint device = 0; device < groups->len; device++)
        sizes[g_array_index (groups, guint, device)]++;
      for (; rows[i].sizes[n] >= 0; n++)
        g_assert_cmpint (sizes[n], ==, rows[i].sizes[n]);
      g_assert_cmpuint (plan->len, ==, n);
    }
}

/* The first group of the plans below may take what is even, the second what is below 6. */
static gboolean
matches (guint group, guint device, gpointer user_data)
{
  return group == 0 ? device % 2 == 0 : device < 6;
}

/* Groups with a filter take of those that match and are left. */
static void
test_split_matching (void)
{
  static const struct
  {
    const char *plan;
    const char *groups; /* of ten devices */
    gboolean    is_rest;
  } rows[] = {
    { "[{\"target_query\":\"a==1\"},{\"target_query\":\"b==1\"},{}]", "0101010202", FALSE },
    { "[{\"target_query\":\"a==1\"},{\"target_query\":\"b==1\"}]", "0101010202", TRUE },
    { "[{\"target_query\":\"a==1\",\"share\":50},{\"target_query\":\"b==1\",\"count\":2}]",
      "0101022222", TRUE },
    { "[{\"target_query\":\"a==1\",\"percent\":10},{\"share\":50}]", "0111112222", TRUE },
    { "[{\"target_query\":\"a==1\"},{\"share\":100}]", "0101010101", FALSE },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MusterEntity) rollout = make_rollout (rows[i].plan);
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) plan = muster_rollout_plan_read (rollout, &error);
      g_autoptr (GArray) groups = NULL;
      char text[11] = "";

      g_test_message ("%s", rows[i].plan);
      g_assert_no_error (error);
      groups = muster_rollout_plan_split (plan, 10, matches, NULL);
      for (guint device = 0; device < groups->len; device++)
        text[device] = (char)('0' + g_array_index (groups, guint, device));
      g_assert_cmpstr (text, ==, rows[i].groups);
      g_assert_cmpint (g_array_index (plan, MusterRolloutGroupPlan, plan->len - 1).is_rest, ==,
                       rows[i].is_rest);
    }
}

/* Whether its devices are asked is the rollout's word, unless the group has its own. */
static void
test_consent (void)
{
  g_autoptr (MusterEntity) rollout =
              make_rollout ("[{\"count\":1},{\"confirmation_required\":false}]");
  g_autoptr (GArray) plan = NULL;

  muster_entity_set_boolean (rollout, "confirmation_required", TRUE);
  plan = muster_rollout_plan_read (rollout, NULL);
  g_assert_true (g_array_index (plan, MusterRolloutGroupPlan, 0).confirmation_required);
  g_assert_false (g_array_index (plan, MusterRolloutGroupPlan, 1).confirmation_required);
}

static void
test_bad_plans (void)
{
  static const char *const plans[] = { "{}",
                                       "[3]",
                                       "[{\"count\":0}]",
                                       "[{\"count\":\"x\"}]",
                                       "[{\"percent\":101}]",
                                       "[{\"count\":1,\"percent\":1}]",
                                       "[{\"count\":1,\"share\":1}]",
                                       "[{\"share\":0}]",
                                       "[{\"target_query\":\"a=b\"}]",
                                       "[{\"target_query\":[]}]",
                                       "[{\"confirmation_required\":\"yes\"}]",
                                       "[{\"manual\":1}]",
                                       "[{\"name\":\"\"}]",
                                       "[{\"error_threshold\":0}]" };

  for (unsigned i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr (MusterEntity) rollout = make_rollout (plans[i]);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", plans[i]);
      g_assert_null (muster_rollout_plan_read (rollout, &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
    }
}

#define G(name) MUSTER_ROLLOUT_GROUP_##name
#define M(name) MUSTER_ROLLOUT_##name

/* A running rollout at 1000 µs, and its next move. */
static const struct
{
  const char             *what;
  MusterRolloutGroupState groups[2];
  gint64                  soak;
  MusterGateVerdict       verdict;
  MusterRolloutMove       move;
  unsigned                group;
} moves[] = {
  { "the first begins", { { G (WAITING), { 2, 2 }, 100, 10 } }, 0, MUSTER_GATE_NONE, M (BEGIN), 0 },
  { "or is asked for",
    { { G (WAITING), { 2, 2 }, 100, 10, TRUE } },
    0,
    MUSTER_GATE_NONE,
    M (ASK),
    0 },
  { "and waits", { { G (GATE), { 2, 2 }, 100, 10, TRUE } }, 0, MUSTER_GATE_NONE, M (WAIT), 0 },
  { "until opened",
    { { G (GATE), { 2, 2 }, 100, 10, TRUE, TRUE } },
    0,
    MUSTER_GATE_NONE,
    M (BEGIN),
    0 },
  { "runs", { { G (RUNNING), { 4, 1, 1, 2 }, 100, 50 } }, 0, MUSTER_GATE_NONE, M (WAIT), 0 },
  { "is through", { { G (RUNNING), { 4, 0, 0, 4 }, 100, 50 } }, 0, MUSTER_GATE_NONE, M (WATCH), 0 },
  { "enough is through",
    { { G (RUNNING), { 4, 1, 0, 3 }, 75, 50 } },
    0,
    MUSTER_GATE_NONE,
    M (WATCH),
    0 },
  { "not yet enough",
    { { G (RUNNING), { 4, 1, 1, 2 }, 75, 50 } },
    0,
    MUSTER_GATE_NONE,
    M (WAIT),
    0 },
  { "one failed of ten",
    { { G (RUNNING), { 10, 5, 4, 0, 1 }, 100, 10 } },
    0,
    MUSTER_GATE_NONE,
    M (FAIL),
    0 },
  { "less than may",
    { { G (RUNNING), { 11, 5, 5, 0, 1 }, 100, 10 } },
    0,
    MUSTER_GATE_NONE,
    M (WAIT),
    0 },
  { "failed, and the rest is through",
    { { G (RUNNING), { 20, 0, 0, 19, 1 }, 100, 10 } },
    0,
    MUSTER_GATE_NONE,
    M (WATCH),
    0 },
  { "those that were cancelled hide no failure",
    { { G (RUNNING), { 10, 0, 0, 0, 1, 9 }, 100, 50 } },
    0,
    MUSTER_GATE_NONE,
    M (FAIL),
    0 },
  { "all over with too few",
    { { G (RUNNING), { 10, 0, 0, 6, 4 }, 90, 50 } },
    0,
    MUSTER_GATE_NONE,
    M (FAIL),
    0 },
  { "stragglers of one that is done fail",
    { { G (DONE), { 10, 0, 2, 5, 3 }, 50, 30 }, { G (RUNNING), { 1, 0, 1 }, 100, 10 } },
    0,
    MUSTER_GATE_NONE,
    M (FAIL),
    0 },
  { "all cancelled",
    { { G (RUNNING), { 2, 0, 0, 0, 0, 2 }, 100, 10 } },
    0,
    MUSTER_GATE_NONE,
    M (WATCH),
    0 },
  { "an empty one", { { G (RUNNING), { 0 }, 100, 10 } }, 0, MUSTER_GATE_NONE, M (WATCH), 0 },
  { "is watched",
    { { G (WATCHED), { 2, 0, 0, 2 }, 100, 10, .done_at = 950 } },
    100,
    MUSTER_GATE_NONE,
    M (WAIT),
    0 },
  { "long enough",
    { { G (WATCHED), { 2, 0, 0, 2 }, 100, 10, .done_at = 900 } },
    100,
    MUSTER_GATE_NONE,
    M (PASS),
    0 },
  { "then judged",
    { { G (WATCHED), { 2, 0, 0, 2 }, 100, 10, .done_at = 900 } },
    100,
    MUSTER_GATE_UNKNOWN,
    M (JUDGE),
    0 },
  { "good",
    { { G (WATCHED), { 2, 0, 0, 2 }, 100, 10, .done_at = 900 } },
    100,
    MUSTER_GATE_GOOD,
    M (PASS),
    0 },
  { "worse",
    { { G (WATCHED), { 2, 0, 0, 2 }, 100, 10, .done_at = 900 } },
    100,
    MUSTER_GATE_WORSE,
    M (FAIL),
    0 },
  { "late failures",
    { { G (WATCHED), { 2, 0, 0, 1, 1 }, 100, 10, .done_at = 990 } },
    100,
    MUSTER_GATE_NONE,
    M (FAIL),
    0 },
  { "the second begins",
    { { G (DONE), { 2, 0, 0, 2 }, 100, 10 }, { G (WAITING), { 1, 1 }, 100, 10 } },
    0,
    MUSTER_GATE_NONE,
    M (BEGIN),
    1 },
  { "in spite of the first",
    { { G (FAILED), { 2, 0, 0, 0, 2 }, 100, 10 }, { G (WAITING), { 1, 1 }, 100, 10 } },
    0,
    MUSTER_GATE_NONE,
    M (BEGIN),
    1 },
  { "all done",
    { { G (DONE), { 2, 0, 0, 2 }, 100, 10 }, { G (DONE), { 1, 0, 0, 1 }, 100, 10 } },
    0,
    MUSTER_GATE_NONE,
    M (FINISH),
    2 },
  { "all done but stragglers",
    { { G (DONE), { 2, 0, 1, 1 }, 50, 60 }, { G (DONE), { 1, 0, 0, 1 }, 100, 10 } },
    0,
    MUSTER_GATE_NONE,
    M (WAIT),
    2 },
};

static void
test_moves (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      unsigned          n_groups = moves[i].groups[1].success_threshold != 0 ? 2 : 1, group = 9;
      MusterRolloutMove move = muster_rollout_plan_move (moves[i].groups, n_groups, moves[i].soak,
                                                         moves[i].verdict, 1000, &group);

      g_test_message ("%s", moves[i].what);
      g_assert_cmpint (move, ==, moves[i].move);
      g_assert_cmpuint (group, ==, moves[i].group);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ota/steps", test_steps);
  g_test_add_func ("/ota/download-only", test_download_only);
  g_test_add_func ("/ota/versions", test_versions);
  g_test_add_func ("/ota/reports", test_reports);
  g_test_add_func ("/ota/reserves", test_reserves);
  g_test_add_func ("/ota/split", test_split);
  g_test_add_func ("/ota/split-matching", test_split_matching);
  g_test_add_func ("/ota/consent", test_consent);
  g_test_add_func ("/ota/bad-plans", test_bad_plans);
  g_test_add_func ("/ota/moves", test_moves);
  return g_test_run ();
}
