/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-telemetry"

#include "config.h"

#include <math.h>

#include "muster-sample-reducer.h"
#include "muster-telemetry.h"

struct _MusterTelemetry
{
  MusterService         parent_instance;
  MusterSampleStore    *store;
  MusterBus            *bus;
  MusterTelemetryFilter filter; /* (nullable) */
  MusterTelemetryWants  wants;  /* (nullable) */
  gpointer              filter_data;
  gint64                stored;
  gint64                refused;
  gint64                lost;
};

G_DEFINE_FINAL_TYPE (MusterTelemetry, muster_telemetry, MUSTER_TYPE_SERVICE)

static void
muster_telemetry_finalize (GObject *object)
{
  MusterTelemetry *self = MUSTER_TELEMETRY (object);

  g_clear_object (&self->store);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (muster_telemetry_parent_class)->finalize (object);
}

static void
muster_telemetry_class_init (MusterTelemetryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_telemetry_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "telemetry";
}

static void
muster_telemetry_init (MusterTelemetry *self)
{
}

MusterTelemetry *
muster_telemetry_new (MusterSampleStore *store, MusterBus *bus)
{
  MusterTelemetry *self;

  g_return_val_if_fail (MUSTER_IS_SAMPLE_STORE (store) && MUSTER_IS_BUS (bus), NULL);

  self = g_object_new (MUSTER_TYPE_TELEMETRY, NULL);
  self->store = g_object_ref (store);
  self->bus = g_object_ref (bus);
  return self;
}

MusterSampleStore *
muster_telemetry_get_store (MusterTelemetry *self)
{
  g_return_val_if_fail (MUSTER_IS_TELEMETRY (self), NULL);

  return self->store;
}

gint64
muster_telemetry_get_lost (MusterTelemetry *self)
{
  g_return_val_if_fail (MUSTER_IS_TELEMETRY (self), 0);

  return self->lost;
}

gint64
muster_telemetry_get_stored (MusterTelemetry *self)
{
  g_return_val_if_fail (MUSTER_IS_TELEMETRY (self), 0);

  return self->stored;
}

gint64
muster_telemetry_get_refused (MusterTelemetry *self)
{
  g_return_val_if_fail (MUSTER_IS_TELEMETRY (self), 0);

  return self->refused;
}

static gboolean
encode_batch (MusterEvent *event, GHashTable *details, GString *json)
{
  return muster_sample_batch_encode (muster_event_get_payload (event), details, json);
}

/* What is stored for later, or refused for being no number, nobody watches. */
static gboolean
is_live (const MusterSample *sample)
{
  return !(sample->flags & MUSTER_SAMPLE_HISTORICAL) &&
         (sample->type != MUSTER_SAMPLE_DOUBLE || isfinite (sample->number));
}

/* BATCH itself when all of it is live, else a copy of what is; NULL when nothing is: (transfer
 * full). */
static MusterSampleBatch *
live_part (MusterSampleBatch *batch)
{
  unsigned            n, n_live = 0;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);
  MusterSampleBatch  *live;

  for (unsigned i = 0; i < n; i++)
    n_live += is_live (&samples[i]);
  if (n_live == n || n_live == 0)
    return n_live > 0 ? g_object_ref (batch) : NULL;
  live = muster_sample_batch_new (muster_sample_batch_get_device_id (batch));
  for (unsigned i = 0; i < n; i++)
    if (is_live (&samples[i]))
      muster_sample_batch_append (live, samples[i].metric, samples[i].time, &samples[i]);
  return live;
}

static void
muster_telemetry_count (MusterTelemetry *self, MusterSampleBatch *batch, gint64 refused)
{
  unsigned            n;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);

  self->refused += refused;
  self->stored -= refused;
  for (unsigned i = 0; i < n; i++)
    self->stored += !(samples[i].flags & MUSTER_SAMPLE_TRANSIENT);
}

static void
publish (MusterTelemetry *self, MusterSampleBatch *batch)
{
  g_autoptr (MusterSampleBatch) live = NULL;
  g_autoptr (MusterEvent) event = NULL;

  if (!muster_bus_has_subscribers (self->bus, MUSTER_TOPIC_TELEMETRY))
    return;
  live = live_part (batch);
  if (live == NULL)
    return;
  event =
    muster_event_new (MUSTER_TOPIC_TELEMETRY, muster_sample_batch_get_device_id (live),
                      muster_sample_batch_get_device_id (live), 0, G_OBJECT (live), encode_batch);
  muster_bus_publish (self->bus, event);
}

typedef struct
{
  MusterTelemetry   *telemetry;
  MusterSampleBatch *batch;
} Ingest;

static void
ingest_free (gpointer data)
{
  Ingest *ingest = data;

  g_object_unref (ingest->telemetry);
  g_object_unref (ingest->batch);
  g_free (ingest);
}

static void
note_lost (MusterTelemetry *self, unsigned n_samples, const GError *error)
{
  g_autofree char *trouble = g_strdup_printf ("samples are being lost: %s", error->message);

  self->lost += n_samples;
  muster_service_set_trouble (MUSTER_SERVICE (self), trouble);
}

static DexFuture *
muster_telemetry_stored_cb (DexFuture *future, gpointer user_data)
{
  Ingest *ingest = user_data;
  g_autoptr (GError) error = NULL;
  unsigned n;

  const GValue *refused = dex_future_get_value (future, &error);

  if (refused != NULL)
    {
      muster_telemetry_count (ingest->telemetry, ingest->batch, g_value_get_int64 (refused));
      muster_service_set_trouble (MUSTER_SERVICE (ingest->telemetry), NULL);
      publish (ingest->telemetry, ingest->batch);
    }
  else
    {
      muster_sample_batch_get (ingest->batch, &n);
      note_lost (ingest->telemetry, n, error);
    }
  return dex_ref (future);
}

void
muster_telemetry_set_filter (MusterTelemetry      *self,
                             MusterTelemetryFilter filter,
                             MusterTelemetryWants  wants,
                             gpointer              user_data)
{
  g_return_if_fail (MUSTER_IS_TELEMETRY (self));

  self->filter = filter;
  self->wants = wants;
  self->filter_data = user_data;
}

DexFuture *
muster_telemetry_ingest (MusterTelemetry *self, MusterSampleBatch *batch)
{
  Ingest *ingest;

  dex_return_error_if_fail (MUSTER_IS_TELEMETRY (self));
  dex_return_error_if_fail (MUSTER_IS_SAMPLE_BATCH (batch));

  ingest = g_new0 (Ingest, 1);
  ingest->telemetry = g_object_ref (self);
  ingest->batch =
    self->filter != NULL ? self->filter (batch, self->filter_data) : g_object_ref (batch);
  return dex_future_finally (muster_sample_store_append (self->store, ingest->batch),
                             muster_telemetry_stored_cb, ingest, ingest_free);
}

/* --- many at once --- */

typedef struct
{
  MusterTelemetry *telemetry;
  GPtrArray       *live;
  unsigned         n_samples;
} IngestChunk;

static void
ingest_chunk_free (gpointer data)
{
  IngestChunk *ingest = data;

  g_object_unref (ingest->telemetry);
  g_ptr_array_unref (ingest->live);
  g_free (ingest);
}

static DexFuture *
muster_telemetry_chunk_stored_cb (DexFuture *future, gpointer user_data)
{
  IngestChunk *ingest = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    {
      note_lost (ingest->telemetry, ingest->n_samples, error);
      return dex_ref (future);
    }
  ingest->telemetry->stored += ingest->n_samples;
  muster_service_set_trouble (MUSTER_SERVICE (ingest->telemetry), NULL);
  for (guint i = 0; i < ingest->live->len; i++)
    publish (ingest->telemetry, ingest->live->pdata[i]);
  return dex_ref (future);
}

gboolean
muster_telemetry_wants (MusterTelemetry *self, const char *device_id)
{
  g_return_val_if_fail (MUSTER_IS_TELEMETRY (self), FALSE);

  return self->wants != NULL && self->wants (device_id, self->filter_data);
}

gboolean
muster_telemetry_is_watched (MusterTelemetry *self)
{
  g_return_val_if_fail (MUSTER_IS_TELEMETRY (self), FALSE);

  return muster_bus_has_subscribers (self->bus, MUSTER_TOPIC_TELEMETRY);
}

DexFuture *
muster_telemetry_ingest_chunk (MusterTelemetry   *self,
                               MusterSampleChunk *chunk,
                               GBytes            *packed,
                               GPtrArray         *live)
{
  IngestChunk *ingest;

  dex_return_error_if_fail (MUSTER_IS_TELEMETRY (self));
  dex_return_error_if_fail (chunk != NULL && packed != NULL && live != NULL);

  ingest = g_new0 (IngestChunk, 1);
  ingest->telemetry = g_object_ref (self);
  ingest->live = live;
  ingest->n_samples = muster_sample_chunk_count (chunk);
  return dex_future_finally (muster_sample_store_append_chunk (self->store, chunk, packed),
                             muster_telemetry_chunk_stored_cb, ingest, ingest_chunk_free);
}
