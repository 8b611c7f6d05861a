/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-liveness-test"

#include "config.h"

#include <string.h>

#include "core/muster-clock.h"
#include "muster-liveness.h"

#define START G_GINT64_CONSTANT (1767225600000000)
#define SECOND G_TIME_SPAN_SECOND

typedef struct
{
  MusterClock   *clock;
  MusterLiveness live;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  memset (fixture, 0, sizeof *fixture);
  fixture->clock = muster_manual_clock_new (START);
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (fixture->clock), SECOND);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  muster_liveness_clear (&fixture->live);
  g_assert_finalize_object (fixture->clock);
}

static MusterMoment
now (Fixture *fixture)
{
  return (MusterMoment){ muster_clock_get_now (fixture->clock),
                         muster_clock_get_monotonic (fixture->clock) };
}

static void
pass (Fixture *fixture, gint64 seconds)
{
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (fixture->clock), seconds * SECOND);
}

static void
report (Fixture *fixture, MusterProofKind kind)
{
  muster_liveness_report (&fixture->live, kind, now (fixture).now, NULL, now (fixture));
}

static void
assert_state (Fixture *fixture, MusterLiveState state, unsigned fresh)
{
  muster_liveness_update (&fixture->live, FALSE, now (fixture));
  g_assert_cmpint (fixture->live.state, ==, state);
  g_assert_cmpuint (fixture->live.fresh, ==, fresh);
}

/* Each proof keeps the device online for exactly its window. */
static void
test_windows (Fixture *fixture, gconstpointer data)
{
  for (unsigned kind = 0; kind < MUSTER_N_PROOFS; kind++)
    {
      gint64 window = muster_proof_kind_get_window (kind);

      g_assert_nonnull (muster_proof_kind_get_nick (kind));
      if (window == G_MAXINT64)
        continue;
      report (fixture, kind);
      assert_state (fixture, MUSTER_LIVE_ONLINE, 1u << kind);
      g_assert_cmpint (muster_liveness_get_deadline (&fixture->live, now (fixture).monotonic), ==,
                       now (fixture).monotonic + window);
      pass (fixture, window / SECOND - 1);
      assert_state (fixture, MUSTER_LIVE_ONLINE, 1u << kind);
      pass (fixture, 1);
      assert_state (fixture, MUSTER_LIVE_OFFLINE, 0);
      g_assert_cmpint (fixture->live.since, ==, now (fixture).now);
      g_assert_cmpint (muster_liveness_get_deadline (&fixture->live, now (fixture).monotonic), ==,
                       G_MAXINT64);
    }
}

static void
test_mqtt_lasts (Fixture *fixture, gconstpointer data)
{
  report (fixture, MUSTER_PROOF_MQTT);
  pass (fixture, 1000000);
  assert_state (fixture, MUSTER_LIVE_ONLINE, 1u << MUSTER_PROOF_MQTT);
  g_assert_cmpint (muster_liveness_get_deadline (&fixture->live, now (fixture).monotonic), ==,
                   G_MAXINT64);
  muster_liveness_withdraw (&fixture->live, MUSTER_PROOF_MQTT, "keep-alive ran out", now (fixture));
  assert_state (fixture, MUSTER_LIVE_OFFLINE, 0);
}

static void
test_any_fresh_one (Fixture *fixture, gconstpointer data)
{
  report (fixture, MUSTER_PROOF_MQTT);
  report (fixture, MUSTER_PROOF_TCP);
  assert_state (fixture, MUSTER_LIVE_ONLINE, 1u << MUSTER_PROOF_MQTT | 1u << MUSTER_PROOF_TCP);
  muster_liveness_withdraw (&fixture->live, MUSTER_PROOF_MQTT, "closed", now (fixture));
  assert_state (fixture, MUSTER_LIVE_ONLINE, 1u << MUSTER_PROOF_TCP);
  g_assert_cmpint (fixture->live.since, ==, now (fixture).now);
  pass (fixture, 4);
  assert_state (fixture, MUSTER_LIVE_ONLINE, 1u << MUSTER_PROOF_TCP);
  report (fixture, MUSTER_PROOF_HTTP);
  pass (fixture, 1);
  assert_state (fixture, MUSTER_LIVE_ONLINE, 1u << MUSTER_PROOF_HTTP);
  pass (fixture, 89);
  assert_state (fixture, MUSTER_LIVE_OFFLINE, 0);
}

/* The last samples of a session are stored when it has ended already: they prove nothing. */
static void
test_echo (Fixture *fixture, gconstpointer data)
{
  report (fixture, MUSTER_PROOF_MQTT);
  report (fixture, MUSTER_PROOF_SAMPLE);
  muster_liveness_withdraw (&fixture->live, MUSTER_PROOF_SAMPLE, NULL, now (fixture));
  muster_liveness_withdraw (&fixture->live, MUSTER_PROOF_MQTT, "will", now (fixture));
  assert_state (fixture, MUSTER_LIVE_OFFLINE, 0);
  report (fixture, MUSTER_PROOF_SAMPLE);
  assert_state (fixture, MUSTER_LIVE_OFFLINE, 0);
  pass (fixture, 5);
  report (fixture, MUSTER_PROOF_SAMPLE);
  assert_state (fixture, MUSTER_LIVE_ONLINE, 1u << MUSTER_PROOF_SAMPLE);
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  pass (fixture, 1000000);
  assert_state (fixture, MUSTER_LIVE_UNKNOWN, 0);
  g_assert_true (muster_liveness_update (&fixture->live, TRUE, now (fixture)));
  g_assert_cmpint (fixture->live.state, ==, MUSTER_LIVE_OFFLINE);
  g_assert_false (muster_liveness_update (&fixture->live, TRUE, now (fixture)));
}

/* Why a proof had ended is not said of a new one. */
static void
test_reason_ends (Fixture *fixture, gconstpointer data)
{
  report (fixture, MUSTER_PROOF_MQTT);
  muster_liveness_withdraw (&fixture->live, MUSTER_PROOF_MQTT, "its session ended", now (fixture));
  g_assert_cmpstr (fixture->live.proofs[MUSTER_PROOF_MQTT].detail, ==, "its session ended");
  pass (fixture, 1);
  muster_liveness_report (&fixture->live, MUSTER_PROOF_MQTT, now (fixture).now, NULL,
                          now (fixture));
  g_assert_null (fixture->live.proofs[MUSTER_PROOF_MQTT].detail);
  /* What was told while it is fresh stays. */
  muster_liveness_report (&fixture->live, MUSTER_PROOF_HTTP, now (fixture).now,
                          "it was paired with", now (fixture));
  muster_liveness_report (&fixture->live, MUSTER_PROOF_HTTP, now (fixture).now, NULL,
                          now (fixture));
  g_assert_cmpstr (fixture->live.proofs[MUSTER_PROOF_HTTP].detail, ==, "it was paired with");
}

/* While the broker is away nobody is offline for it; whoever was so before stays so. */
static void
test_doubt (Fixture *fixture, gconstpointer data)
{
  report (fixture, MUSTER_PROOF_MQTT);
  assert_state (fixture, MUSTER_LIVE_ONLINE, 1u << MUSTER_PROOF_MQTT);
  muster_liveness_doubt (&fixture->live, 90 * SECOND, "the broker is away", now (fixture));
  assert_state (fixture, MUSTER_LIVE_UNKNOWN, 0);
  g_assert_cmpint (muster_liveness_get_deadline (&fixture->live, now (fixture).monotonic), ==,
                   now (fixture).monotonic + 90 * SECOND);
  pass (fixture, 89);
  assert_state (fixture, MUSTER_LIVE_UNKNOWN, 0);
  pass (fixture, 1);
  assert_state (fixture, MUSTER_LIVE_OFFLINE, 0);
  muster_liveness_doubt (&fixture->live, 90 * SECOND, "the broker is away", now (fixture));
  assert_state (fixture, MUSTER_LIVE_OFFLINE, 0);
  report (fixture, MUSTER_PROOF_MQTT);
  muster_liveness_update (&fixture->live, TRUE, now (fixture));
  muster_liveness_doubt (&fixture->live, 90 * SECOND, "the broker is away", now (fixture));
  muster_liveness_withdraw (&fixture->live, MUSTER_PROOF_MQTT, "death", now (fixture));
  assert_state (fixture, MUSTER_LIVE_OFFLINE, 0);
}

/* Steps of the wall clock change no freshness. */
static void
test_wall_clock_steps (Fixture *fixture, gconstpointer data)
{
  report (fixture, MUSTER_PROOF_TCP);
  muster_manual_clock_set_now (MUSTER_MANUAL_CLOCK (fixture->clock), START + 86400 * SECOND);
  assert_state (fixture, MUSTER_LIVE_ONLINE, 1u << MUSTER_PROOF_TCP);
  muster_manual_clock_set_now (MUSTER_MANUAL_CLOCK (fixture->clock), START - 86400 * SECOND);
  pass (fixture, 90);
  assert_state (fixture, MUSTER_LIVE_OFFLINE, 0);
}

static void
test_old_and_future_proofs (Fixture *fixture, gconstpointer data)
{
  gint64 at = now (fixture).now;

  muster_liveness_report (&fixture->live, MUSTER_PROOF_SAMPLE, at - 170 * SECOND, NULL,
                          now (fixture));
  assert_state (fixture, MUSTER_LIVE_ONLINE, 1u << MUSTER_PROOF_SAMPLE);
  pass (fixture, 10);
  assert_state (fixture, MUSTER_LIVE_OFFLINE, 0);
  muster_liveness_report (&fixture->live, MUSTER_PROOF_SAMPLE, at - 3600 * SECOND, NULL,
                          now (fixture));
  assert_state (fixture, MUSTER_LIVE_OFFLINE, 0);
  g_assert_cmpint (muster_liveness_get_last_seen (&fixture->live), ==, at - 170 * SECOND);
  muster_liveness_report (&fixture->live, MUSTER_PROOF_SAMPLE, at + 3600 * SECOND, NULL,
                          now (fixture));
  g_assert_cmpint (muster_liveness_get_last_seen (&fixture->live), ==, now (fixture).now);
  pass (fixture, 180);
  assert_state (fixture, MUSTER_LIVE_OFFLINE, 0);
}

static void
test_words (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nothing = muster_liveness_describe (&fixture->live, now (fixture));
  g_autofree char *at_once = NULL;
  g_autofree char *online = NULL;
  g_autofree char *offline = NULL;
  g_autoptr (GString) json = g_string_new ("{");

  g_assert_cmpstr (nothing, ==, "never heard since the start");
  report (fixture, MUSTER_PROOF_MQTT);
  report (fixture, MUSTER_PROOF_SAMPLE);
  muster_liveness_update (&fixture->live, FALSE, now (fixture));
  at_once = muster_liveness_describe (&fixture->live, now (fixture));
  g_assert_cmpstr (at_once, ==, "MQTT session open, sample just now");
  pass (fixture, 2);
  muster_liveness_update (&fixture->live, FALSE, now (fixture));
  online = muster_liveness_describe (&fixture->live, now (fixture));
  g_assert_cmpstr (online, ==, "MQTT session open, sample 2 s ago");
  muster_liveness_withdraw (&fixture->live, MUSTER_PROOF_MQTT, "will of the device", now (fixture));
  muster_liveness_withdraw (&fixture->live, MUSTER_PROOF_SAMPLE, NULL, now (fixture));
  muster_liveness_update (&fixture->live, FALSE, now (fixture));
  offline = muster_liveness_describe (&fixture->live, now (fixture));
  g_assert_cmpstr (offline, ==, "MQTT session closed (will of the device), sample 2 s ago");
  muster_liveness_append_json (&fixture->live, now (fixture), json);
  g_assert_cmpstr (
    json->str, ==,
    "{\"state\":\"offline\",\"since\":\"2026-01-01T00:00:03.000Z\",\"proofs\":["
    "{\"kind\":\"mqtt\",\"at\":\"2026-01-01T00:00:01.000Z\",\"age_ms\":2000,\"fresh\":false,\"detail\":\"will of the device\"},"
    "{\"kind\":\"sample\",\"at\":\"2026-01-01T00:00:01.000Z\",\"age_ms\":2000,\"fresh\":false,\"detail\":null}]");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/liveness/windows", test_windows);
  ADD ("/liveness/mqtt-lasts", test_mqtt_lasts);
  ADD ("/liveness/any-fresh-one", test_any_fresh_one);
  ADD ("/liveness/echo", test_echo);
  ADD ("/liveness/unknown", test_unknown);
  ADD ("/liveness/doubt", test_doubt);
  ADD ("/liveness/reason-ends", test_reason_ends);
  ADD ("/liveness/wall-clock-steps", test_wall_clock_steps);
  ADD ("/liveness/old-and-future-proofs", test_old_and_future_proofs);
  ADD ("/liveness/words", test_words);
  return g_test_run ();
}
