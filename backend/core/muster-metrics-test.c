/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-metrics.h"

static double
read_number (gpointer owner)
{
  return *(double *)g_object_get_data (owner, "number");
}

static double
read_nothing (gpointer owner)
{
  return NAN;
}

static void
collect (GString *text, gpointer owner)
{
  g_autoptr (GString) labels = g_string_new (NULL);

  muster_metrics_append_head (text, "m_seen", "gauge", "Seen.");
  muster_metrics_append_label (labels, "a", "x\"y\\z\n");
  muster_metrics_append_label (labels, "b", "");
  muster_metrics_append_value (text, "m_seen", labels->str, INFINITY);
}

/* Families stand together, in the order in which they came up; those of the dead are left out. */
static void
test_print (void)
{
  g_autoptr (MusterMetrics) metrics = muster_metrics_new ();
  double           number = 1.5;
  GObject         *owner = g_object_new (G_TYPE_OBJECT, NULL);
  GObject         *gone = g_object_new (G_TYPE_OBJECT, NULL);
  g_autofree char *text = NULL;

  g_object_set_data (owner, "number", &number);
  muster_metrics_add (metrics, MUSTER_METRICS_COUNTER, "m_total", "All.", "k=\"1\"", owner,
                      read_number);
  muster_metrics_add (metrics, MUSTER_METRICS_GAUGE, "m_now", "Now.", NULL, owner, read_number);
  muster_metrics_add (metrics, MUSTER_METRICS_COUNTER, "m_total", "All.", "k=\"2\"", owner,
                      read_number);
  muster_metrics_add (metrics, MUSTER_METRICS_GAUGE, "m_nothing", "Nothing.", NULL, owner,
                      read_nothing);
  muster_metrics_add (metrics, MUSTER_METRICS_GAUGE, "m_gone", "Gone.", NULL, gone, read_number);
  muster_metrics_add_collector (metrics, owner, collect);
  muster_metrics_add_collector (metrics, gone, collect);
  g_assert_finalize_object (gone);
  text = muster_metrics_print (metrics);
  g_assert_cmpstr (
    text, ==,
    "# HELP m_total All.\n# TYPE m_total counter\nm_total{k=\"1\"} 1.5\nm_total{k=\"2\"} 1.5\n"
    "# HELP m_now Now.\n# TYPE m_now gauge\nm_now 1.5\n"
    "# HELP m_nothing Nothing.\n# TYPE m_nothing gauge\n"
    "# HELP m_gone Gone.\n# TYPE m_gone gauge\n"
    "# HELP m_seen Seen.\n# TYPE m_seen gauge\nm_seen{a=\"x\\\"y\\\\z\\n\",b=\"\"} +Inf\n");
  g_object_unref (owner);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/print", test_print);
  return g_test_run ();
}
