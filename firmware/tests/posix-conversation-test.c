/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "posix-conversation-test"

#include "config.h"

#include <signal.h>

#include "muster-node-rig.h"

/* What every port's conversation shows, on this one: it starts, is born, does what it is told,
 * keeps what it measures while the broker is away for a minute, and gives it when it is back. */

#define NODE "C-1"
#define OUTAGE_MS 60000

static void
test_conversation (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (RigNode) node = { 0 };
  g_autoptr (MusterSparkplugPayload) birth = NULL, told = NULL, again = NULL;
  gint64 first = G_MAXINT64, last = 0, previous = 0;
  gint64 space = 0;
  guint  kept = 0;

  rig_node_start (&node, rig, NODE);
  rig_node_pair (&node, rig, NODE, rig->ca_pem);
  birth = rig_await (rig, "spBv1.0/plant/NBIRTH/" NODE, 0);
  g_assert_cmpstr (rig_find (birth, "Update/State")->text, ==, "idle");
  g_assert_true (
    muster_sparkplug_metric_get_integer (rig_find (birth, "Properties/Image Space"), &space));
  g_assert_cmpint (space, ==, 16 * 1024 * 1024);
  rig_command (rig, NODE, "Output/Relay", TRUE);
  rig_command (rig, NODE, "Node Control/Rebirth", TRUE);
  told = rig_await (rig, "spBv1.0/plant/NBIRTH/" NODE, 1);
  g_assert_true (rig_find (told, "Output/Relay")->boolean);
  muster_test_sleep (1000);
  rig_restart_broker (rig, node.process, OUTAGE_MS);
  again = rig_await (rig, "spBv1.0/plant/NBIRTH/" NODE, 0);
  for (guint n = 0; last - first < (OUTAGE_MS - 5000) * (gint64)1000; n++)
    {
      g_autoptr (MusterSparkplugPayload) data = rig_await (rig, "spBv1.0/plant/NDATA/" NODE, n);

      for (guint i = 0; i < data->n_metrics; i++)
        if (data->metrics[i].flags & MUSTER_SAMPLE_HISTORICAL)
          {
            g_assert_cmpint (data->metrics[i].time, >=, previous);
            previous = data->metrics[i].time;
            first = MIN (first, previous);
            last = MAX (last, previous);
            kept++;
          }
    }
  g_assert_cmpint (last, <, again->time);
  g_test_message ("%u samples kept over %.1f s", kept, (double)(last - first) / G_USEC_PER_SEC);
  g_assert_cmpuint (kept, >, 60);
}

int
main (int argc, char **argv)
{
  g_setenv ("MUSTER_TEST_PATIENCE", "4", FALSE); /* the outage alone takes a minute */
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/posix-conversation/conversation", test_conversation);
  return g_test_run ();
}
