/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "muster-sparkplug-node.h"
#include "muster-sparkplug-session.h"
#include "muster-sparkplug-test-util.h"

/* Test names are the specification's assertion ids where there is one. */

#define NOW G_GINT64_CONSTANT (1767225600000000)
#define SECOND G_TIME_SPAN_SECOND

typedef struct
{
  MusterClock            *clock;
  MusterSparkplugSession *session;
  MusterSparkplugRecorder recorder;
} Fixture;

static void
fixture_set_up (Fixture *self, gconstpointer data)
{
  muster_sparkplug_recorder_init (&self->recorder);
  self->clock = muster_manual_clock_new (NOW);
  self->session =
    muster_sparkplug_session_new (self->clock, data, &muster_sparkplug_recorder_listener,
                                  &self->recorder);
}

static void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->session);
  g_assert_finalize_object (self->clock);
  muster_sparkplug_recorder_clear (&self->recorder);
}

static void
send (Fixture *self, const char *topic, int seq, int bd_seq, const char *spec)
{
  g_autoptr (GBytes) bytes = muster_sparkplug_test_payload (seq, bd_seq, NOW, spec);
  g_autofree char *full = g_strconcat ("spBv1.0/g/", topic, NULL);
  gsize            size;
  const guint8    *data = g_bytes_get_data (bytes, &size);

  muster_sparkplug_session_handle (self->session, full, data, size);
}

static void
pass (Fixture *self, gint64 usec)
{
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (self->clock), usec);
  if (muster_sparkplug_session_get_deadline (self->session) >= 0 &&
      muster_sparkplug_session_get_deadline (self->session) <=
        muster_clock_get_monotonic (self->clock))
    muster_sparkplug_session_tick (self->session);
}

static void
expect (Fixture *self, const char *expected)
{
  muster_sparkplug_recorder_assert (&self->recorder, expected);
}

/* A node that is online with one device, the next sequence number being 2. */
static void
give_birth (Fixture *self)
{
  send (self, "NBIRTH/n", 0, 7, "level:1=1.5 switch:2=false fixed:3=1!r");
  send (self, "DBIRTH/n/d", 1, -1, "temperature:10=20");
  expect (
    self,
    "birth g/n level,switch,fixed; data g/n level=1.5 switch=false fixed=1; birth g/n/d temperature; data g/n/d temperature=20");
}

static void
test_births (Fixture *self, gconstpointer data)
{
  MusterSparkplugSource            node = { "g", "n", NULL };
  MusterSparkplugSource            device = { "g", "n", "d" };
  const MusterSparkplugMetricInfo *info;
  unsigned                         n_metrics;

  g_assert_false (muster_sparkplug_session_is_online (self->session, &node));
  give_birth (self);
  g_assert_true (muster_sparkplug_session_is_online (self->session, &node));
  g_assert_true (muster_sparkplug_session_is_online (self->session, &device));
  info = muster_sparkplug_session_get_metric (self->session, &node, "switch");
  g_assert_cmpint (info->datatype, ==, MUSTER_SPARKPLUG_BOOLEAN);
  g_assert_true (info->writable && info->has_alias);
  g_assert_cmpuint (info->alias, ==, 2);
  g_assert_false (muster_sparkplug_session_get_metric (self->session, &node, "fixed")->writable);
  g_assert_null (muster_sparkplug_session_get_metric (self->session, &node, "temperature"));
  g_assert_nonnull (muster_sparkplug_session_get_metrics (self->session, &node, &n_metrics));
  g_assert_cmpuint (n_metrics, ==, 3);
  g_assert_cmpint (muster_sparkplug_session_get_deadline (self->session), ==, -1);
}

static void
test_data (Fixture *self, gconstpointer data)
{
  give_birth (self);
  send (self, "NDATA/n", 2, -1, ":1=2 switch=true");
  send (self, "DDATA/n/d", 3, -1, ":10=21 :10=19!h temperature=null temperature=5!b");
  expect (
    self,
    "data g/n level=2 switch=true; data g/n/d temperature=21 temperature=19!1 temperature=null temperature=5!4");
  g_assert_cmpuint (muster_sparkplug_session_get_counts (self->session)->gaps, ==, 0);
  g_assert_cmpuint (muster_sparkplug_session_get_counts (self->session)->samples, ==, 10);
}

static void
test_sequence_wraps (Fixture *self, gconstpointer data)
{
  give_birth (self);
  for (int i = 2; i < 600; i++)
    send (self, "NDATA/n", i % 256, -1, ":1=2");
  g_assert_cmpuint (muster_sparkplug_session_get_counts (self->session)->gaps, ==, 0);
  g_assert_cmpint (muster_sparkplug_session_get_deadline (self->session), ==, -1);
}

static void
test_reorder_in_time (Fixture *self, gconstpointer data)
{
  give_birth (self);
  send (self, "NDATA/n", 4, -1, ":1=4");
  send (self, "NDATA/n", 3, -1, ":1=3");
  pass (self, SECOND);
  send (self, "NDATA/n", 2, -1, ":1=2");
  expect (self, "data g/n level=4; data g/n level=3; data g/n level=2");
  pass (self, 5 * SECOND);
  expect (self, "");
  send (self, "NDATA/n", 5, -1, ":1=5");
  expect (self, "data g/n level=5");
}

static void
test_reorder_elapsed (Fixture *self, gconstpointer data)
{
  give_birth (self);
  send (self, "NDATA/n", 4, -1, ":1=4");
  expect (self, "data g/n level=4");
  pass (self, 1900 * G_TIME_SPAN_MILLISECOND);
  expect (self, "");
  pass (self, 200 * G_TIME_SPAN_MILLISECOND);
  expect (self, "wanted g/n");
  send (self, "NBIRTH/n", 0, 7, "level:1=1");
  expect (self, "rebirth g/n level; data g/n level=1");
  pass (self, 30 * SECOND);
  expect (self, "death g/n/d not-reborn");
}

static void
test_rebirth_rate (Fixture *self, gconstpointer data)
{
  for (int i = 0; i < 50; i++)
    send (self, "NDATA/n", i, -1, "level=1");
  expect (self, "wanted g/n");
  pass (self, 9 * SECOND);
  expect (self, "");
  pass (self, 2 * SECOND);
  expect (self, "wanted g/n");
  pass (self, 60 * SECOND);
  expect (self, "");
  send (self, "NDATA/n", 50, -1, "level=1");
  send (self, "NDATA/n", 51, -1, "level=1");
  expect (self, "wanted g/n");
  send (self, "NBIRTH/n", 0, 1, "level=1");
  expect (self, "birth g/n level; data g/n level=1");
  pass (self, 60 * SECOND);
  expect (self, "");
}

static void
test_unknown (Fixture *self, gconstpointer data)
{
  give_birth (self);
  send (self, "NDATA/n", 2, -1, "unheard=1 :1=2");
  expect (self, "data g/n level=2; wanted g/n");
  g_assert_cmpuint (muster_sparkplug_session_get_counts (self->session)->unknown, ==, 1);
}

static void
test_unknown_alias (Fixture *self, gconstpointer data)
{
  give_birth (self);
  send (self, "DDATA/n/d", 2, -1, ":1=2");
  expect (self, "wanted g/n");
}

static void
test_unborn_device (Fixture *self, gconstpointer data)
{
  give_birth (self);
  send (self, "DDATA/n/other", 2, -1, "temperature=2");
  expect (self, "wanted g/n");
}

static void
test_unreadable (Fixture *self, gconstpointer data)
{
  muster_sparkplug_session_handle (self->session, "spBv1.0/g/NBIRTH/n", (const guint8 *)"\xff\xff",
                                   2);
  muster_sparkplug_session_handle (self->session, "spBv1.0/g/NDEATH/other",
                                   (const guint8 *)"\xff\xff", 2);
  muster_sparkplug_session_handle (self->session, "no/sparkplug", NULL, 0);
  muster_sparkplug_session_handle (self->session, "spBv1.0/STATE/host", (const guint8 *)"{}", 2);
  muster_sparkplug_session_handle (self->session, "spBv1.0/g/NCMD/n", (const guint8 *)"\xff", 1);
  expect (self, "wanted g/n");
  g_assert_cmpuint (muster_sparkplug_session_get_counts (self->session)->malformed, ==, 2);
}

static void
test_death (Fixture *self, gconstpointer data)
{
  give_birth (self);
  send (self, "NDEATH/n", -1, 7, NULL);
  expect (self, "death g/n/d node; death g/n node");
  send (self, "NDEATH/n", -1, 7, NULL);
  expect (self, "");
  g_assert_cmpuint (muster_sparkplug_session_get_counts (self->session)->ignored, ==, 1);
}

static void
test_stale_death (Fixture *self, gconstpointer data)
{
  give_birth (self);
  send (self, "NBIRTH/n", 0, 8, "level:1=1");
  send (self, "NDEATH/n", -1, 7, NULL);
  expect (self, "rebirth g/n level; data g/n level=1");
}

/* Clients that never count their sessions: a death right after a birth may be that of the session
 * before. */
static void
test_doubtful_death_answered (Fixture *self, gconstpointer data)
{
  send (self, "NBIRTH/n", 0, 0, "level=1");
  send (self, "NBIRTH/n", 0, 0, "level=1");
  expect (self, "birth g/n level; data g/n level=1; rebirth g/n level; data g/n level=1");
  send (self, "NDEATH/n", -1, 0, NULL);
  expect (self, "wanted g/n");
  send (self, "NBIRTH/n", 0, 0, "level=2");
  pass (self, 60 * SECOND);
  expect (self, "rebirth g/n level; data g/n level=2");
  send (self, "NDEATH/n", -1, 0, NULL);
  expect (self, "death g/n node");
}

static void
test_doubtful_death_unanswered (Fixture *self, gconstpointer data)
{
  send (self, "NBIRTH/n", 0, 0, "level=1");
  send (self, "NBIRTH/n", 0, 0, "level=1");
  send (self, "NDEATH/n", -1, 0, NULL);
  expect (self,
          "birth g/n level; data g/n level=1; rebirth g/n level; data g/n level=1; wanted g/n");
  pass (self, 4 * SECOND);
  expect (self, "death g/n node");
}

static void
test_constant_but_late_death (Fixture *self, gconstpointer data)
{
  send (self, "NBIRTH/n", 0, 0, "level=1");
  send (self, "NBIRTH/n", 0, 0, "level=1");
  pass (self, 2 * SECOND);
  send (self, "NDEATH/n", -1, 0, NULL);
  expect (self,
          "birth g/n level; data g/n level=1; rebirth g/n level; data g/n level=1; death g/n node");
}

static void
test_device_death (Fixture *self, gconstpointer data)
{
  MusterSparkplugSource node = { "g", "n", NULL };

  give_birth (self);
  send (self, "DDEATH/n/d", 2, -1, NULL);
  send (self, "DDEATH/n/d", 3, -1, NULL);
  expect (self, "death g/n/d device");
  g_assert_true (muster_sparkplug_session_is_online (self->session, &node));
  send (self, "DBIRTH/n/d", 4, -1, "temperature=1");
  expect (self, "birth g/n/d temperature; data g/n/d temperature=1");
}

static void
test_devices_are_reborn (Fixture *self, gconstpointer data)
{
  give_birth (self);
  send (self, "NBIRTH/n", 0, 7, "level:1=1");
  send (self, "DBIRTH/n/d", 1, -1, "humidity=40");
  pass (self, 10 * SECOND);
  expect (self,
          "rebirth g/n level; data g/n level=1; rebirth g/n/d humidity; data g/n/d humidity=40");
}

static void
test_disconnect (Fixture *self, gconstpointer data)
{
  give_birth (self);
  send (self, "NDATA/n", 9, -1, ":1=2");
  muster_sparkplug_session_disconnect (self->session);
  expect (self, "data g/n level=2; death g/n/d disconnected; death g/n disconnected");
  g_assert_cmpint (muster_sparkplug_session_get_deadline (self->session), ==, -1);
  muster_sparkplug_session_reconnect (self->session);
  pass (self, 3 * SECOND);
  expect (self, "wanted g/n");
}

static void
test_forget (Fixture *self, gconstpointer data)
{
  give_birth (self);
  send (self, "NDATA/n", 9, -1, ":1=2");
  muster_sparkplug_session_forget (self->session, "g", "n");
  muster_sparkplug_session_forget (self->session, "g", "never");
  pass (self, 10 * SECOND);
  expect (self, "data g/n level=2");
}

static void
test_limits (Fixture *self, gconstpointer data)
{
  send (self, "NBIRTH/n", 0, 0, "a=1 b=2 c=3");
  send (self, "DBIRTH/n/d1", 1, -1, "a=1");
  send (self, "DBIRTH/n/d2", 2, -1, "a=1");
  send (self, "NBIRTH/m", 0, 0, "a=1");
  expect (self, "birth g/n a,b; data g/n a=1 b=2; birth g/n/d1");
  g_assert_cmpuint (muster_sparkplug_session_get_counts (self->session)->ignored, ==, 2);
  g_assert_cmpuint (muster_sparkplug_session_get_counts (self->session)->unknown, >, 0);
}

static void
test_sequence_window (void)
{
  MusterSparkplugSequence sequence;

  muster_sparkplug_sequence_reset (&sequence, -1);
  g_assert_cmpint (muster_sparkplug_sequence_take (&sequence, 200), ==, MUSTER_SPARKPLUG_IN_ORDER);
  g_assert_cmpint (muster_sparkplug_sequence_take (&sequence, 200), ==, MUSTER_SPARKPLUG_ODD);
  g_assert_cmpint (muster_sparkplug_sequence_take (&sequence, 3), ==, MUSTER_SPARKPLUG_AHEAD);
  g_assert_cmpuint (sequence.n_missing, ==, 58);
  g_assert_cmpint (muster_sparkplug_sequence_take (&sequence, 255), ==, MUSTER_SPARKPLUG_LATE);
  g_assert_cmpint (muster_sparkplug_sequence_take (&sequence, 255), ==, MUSTER_SPARKPLUG_ODD);
  g_assert_cmpint (muster_sparkplug_sequence_take (&sequence, 4), ==, MUSTER_SPARKPLUG_IN_ORDER);
  g_assert_cmpuint (sequence.n_missing, ==, 57);
  muster_sparkplug_sequence_reset (&sequence, 256);
  g_assert_cmpint (sequence.expected, ==, 0);
}

static const MusterSparkplugOptions few = { 2 * SECOND, 10 * SECOND, SECOND, 3 * SECOND, 1, 1, 2 };

#define ADD(name, function)                                                                        \
  g_test_add ("/sparkplug-session/" name, Fixture, NULL, fixture_set_up, function,                 \
              fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("births", test_births);
  ADD ("tck-id-payloads-alias-data-cmd-requirement", test_data);
  ADD ("tck-id-payloads-sequence-num-incrementing", test_sequence_wraps);
  ADD ("tck-id-operational-behavior-host-reordering-success", test_reorder_in_time);
  ADD ("tck-id-operational-behavior-host-reordering-rebirth", test_reorder_elapsed);
  ADD ("rebirth-requests-are-limited", test_rebirth_rate);
  ADD ("unknown-metric", test_unknown);
  ADD ("unknown-alias", test_unknown_alias);
  ADD ("unborn-device", test_unborn_device);
  ADD ("unreadable", test_unreadable);
  ADD ("tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-offline",
       test_death);
  ADD ("death-of-a-former-session", test_stale_death);
  ADD ("doubtful-death-answered", test_doubtful_death_answered);
  ADD ("doubtful-death-unanswered", test_doubtful_death_unanswered);
  ADD ("constant-but-late-death", test_constant_but_late_death);
  ADD ("tck-id-operational-behavior-edge-node-termination-host-action-ddeath-devices-offline",
       test_device_death);
  ADD ("devices-are-reborn", test_devices_are_reborn);
  ADD ("disconnect", test_disconnect);
  ADD ("forget", test_forget);
  g_test_add ("/sparkplug-session/limits", Fixture, &few, fixture_set_up, test_limits,
              fixture_tear_down);
  g_test_add_func ("/sparkplug-session/sequence-window", test_sequence_window);
  return g_test_run ();
}
