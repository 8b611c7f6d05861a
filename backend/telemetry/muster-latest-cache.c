/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-latest-cache"

#include "config.h"

#include "muster-latest-cache.h"
#include "muster-sample-reducer.h"

struct _MusterLatestCache
{
  GHashTable *devices; /* device id → (metric → MusterSample); texts owned by the sample */
  unsigned    count;
};

static void
latest_free (gpointer data)
{
  MusterSample *sample = data;

  if (sample->type == MUSTER_SAMPLE_STRING)
    g_free ((char *)sample->text);
  g_free (sample);
}

MusterLatestCache *
muster_latest_cache_new (void)
{
  MusterLatestCache *self = g_new0 (MusterLatestCache, 1);

  self->devices =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
  return self;
}

void
muster_latest_cache_free (MusterLatestCache *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->devices);
  g_free (self);
}

static void
put (MusterLatestCache *self, GHashTable *metrics, const MusterSample *sample)
{
  MusterSample *known = g_hash_table_lookup (metrics, sample->metric);

  if (known != NULL && known->time > sample->time)
    return;
  if (known == NULL)
    {
      known = g_new0 (MusterSample, 1);
      g_hash_table_insert (metrics, g_strdup (sample->metric), known);
      self->count++;
    }
  if (known->type == MUSTER_SAMPLE_STRING)
    g_free ((char *)known->text);
  *known = *sample;
  known->metric = NULL;
  if (sample->type == MUSTER_SAMPLE_STRING)
    known->text = g_strdup (sample->text);
}

void
muster_latest_cache_add (MusterLatestCache *self, MusterSampleBatch *batch)
{
  unsigned            n;
  const MusterSample *samples;
  GHashTable         *metrics;

  g_return_if_fail (self != NULL && MUSTER_IS_SAMPLE_BATCH (batch));

  samples = muster_sample_batch_get (batch, &n);
  metrics = g_hash_table_lookup (self->devices, muster_sample_batch_get_device_id (batch));
  if (metrics == NULL)
    {
      metrics = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, latest_free);
      g_hash_table_insert (self->devices, g_strdup (muster_sample_batch_get_device_id (batch)),
                           metrics);
    }
  for (unsigned i = 0; i < n; i++)
    if (!(samples[i].flags & MUSTER_SAMPLE_HISTORICAL))
      put (self, metrics, &samples[i]);
}

void
muster_latest_cache_outdate (MusterLatestCache *self, MusterSampleBatch *batch)
{
  unsigned            n;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);
  GHashTable         *metrics =
    g_hash_table_lookup (self->devices, muster_sample_batch_get_device_id (batch));

  for (unsigned i = 0; metrics != NULL && i < n; i++)
    {
      const MusterSample *known = g_hash_table_lookup (metrics, samples[i].metric);

      if (known == NULL || known->time > samples[i].time ||
          (samples[i].flags & MUSTER_SAMPLE_HISTORICAL))
        continue;
      g_hash_table_remove (metrics, samples[i].metric);
      self->count--;
    }
}

void
muster_latest_cache_forget (MusterLatestCache *self, const char *device_id)
{
  GHashTable *metrics;

  g_return_if_fail (self != NULL && device_id != NULL);

  metrics = g_hash_table_lookup (self->devices, device_id);
  if (metrics == NULL)
    return;
  self->count -= g_hash_table_size (metrics);
  g_hash_table_remove (self->devices, device_id);
}

unsigned
muster_latest_cache_count (MusterLatestCache *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->count;
}

static void
add_batch (GPtrArray *batches, const char *device_id, GHashTable *metrics)
{
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (device_id);
  GHashTableIter iter;
  gpointer       metric, sample;

  if (metrics == NULL || g_hash_table_size (metrics) == 0)
    return;
  g_hash_table_iter_init (&iter, metrics);
  while (g_hash_table_iter_next (&iter, &metric, &sample))
    muster_sample_batch_append (batch, metric, ((MusterSample *)sample)->time, sample);
  g_ptr_array_add (batches, g_steal_pointer (&batch));
}

GPtrArray *
muster_latest_cache_list (MusterLatestCache *self, const char *const *device_ids)
{
  g_autoptr (GPtrArray) batches = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer       id, metrics;

  g_return_val_if_fail (self != NULL, NULL);

  if (device_ids != NULL)
    {
      for (; *device_ids != NULL; device_ids++)
        add_batch (batches, *device_ids, g_hash_table_lookup (self->devices, *device_ids));
      return g_steal_pointer (&batches);
    }
  g_hash_table_iter_init (&iter, self->devices);
  while (g_hash_table_iter_next (&iter, &id, &metrics))
    add_batch (batches, id, metrics);
  return g_steal_pointer (&batches);
}
