/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-daemon-metrics"

#include "config.h"

#include <glib/gstdio.h>
#include <math.h>

#include "muster-daemon-metrics.h"

static double
read_stored (gpointer owner)
{
  return muster_telemetry_get_stored (owner);
}

static double
read_refused (gpointer owner)
{
  return muster_telemetry_get_refused (owner);
}

static double
read_lost (gpointer owner)
{
  return muster_telemetry_get_lost (owner);
}

static double
read_clients (gpointer owner)
{
  MusterBroker *broker = muster_messaging_get_broker (owner);

  return broker != NULL ? muster_broker_count_clients (broker) : NAN;
}

#define READ_COUNT(member)                                                                         \
  static double read_##member (gpointer owner)                                                     \
  {                                                                                                \
    return muster_sparkplug_host_get_counts (muster_messaging_get_host (owner))->member;           \
  }

READ_COUNT (messages)
READ_COUNT (samples)
READ_COUNT (malformed)
READ_COUNT (unknown)
READ_COUNT (gaps)
READ_COUNT (rebirths)
READ_COUNT (ignored)

#undef READ_COUNT

static const struct
{
  const char       *name;
  const char       *help;
  MusterMetricsRead read;
} messaging_counters[] = {
  { "muster_sparkplug_messages_total", "Sparkplug messages handled.", read_messages },
  { "muster_sparkplug_samples_total", "Samples that came by Sparkplug.", read_samples },
  { "muster_sparkplug_malformed_total", "Messages that could not be read.", read_malformed },
  { "muster_sparkplug_unknown_metrics_total", "Values of metrics that no birth named.",
    read_unknown },
  { "muster_sparkplug_gaps_total", "Holes in the sequences of nodes.", read_gaps },
  { "muster_sparkplug_rebirths_total", "Rebirths asked for.", read_rebirths },
  { "muster_sparkplug_ignored_total", "Messages of the dead, or beyond the limits.", read_ignored },
};

static void
append_size (GString *text, const char *folder, const char *name)
{
  static const char *const parts[] = { "", "-wal" };
  g_autoptr (GString) labels = g_string_new (NULL);
  double bytes = 0;

  for (unsigned i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *path = g_strconcat (folder, G_DIR_SEPARATOR_S, name, parts[i], NULL);
      GStatBuf         info;

      bytes += g_stat (path, &info) == 0 ? info.st_size : 0;
    }
  muster_metrics_append_label (labels, "file", name);
  muster_metrics_append_value (text, "muster_database_bytes", labels->str, bytes);
}

static void
collect_sizes (GString *text, gpointer owner)
{
  const char *folder = g_object_get_data (owner, "data-dir");

  muster_metrics_append_head (text, "muster_database_bytes", "gauge",
                              "Size of a database with its log.");
  append_size (text, folder, "muster.db");
  append_size (text, folder, "samples.db");
}

void
muster_daemon_metrics_add (MusterMetrics   *metrics,
                           MusterTelemetry *telemetry,
                           MusterMessaging *messaging,
                           const char      *data_dir)
{
  g_return_if_fail (MUSTER_IS_METRICS (metrics) && MUSTER_IS_TELEMETRY (telemetry));
  g_return_if_fail (MUSTER_IS_MESSAGING (messaging));

  muster_metrics_add (metrics, MUSTER_METRICS_COUNTER, "muster_samples_stored_total",
                      "Samples stored.", NULL, G_OBJECT (telemetry), read_stored);
  muster_metrics_add (metrics, MUSTER_METRICS_COUNTER, "muster_samples_refused_total",
                      "Samples that are no finite number, or of an impossible time.", NULL,
                      G_OBJECT (telemetry), read_refused);
  muster_metrics_add (metrics, MUSTER_METRICS_COUNTER, "muster_samples_lost_total",
                      "Samples that could not be stored.", NULL, G_OBJECT (telemetry), read_lost);
  g_object_set_data_full (G_OBJECT (telemetry), "data-dir", g_strdup (data_dir), g_free);
  muster_metrics_add_collector (metrics, G_OBJECT (telemetry), collect_sizes);
  muster_metrics_add (metrics, MUSTER_METRICS_GAUGE, "muster_broker_clients",
                      "Sessions open at the private broker.", NULL, G_OBJECT (messaging),
                      read_clients);
  for (guint i = 0; i < G_N_ELEMENTS (messaging_counters); i++)
    muster_metrics_add (metrics, MUSTER_METRICS_COUNTER, messaging_counters[i].name,
                        messaging_counters[i].help, NULL, G_OBJECT (messaging),
                        messaging_counters[i].read);
}
