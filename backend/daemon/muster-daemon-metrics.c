/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-daemon-metrics"

#include "config.h"

#include <math.h>

#include "muster-daemon-metrics.h"

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

void
muster_daemon_metrics_add (MusterMetrics   *metrics,
                           MusterTelemetry *telemetry,
                           MusterMessaging *messaging)
{
  g_return_if_fail (MUSTER_IS_METRICS (metrics) && MUSTER_IS_TELEMETRY (telemetry));
  g_return_if_fail (MUSTER_IS_MESSAGING (messaging));

  muster_metrics_add (metrics, MUSTER_METRICS_COUNTER, "muster_samples_lost_total",
                      "Samples that could not be stored.", NULL, G_OBJECT (telemetry), read_lost);
  muster_metrics_add (metrics, MUSTER_METRICS_GAUGE, "muster_broker_clients",
                      "Sessions open at the private broker.", NULL, G_OBJECT (messaging),
                      read_clients);
  for (guint i = 0; i < G_N_ELEMENTS (messaging_counters); i++)
    muster_metrics_add (metrics, MUSTER_METRICS_COUNTER, messaging_counters[i].name,
                        messaging_counters[i].help, NULL, G_OBJECT (messaging),
                        messaging_counters[i].read);
}
