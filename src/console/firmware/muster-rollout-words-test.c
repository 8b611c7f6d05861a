/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-firmware-update.h"
#include "model/muster-rollout-group.h"
#include "muster-rollout-words.h"
#include "muster-share-bar.h"
#include "muster-update-progress.h"

static void
check_filter (const char *filter, const char *expected)
{
  g_autoptr (MusterEntity) rollout = muster_entity_new (&muster_rollout_info);
  g_autofree char *text = NULL;

  muster_entity_set_string (rollout, "filter", filter);
  text = muster_rollout_describe_filter (rollout);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_filter (void)
{
  check_filter (NULL, NULL);
  check_filter ("", "All devices");
  check_filter ("q=cold&status=deployed,sold", "“cold” · Status: Deployed, Sold");
  check_filter ("model=TH-10", "Model: TH-10");
  check_filter ("nonsense=1", "nonsense: 1");
}

/* A tool of hawkBit's says it in words of its own. */
static void
test_clients (void)
{
  g_autoptr (MusterEntity) rollout = muster_entity_new (&muster_rollout_info);
  g_autofree char *text = NULL;

  muster_entity_set_string (rollout, "target_query", "controllerid==dev*");
  text = muster_rollout_describe_filter (rollout);
  g_assert_cmpstr (text, ==, "controllerid==dev*");
}

static void
test_gate_and_window (void)
{
  g_autoptr (MusterEntity) rollout = muster_entity_new (&muster_rollout_info);
  g_autofree char *none = muster_rollout_describe_gate (rollout);
  g_autofree char *always = muster_rollout_describe_window (rollout);
  g_autofree char *gate = NULL;
  g_autofree char *window = NULL;

  g_assert_null (none);
  g_assert_null (always);
  muster_entity_set_string (rollout, "gate", "{\"metric\":\"Current\",\"worse\":\"lower\"}");
  muster_entity_set_string (rollout, "window",
                            "{\"days\":[6,7],\"from\":\"22:00\",\"to\":\"04:00\"}");
  gate = muster_rollout_describe_gate (rollout);
  window = muster_rollout_describe_window (rollout);
  g_assert_cmpstr (gate, ==,
                   "Current must not become lower: Against before and the rest · false alarm "
                   "1\u00a0%");
  g_assert_nonnull (strstr (window, "22:00"));
}

static void
test_watches (void)
{
  g_autoptr (MusterEntity) rollout = muster_entity_new (&muster_rollout_info);
  g_autofree char *gate = NULL;

  muster_entity_set_string (rollout, "gate",
                            "[{\"watch\":\"errors\",\"against\":\"before\",\"tolerance\":0.5},"
                            "{\"watch\":\"reboots\",\"against\":\"rest\",\"alpha\":0.0005,"
                            "\"unsure\":\"stop\"}]");
  gate = muster_rollout_describe_gate (rollout);
  g_assert_cmpstr (gate, ==,
                   "Errors must not become more frequent: Against before · 0.5 tolerated · false "
                   "alarm 1\u00a0%\n"
                   "Restarts must not become more frequent: Against devices not updated yet · "
                   "false alarm 0.05\u00a0% · stops when too few tell");
}

/* TEXTS: each finding and its figures, up to NULL. */
static void
check_evidence (const char *json, const char *const *texts)
{
  g_autoptr (MusterEntity) group = muster_entity_new (&muster_rollout_group_info);
  g_autoptr (GPtrArray) findings = NULL;

  muster_entity_set_string (group, "evidence", json);
  findings = muster_rollout_list_findings (group);
  for (unsigned i = 0; i < findings->len; i++)
    {
      const MusterGateFinding *finding = findings->pdata[i];

      g_assert_cmpstr (finding->text, ==, texts[2 * i]);
      g_assert_cmpstr (finding->figures, ==, texts[2 * i + 1]);
    }
  g_assert_null (texts[(gsize)2 * findings->len]);
}

static void
test_evidence (void)
{
  check_evidence (NULL, (const char *const[]){ NULL });
  check_evidence ("[]", (const char *const[]){ NULL });
  check_evidence ("{\"watches\":[{\"watch\":\"errors\",\"verdict\":\"unsure\"},"
                  "{\"watch\":\"metric\",\"metric\":\"Current\",\"verdict\":\"worse\","
                  "\"alpha\":0.005,\"updated\":{\"devices\":12,\"silent\":2,\"median_before\":2,"
                  "\"median_after\":2.5},\"rest\":{\"devices\":0,\"median_before\":null,"
                  "\"median_after\":null},\"against_before\":{\"p\":0.00001},"
                  "\"against_rest\":{\"p\":null}}]}",
                  (const char *const[]){
                    "Errors an hour: too few devices tell", "",
                    "Current: worse, 2 before, 2.50 after",
                    "12 devices told · 2 said nothing · against before p = 1×10⁻⁵ · 0.005 or less "
                    "is no accident",
                    NULL });
  check_evidence ("{\"watches\":{\"watch\":\"reboots\",\"verdict\":\"good\",\"rest\":{"
                  "\"median_before\":0,\"median_after\":1}}}",
                  (const char *const[]){ "Restarts an hour: not worse",
                                         "the rest: 0 before, 1 after", NULL });
}

static void
test_start (void)
{
  g_autoptr (MusterEntity) rollout = muster_entity_new (&muster_rollout_info);
  g_autofree char *text = NULL;

  muster_entity_set_string (rollout, "plan", "[{\"count\":1},{}]");
  text = muster_rollout_describe_start (rollout, 3, 5);
  g_assert_nonnull (strstr (text, "3 of 5 devices"));
  g_assert_nonnull (strstr (text, "2 groups"));
}

static void
check_update (int status, int phase, int progress, const char *expected, double fraction)
{
  g_autoptr (MusterEntity) update = muster_entity_new (&muster_firmware_update_info);
  g_autofree char *text = NULL;

  muster_entity_set_enum (update, "status", status);
  muster_entity_set_enum (update, "phase", phase);
  if (progress >= 0)
    muster_entity_set_integer (update, "progress", progress);
  text = muster_update_describe (update);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpfloat_with_epsilon (muster_update_get_fraction (update), fraction, 1e-9);
}

static void
check_consent (int confirmation, const char *expected)
{
  g_autoptr (MusterEntity) update = muster_entity_new (&muster_firmware_update_info);
  g_autofree char *text = NULL;

  muster_entity_set_enum (update, "confirmation", confirmation);
  text = muster_update_describe (update);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_consent (void)
{
  check_consent (MUSTER_UPDATE_CONSENT_NEEDED, "Waits for consent at the device");
  check_consent (MUSTER_UPDATE_CONSENT_DENIED, "Waits, as consent was denied at the device");
  check_consent (MUSTER_UPDATE_CONSENT_GIVEN, "Waiting");
}

static void
test_update (void)
{
  check_update (MUSTER_UPDATE_WAITING, MUSTER_UPDATE_PHASE_NONE, -1, "Waiting", 0);
  check_update (MUSTER_UPDATE_RUNNING, MUSTER_UPDATE_PHASE_DOWNLOADING, 40, "Downloading 40\u00a0%",
                0.31);
  check_update (MUSTER_UPDATE_RUNNING, MUSTER_UPDATE_PHASE_CONFIRMING, -1, "Confirming", 0.94);
  check_update (MUSTER_UPDATE_CONFIRMED, MUSTER_UPDATE_PHASE_NONE, -1, "Confirmed", 1);
  check_update (MUSTER_UPDATE_REVERTED, MUSTER_UPDATE_PHASE_NONE, -1, "Reverted", 0);
}

static void
test_fetched (void)
{
  g_autoptr (MusterEntity) update = muster_entity_new (&muster_firmware_update_info);
  g_autofree char *nothing = muster_update_describe_fetched (update);
  g_autofree char *part = NULL;
  g_autofree char *of_all = NULL;

  g_assert_null (nothing);
  muster_entity_set_integer (update, "fetched", 120400);
  part = muster_update_describe_fetched (update);
  g_assert_cmpstr (part, ==, "120.4\u00a0kB");
  muster_entity_set_integer (update, "size", 1200256);
  of_all = muster_update_describe_fetched (update);
  g_assert_cmpstr (of_all, ==, "120.4\u00a0kB of 1.2\u00a0MB");
}

static void
test_shares (void)
{
  const MusterShares shares = { 40, 12, 3, 1 };
  g_autofree char   *text = muster_shares_describe (&shares);

  g_assert_cmpstr (text, ==, "12 of 40 succeeded, 3 under way, 1 failed");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rollout-words/filter", test_filter);
  g_test_add_func ("/rollout-words/clients", test_clients);
  g_test_add_func ("/rollout-words/gate-and-window", test_gate_and_window);
  g_test_add_func ("/rollout-words/watches", test_watches);
  g_test_add_func ("/rollout-words/evidence", test_evidence);
  g_test_add_func ("/rollout-words/start", test_start);
  g_test_add_func ("/rollout-words/update", test_update);
  g_test_add_func ("/rollout-words/consent", test_consent);
  g_test_add_func ("/rollout-words/fetched", test_fetched);
  g_test_add_func ("/rollout-words/shares", test_shares);
  return g_test_run ();
}
