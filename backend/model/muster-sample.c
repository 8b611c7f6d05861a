/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample"

#include "config.h"

#include <math.h>

#include "muster-entity.h"
#include "muster-sample.h"

struct _MusterSampleBatch
{
  GObject       parent_instance;
  char         *device_id;
  GArray       *samples; /* (element-type MusterSample) */
  GStringChunk *strings; /* metric names and texts */
};

G_DEFINE_FINAL_TYPE (MusterSampleBatch, muster_sample_batch, G_TYPE_OBJECT)

static void
muster_sample_batch_finalize (GObject *object)
{
  MusterSampleBatch *self = MUSTER_SAMPLE_BATCH (object);

  g_free (self->device_id);
  g_array_unref (self->samples);
  g_string_chunk_free (self->strings);
  G_OBJECT_CLASS (muster_sample_batch_parent_class)->finalize (object);
}

static void
muster_sample_batch_class_init (MusterSampleBatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_sample_batch_finalize;
}

static void
muster_sample_batch_init (MusterSampleBatch *self)
{
  self->samples = g_array_new (FALSE, FALSE, sizeof (MusterSample));
  self->strings = g_string_chunk_new (256);
}

MusterSampleBatch *
muster_sample_batch_new (const char *device_id)
{
  MusterSampleBatch *self;

  g_return_val_if_fail (device_id != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_SAMPLE_BATCH, NULL);
  self->device_id = g_strdup (device_id);
  return self;
}

const char *
muster_sample_batch_get_device_id (MusterSampleBatch *self)
{
  g_return_val_if_fail (MUSTER_IS_SAMPLE_BATCH (self), NULL);

  return self->device_id;
}

static MusterSample *
add (MusterSampleBatch *self,
     const char        *metric,
     gint64             time,
     MusterSampleType   type,
     MusterSampleFlags  flags)
{
  MusterSample sample = { .time = time, .type = type, .flags = flags };

  /* Samples of one metric mostly follow each other: no need to look the name up again. */
  if (self->samples->len > 0 &&
      g_str_equal (g_array_index (self->samples, MusterSample, self->samples->len - 1).metric,
                   metric))
    sample.metric = g_array_index (self->samples, MusterSample, self->samples->len - 1).metric;
  else
    sample.metric = g_string_chunk_insert_const (self->strings, metric);
  g_array_append_val (self->samples, sample);
  return &g_array_index (self->samples, MusterSample, self->samples->len - 1);
}

void
muster_sample_batch_add_double (MusterSampleBatch *self,
                                const char        *metric,
                                gint64             time,
                                double             value,
                                MusterSampleFlags  flags)
{
  g_return_if_fail (MUSTER_IS_SAMPLE_BATCH (self) && metric != NULL);

  add (self, metric, time, MUSTER_SAMPLE_DOUBLE, flags)->number = value;
}

void
muster_sample_batch_add_integer (MusterSampleBatch *self,
                                 const char        *metric,
                                 gint64             time,
                                 gint64             value,
                                 MusterSampleFlags  flags)
{
  g_return_if_fail (MUSTER_IS_SAMPLE_BATCH (self) && metric != NULL);

  add (self, metric, time, MUSTER_SAMPLE_INTEGER, flags)->integer = value;
}

void
muster_sample_batch_add_boolean (MusterSampleBatch *self,
                                 const char        *metric,
                                 gint64             time,
                                 gboolean           value,
                                 MusterSampleFlags  flags)
{
  g_return_if_fail (MUSTER_IS_SAMPLE_BATCH (self) && metric != NULL);

  add (self, metric, time, MUSTER_SAMPLE_BOOLEAN, flags)->boolean = !!value;
}

void
muster_sample_batch_add_string (MusterSampleBatch *self,
                                const char        *metric,
                                gint64             time,
                                const char        *value,
                                MusterSampleFlags  flags)
{
  g_return_if_fail (MUSTER_IS_SAMPLE_BATCH (self) && metric != NULL && value != NULL);

  add (self, metric, time, MUSTER_SAMPLE_STRING, flags)->text =
    g_string_chunk_insert (self->strings, value);
}

void
muster_sample_batch_add_null (MusterSampleBatch *self,
                              const char        *metric,
                              gint64             time,
                              MusterSampleFlags  flags)
{
  g_return_if_fail (MUSTER_IS_SAMPLE_BATCH (self) && metric != NULL);

  add (self, metric, time, MUSTER_SAMPLE_NULL, flags);
}

const MusterSample *
muster_sample_batch_get (MusterSampleBatch *self, unsigned *n_samples)
{
  g_return_val_if_fail (MUSTER_IS_SAMPLE_BATCH (self), NULL);

  if (n_samples != NULL)
    *n_samples = self->samples->len;
  return (const MusterSample *)(gpointer)self->samples->data;
}

void
muster_sample_encode_value (const MusterSample *sample, GString *json)
{
  g_return_if_fail (sample != NULL && json != NULL);

  switch (sample->type)
    {
    case MUSTER_SAMPLE_INTEGER:
      muster_json_append_integer (json, sample->integer);
      break;
    case MUSTER_SAMPLE_DOUBLE:
      if (isfinite (sample->number))
        muster_json_append_double (json, sample->number);
      else
        g_string_append (json, "null");
      break;
    case MUSTER_SAMPLE_BOOLEAN:
      g_string_append (json, sample->boolean ? "true" : "false");
      break;
    case MUSTER_SAMPLE_STRING:
      muster_json_append_string (json, sample->text, -1);
      break;
    case MUSTER_SAMPLE_NULL:
    default:
      g_string_append (json, "null");
    }
}

static void
append_points (MusterSampleBatch *self, const char *metric, guint from, GString *json)
{
  char separator = '[';

  g_string_append (json, "{\"metric\":");
  muster_json_append_string (json, metric, -1);
  g_string_append (json, ",\"points\":");
  for (guint i = from; i < self->samples->len; i++)
    {
      const MusterSample *sample = &g_array_index (self->samples, MusterSample, i);

      if (sample->metric != metric)
        continue;
      g_string_append_c (json, separator);
      g_string_append_c (json, '[');
      muster_json_append_integer (json, sample->time / 1000);
      g_string_append_c (json, ',');
      muster_sample_encode_value (sample, json);
      if (sample->flags & MUSTER_SAMPLE_BAD)
        g_string_append (json, ",\"bad\"");
      else if (sample->flags & MUSTER_SAMPLE_STALE)
        g_string_append (json, ",\"stale\"");
      g_string_append_c (json, ']');
      separator = ',';
    }
  g_string_append (json, "]}");
}

gboolean
muster_sample_batch_encode (MusterSampleBatch *self, GHashTable *metrics, GString *json)
{
  g_autoptr (GHashTable) done = g_hash_table_new (NULL, NULL);
  const char *last = NULL;
  gsize       start;

  g_return_val_if_fail (MUSTER_IS_SAMPLE_BATCH (self) && json != NULL, FALSE);

  start = json->len;
  g_string_append (json, "{\"device_id\":");
  muster_json_append_string (json, self->device_id, -1);
  g_string_append (json, ",\"samples\":[");
  for (guint i = 0; i < self->samples->len; i++)
    {
      const char *metric = g_array_index (self->samples, MusterSample, i).metric;

      /* Those of one metric mostly stand together. */
      if (metric == last || (metrics != NULL && !g_hash_table_contains (metrics, metric)) ||
          !g_hash_table_add (done, (gpointer)metric))
        continue;
      last = metric;
      if (g_hash_table_size (done) > 1)
        g_string_append_c (json, ',');
      append_points (self, metric, i, json);
    }
  g_string_append (json, "]}");
  if (g_hash_table_size (done) > 0)
    return TRUE;
  g_string_truncate (json, start);
  return FALSE;
}
