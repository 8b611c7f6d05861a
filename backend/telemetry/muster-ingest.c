/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ingest"

#include "config.h"

#include "muster-ingest.h"

#define MAX_REASONS 10

struct _MusterIngest
{
  GPtrArray  *batches;   /* (owned) (element-type MusterSampleBatch) */
  GHashTable *by_device; /* (owned) borrowed id → borrowed batch */
  GString    *reasons;   /* (owned) */
  unsigned    n_reasons;
  guint64     n_refused;
};

MusterIngest *
muster_ingest_new (void)
{
  MusterIngest *self = g_new0 (MusterIngest, 1);

  self->batches = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_device = g_hash_table_new (g_str_hash, g_str_equal);
  self->reasons = g_string_new (NULL);
  return self;
}

void
muster_ingest_free (MusterIngest *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_device);
  g_ptr_array_unref (self->batches);
  g_string_free (self->reasons, TRUE);
  g_free (self);
}

MusterSampleBatch *
muster_ingest_get_batch (MusterIngest *self, const char *device_id)
{
  MusterSampleBatch *batch;

  g_return_val_if_fail (self != NULL && device_id != NULL, NULL);

  batch = g_hash_table_lookup (self->by_device, device_id);
  if (batch != NULL)
    return batch;
  batch = muster_sample_batch_new (device_id);
  g_ptr_array_add (self->batches, batch);
  g_hash_table_insert (self->by_device, (gpointer)muster_sample_batch_get_device_id (batch), batch);
  return batch;
}

GPtrArray *
muster_ingest_get_batches (MusterIngest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->batches;
}

void
muster_ingest_refuse (MusterIngest *self, guint64 n_samples, const char *format, ...)
{
  va_list arguments;

  g_return_if_fail (self != NULL && format != NULL);

  self->n_refused += n_samples;
  if (++self->n_reasons > MAX_REASONS)
    {
      if (self->n_reasons == MAX_REASONS + 1)
        g_string_append (self->reasons, "and more\n");
      return;
    }
  va_start (arguments, format);
  g_string_append_vprintf (self->reasons, format, arguments);
  va_end (arguments);
  g_string_append_c (self->reasons, '\n');
}

guint64
muster_ingest_get_refused (MusterIngest *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_refused;
}

const char *
muster_ingest_get_reasons (MusterIngest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->reasons->str;
}

MusterSampleFlags
muster_ingest_get_flags (gint64 time, gint64 now)
{
  return time < now - MUSTER_INGEST_LIVE_USEC ? MUSTER_SAMPLE_HISTORICAL : MUSTER_SAMPLE_PLAIN;
}

gboolean
muster_ingest_await_stored (MusterIngest    *self,
                            MusterTelemetry *telemetry,
                            gint64          *stored,
                            gint64          *refused,
                            GError         **error)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  g_return_val_if_fail (self != NULL && MUSTER_IS_TELEMETRY (telemetry), FALSE);

  for (guint i = 0; i < self->batches->len; i++)
    g_ptr_array_add (futures, muster_telemetry_ingest (telemetry, self->batches->pdata[i]));
  for (guint i = 0; i < futures->len; i++)
    {
      g_autoptr (GError) cause = NULL;
      gint64   here = dex_await_int64 (dex_ref (futures->pdata[i]), &cause);
      unsigned n;

      if (cause != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      muster_sample_batch_get (self->batches->pdata[i], &n);
      *stored += n - here;
      *refused += here;
    }
  return TRUE;
}
