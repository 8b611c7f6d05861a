/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-store"

#include "config.h"

#include <math.h>

#include "muster-sample-store.h"

G_DEFINE_INTERFACE (MusterSampleStore, muster_sample_store, G_TYPE_OBJECT)

static void
muster_sample_store_default_init (MusterSampleStoreInterface *iface)
{
}

DexFuture *
muster_sample_store_append (MusterSampleStore *self, MusterSampleBatch *batch)
{
  dex_return_error_if_fail (MUSTER_IS_SAMPLE_STORE (self));
  dex_return_error_if_fail (MUSTER_IS_SAMPLE_BATCH (batch));

  return MUSTER_SAMPLE_STORE_GET_IFACE (self)->append (self, batch);
}

DexFuture *
muster_sample_store_append_chunk (MusterSampleStore *self, MusterSampleChunk *chunk, GBytes *packed)
{
  dex_return_error_if_fail (MUSTER_IS_SAMPLE_STORE (self));
  dex_return_error_if_fail (chunk != NULL && packed != NULL);

  return MUSTER_SAMPLE_STORE_GET_IFACE (self)->append_chunk (self, chunk, packed);
}

DexFuture *
muster_sample_store_query_range (MusterSampleStore *self, const MusterSampleQuery *query)
{
  dex_return_error_if_fail (MUSTER_IS_SAMPLE_STORE (self));
  dex_return_error_if_fail (query != NULL && query->device_id != NULL);

  return MUSTER_SAMPLE_STORE_GET_IFACE (self)->query_range (self, query);
}

DexFuture *
muster_sample_store_query_series (MusterSampleStore *self, const MusterSeriesQuery *query)
{
  dex_return_error_if_fail (MUSTER_IS_SAMPLE_STORE (self));
  dex_return_error_if_fail (query != NULL && query->device_ids != NULL);
  dex_return_error_if_fail (query->groups == NULL || query->base.metrics != NULL);

  return MUSTER_SAMPLE_STORE_GET_IFACE (self)->query_series (self, query);
}

void
muster_sample_query_set_step (MusterSampleQuery *self, double step, MusterStepUnit unit)
{
  /* What is out of all measure is refused later, as too great a step. */
  double most = unit == MUSTER_STEP_USEC ? 1e10 : 1e6;
  double clamped = CLAMP (step, 0, most);

  self->step = llround (unit == MUSTER_STEP_USEC ? clamped * G_USEC_PER_SEC : clamped);
  self->unit = unit;
}

MusterSampleQuery
muster_series_query_get_one (const MusterSeriesQuery *self, unsigned index)
{
  MusterSampleQuery query = self->base;

  query.device_id = self->device_ids[index];
  if (self->excluded != NULL && self->excluded[index] != NULL)
    {
      query.excluded = (const MusterSampleExclusion *)(gpointer)self->excluded[index]->data;
      query.n_excluded = self->excluded[index]->len;
    }
  return query;
}

GInputStream *
muster_sample_store_export (MusterSampleStore       *self,
                            const MusterSeriesQuery *query,
                            MusterSampleFormat       format)
{
  g_return_val_if_fail (MUSTER_IS_SAMPLE_STORE (self) && query != NULL, NULL);

  return MUSTER_SAMPLE_STORE_GET_IFACE (self)->export (self, query, format);
}

DexFuture *
muster_sample_store_query_latest (MusterSampleStore *self, const char *const *device_ids)
{
  dex_return_error_if_fail (MUSTER_IS_SAMPLE_STORE (self));

  return MUSTER_SAMPLE_STORE_GET_IFACE (self)->query_latest (self, device_ids);
}

DexFuture *
muster_sample_store_forget (MusterSampleStore *self, const char *device_id)
{
  dex_return_error_if_fail (MUSTER_IS_SAMPLE_STORE (self));
  dex_return_error_if_fail (device_id != NULL);

  return MUSTER_SAMPLE_STORE_GET_IFACE (self)->forget (self, device_id);
}

DexFuture *
muster_sample_store_get_stats (MusterSampleStore *self)
{
  dex_return_error_if_fail (MUSTER_IS_SAMPLE_STORE (self));

  return MUSTER_SAMPLE_STORE_GET_IFACE (self)->get_stats (self);
}

DexFuture *
muster_sample_store_backup (MusterSampleStore *self, const char *path)
{
  dex_return_error_if_fail (MUSTER_IS_SAMPLE_STORE (self));
  dex_return_error_if_fail (path != NULL);

  return MUSTER_SAMPLE_STORE_GET_IFACE (self)->backup (self, path);
}
