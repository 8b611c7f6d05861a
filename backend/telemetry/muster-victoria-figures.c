/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria-figures"

#include "config.h"

#include "muster-victoria-sample-store-private.h"

static void
add_series (GHashTable *series, GPtrArray *taken)
{
  g_autoptr (GPtrArray) batches = taken;

  for (guint i = 0; i < batches->len; i++)
    {
      unsigned            n;
      const MusterSample *samples = muster_sample_batch_get (batches->pdata[i], &n);

      for (unsigned s = 0; s < n; s++)
        g_hash_table_add (series,
                          g_strconcat (muster_sample_batch_get_device_id (batches->pdata[i]), "\n",
                                       samples[s].metric, NULL));
    }
}

static gint64
count_engine (MusterSampleEngine *engine)
{
  MusterSampleTable *table = muster_sample_engine_get_table (engine);
  gint64             n;

  g_rw_lock_reader_lock (&table->lock);
  n = muster_sample_table_count (table, NULL);
  g_rw_lock_reader_unlock (&table->lock);
  return n;
}

/* A sample that is in a spool and there already counts twice until it leaves the spool. */
GVariant *
muster_victoria_sample_store_make_figures (MusterVictoriaSampleStore *self)
{
  g_autoptr (GPtrArray) spools = muster_victoria_spools_list (self->spools);
  g_autoptr (GHashTable) series = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  MusterVictoriaForwarderStats stats;
  GVariantDict                 dict;
  gint64                       samples;

  samples = count_engine (self->local) + muster_victoria_ledger_count_samples (self->ledger);
  for (guint i = 0; i < spools->len; i++)
    samples += count_engine (muster_victoria_spool_get_engine (spools->pdata[i]));
  add_series (series, muster_victoria_sample_store_list_latest (self, NULL));
  muster_victoria_forwarder_get_stats (self->forwarder, &stats);
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "samples", "x", samples);
  g_variant_dict_insert (&dict, "series", "x", (gint64)g_hash_table_size (series));
  g_variant_dict_insert (&dict, "bytes", "x", muster_victoria_spools_measure (self->spools));
  g_variant_dict_insert (&dict, "blocks", "x", (gint64)0);
  g_variant_dict_insert (&dict, "quarantined", "x", (gint64)0);
  g_variant_dict_insert (&dict, "refused", "x", muster_sample_intake_get_refused (self->intake));
  g_variant_dict_insert (&dict, "appended-per-second", "d",
                         muster_sample_intake_get_rate (self->intake));
  g_variant_dict_insert (&dict, "server", "s", self->config->select_url);
  g_variant_dict_insert (&dict, "waiting-spools", "x", (gint64)stats.waiting);
  return g_variant_dict_end (&dict);
}

/* --- metrics --- */

#define READ_STAT(member)                                                                          \
  static double read_##member (gpointer owner)                                                     \
  {                                                                                                \
    MusterVictoriaSampleStore   *self = owner;                                                     \
    MusterVictoriaForwarderStats stats = { 0 };                                                    \
                                                                                                   \
    if (self->forwarder != NULL)                                                                   \
      muster_victoria_forwarder_get_stats (self->forwarder, &stats);                               \
    return stats.member;                                                                           \
  }

READ_STAT (sent)
READ_STAT (resent)
READ_STAT (failed)
READ_STAT (kept)
READ_STAT (waiting)

#undef READ_STAT

static double
read_backlog (gpointer owner)
{
  return MUSTER_VICTORIA_SAMPLE_STORE (owner)->backlog;
}

void
muster_victoria_sample_store_add_metrics (MusterVictoriaSampleStore *self, MusterMetrics *metrics)
{
  static const struct
  {
    MusterMetricsKind kind;
    const char       *name;
    const char       *help;
    MusterMetricsRead read;
  } figures[] = {
    { MUSTER_METRICS_COUNTER, "muster_victoria_samples_sent_total",
      "Samples sent to VictoriaMetrics.", read_sent },
    { MUSTER_METRICS_COUNTER, "muster_victoria_samples_resent_total",
      "Samples sent once more, because they were not there when read back.", read_resent },
    { MUSTER_METRICS_COUNTER, "muster_victoria_samples_kept_total",
      "Samples that VictoriaMetrics does not keep, stored on this machine.", read_kept },
    { MUSTER_METRICS_COUNTER, "muster_victoria_failures_total",
      "Exchanges with VictoriaMetrics that failed.", read_failed },
    { MUSTER_METRICS_GAUGE, "muster_victoria_waiting_spools",
      "Spools that are not known to be safe there.", read_waiting },
    { MUSTER_METRICS_GAUGE, "muster_victoria_backlog_bytes", "Bytes of the spools.", read_backlog },
  };

  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    muster_metrics_add (metrics, figures[i].kind, figures[i].name, figures[i].help, NULL,
                        G_OBJECT (self), figures[i].read);
}
