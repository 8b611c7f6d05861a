/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-reducer"

#include "config.h"

#include <math.h>

#include "model/muster-error.h"
#include "muster-sample-reducer.h"

/* What is known of one column of pixels or one step. Texts are owned. */
typedef struct
{
  gint64       index;
  gint64       count;
  gint64       n_numbers;
  double       sum;
  MusterSample first;
  MusterSample least;
  MusterSample greatest;
  MusterSample last;
} Bucket;

struct _MusterSampleReducer
{
  const MusterSampleQuery *query;
  MusterSampleBatch       *batch;
  char                    *metric;
  GStringChunk            *texts;
  GArray  *raw;     /* (nullable) (element-type MusterSample) while there are few enough */
  GArray  *reduced; /* (element-type MusterSample) answered buckets */
  gint64   width;   /* of a bucket, in microseconds */
  gint64   origin;  /* where bucket 0 begins */
  Bucket   bucket;  /* the one being filled; count 0: none */
  unsigned most_raw;
};

static gboolean
is_aggregated (const MusterSampleQuery *query)
{
  return query->aggregate != MUSTER_AGGREGATE_NONE;
}

gboolean
muster_sample_query_check (const MusterSampleQuery *query, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  g_return_val_if_fail (query != NULL, FALSE);

  if (query->to < query->from)
    muster_field_errors_add (errors, "to", "must not be before from");
  if (is_aggregated (query) && query->step <= 0)
    muster_field_errors_add (errors, "step", "must be given with agg: the seconds of one step");
  if (!is_aggregated (query) && query->step != 0)
    muster_field_errors_add (errors, "step",
                             "needs agg: mean, min, max, sum, count, first or last");
  if (is_aggregated (query) && query->step > 0 && query->to >= query->from &&
      (query->to - query->from) / query->step >= MUSTER_SAMPLE_MAX_POINTS)
    muster_field_errors_add (errors, "step", "must be greater: the range has more than %d steps",
                             MUSTER_SAMPLE_MAX_POINTS);
  return muster_field_errors_check (errors, error);
}

MusterSampleReducer *
muster_sample_reducer_new (const MusterSampleQuery *query,
                           const char              *metric,
                           MusterSampleBatch       *batch)
{
  MusterSampleReducer *self = g_new0 (MusterSampleReducer, 1);
  unsigned             n_columns;

  g_return_val_if_fail (query != NULL && metric != NULL && MUSTER_IS_SAMPLE_BATCH (batch), NULL);

  self->query = query;
  self->batch = g_object_ref (batch);
  self->metric = g_strdup (metric);
  self->texts = g_string_chunk_new (64);
  self->reduced = g_array_new (FALSE, FALSE, sizeof (MusterSample));
  if (is_aggregated (query))
    {
      self->width = query->step;
      self->origin = 0; /* steps lie on whole multiples since 1970, so that two queries agree */
      return self;
    }
  self->raw = g_array_new (FALSE, FALSE, sizeof (MusterSample));
  self->most_raw = query->points > 0 ? query->points : MUSTER_SAMPLE_MAX_POINTS;
  self->origin = query->from;
  n_columns = MAX (1, self->most_raw / 4);
  self->width = (query->to - query->from) / n_columns + 1; /* rounded up: never a column more */
  return self;
}

void
muster_sample_reducer_free (MusterSampleReducer *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->raw, g_array_unref);
  g_array_unref (self->reduced);
  g_string_chunk_free (self->texts);
  g_object_unref (self->batch);
  g_free (self->metric);
  g_free (self);
}

/* FALSE for what has no place on a number line. */
static gboolean
get_number (const MusterSample *sample, double *number)
{
  switch (sample->type)
    {
    case MUSTER_SAMPLE_INTEGER:
      *number = sample->integer;
      return TRUE;
    case MUSTER_SAMPLE_DOUBLE:
      *number = sample->number;
      return TRUE;
    case MUSTER_SAMPLE_BOOLEAN:
      *number = sample->boolean;
      return TRUE;
    case MUSTER_SAMPLE_STRING:
    case MUSTER_SAMPLE_NULL:
    default:
      return FALSE;
    }
}

static void
append_reduced (MusterSampleReducer *self, const MusterSample *sample, gint64 time)
{
  MusterSample copy = *sample;

  copy.time = time;
  g_array_append_val (self->reduced, copy);
}

static void
append_number (MusterSampleReducer *self, double number, gint64 time)
{
  MusterSample sample = { .type = MUSTER_SAMPLE_DOUBLE, .number = number };

  append_reduced (self, &sample, time);
}

/* The four of a column in order of time, each once. */
static void
close_column (MusterSampleReducer *self)
{
  const MusterSample *samples[] = { &self->bucket.first, &self->bucket.least,
                                    &self->bucket.greatest, &self->bucket.last };
  gint64              last_time = G_MININT64;

  if (self->bucket.n_numbers == 0)
    samples[1] = samples[2] = &self->bucket.first;
  if (samples[1]->time > samples[2]->time)
    {
      const MusterSample *least = samples[1];

      samples[1] = samples[2];
      samples[2] = least;
    }
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    if (samples[i]->time > last_time)
      {
        append_reduced (self, samples[i], samples[i]->time);
        last_time = samples[i]->time;
      }
}

static void
close_step (MusterSampleReducer *self)
{
  const Bucket *bucket = &self->bucket;
  gint64        time = self->origin + bucket->index * self->width;

  switch (self->query->aggregate)
    {
    case MUSTER_AGGREGATE_COUNT:
      append_number (self, bucket->count, time);
      return;
    case MUSTER_AGGREGATE_FIRST:
      append_reduced (self, &bucket->first, time);
      return;
    case MUSTER_AGGREGATE_LAST:
      append_reduced (self, &bucket->last, time);
      return;
    case MUSTER_AGGREGATE_MEAN:
    case MUSTER_AGGREGATE_SUM:
      if (bucket->n_numbers > 0)
        append_number (self,
                       bucket->sum /
                         (self->query->aggregate == MUSTER_AGGREGATE_MEAN ? bucket->n_numbers : 1),
                       time);
      return;
    case MUSTER_AGGREGATE_MIN:
    case MUSTER_AGGREGATE_MAX:
      if (bucket->n_numbers > 0)
        append_reduced (self,
                        self->query->aggregate == MUSTER_AGGREGATE_MIN ? &bucket->least
                                                                       : &bucket->greatest,
                        time);
      return;
    case MUSTER_AGGREGATE_NONE:
    default:
      g_assert_not_reached ();
    }
}

static void
close_bucket (MusterSampleReducer *self)
{
  if (self->bucket.count == 0)
    return;
  if (is_aggregated (self->query))
    close_step (self);
  else
    close_column (self);
  self->bucket.count = 0;
}

static void
add_to_bucket (MusterSampleReducer *self, const MusterSample *sample)
{
  Bucket *bucket = &self->bucket;
  double  number, extreme;

  if (bucket->count++ == 0)
    bucket->first = *sample;
  bucket->last = *sample;
  if (!get_number (sample, &number))
    return;
  bucket->sum += number;
  if (bucket->n_numbers == 0 || (get_number (&bucket->least, &extreme) && number < extreme))
    bucket->least = *sample;
  if (bucket->n_numbers == 0 || (get_number (&bucket->greatest, &extreme) && number > extreme))
    bucket->greatest = *sample;
  bucket->n_numbers++;
}

void
muster_sample_reducer_push (MusterSampleReducer *self, const MusterSample *sample)
{
  MusterSample copy;
  gint64       index;

  g_return_if_fail (self != NULL && sample != NULL);

  copy = *sample;
  if (copy.type == MUSTER_SAMPLE_STRING)
    copy.text = g_string_chunk_insert_const (self->texts, copy.text);
  if (self->raw != NULL)
    {
      g_array_append_val (self->raw, copy);
      if (self->raw->len > self->most_raw)
        g_clear_pointer (&self->raw, g_array_unref); /* too many: the columns answer */
    }
  index = (copy.time - self->origin) / self->width;
  if (self->bucket.count > 0 && index != self->bucket.index)
    close_bucket (self);
  if (self->bucket.count == 0)
    self->bucket = (Bucket){ .index = index };
  add_to_bucket (self, &copy);
}

void
muster_sample_batch_append (MusterSampleBatch  *batch,
                            const char         *metric,
                            gint64              time,
                            const MusterSample *sample)
{
  g_return_if_fail (sample != NULL);

  switch (sample->type)
    {
    case MUSTER_SAMPLE_INTEGER:
      muster_sample_batch_add_integer (batch, metric, time, sample->integer, sample->flags);
      break;
    case MUSTER_SAMPLE_DOUBLE:
      muster_sample_batch_add_double (batch, metric, time, sample->number, sample->flags);
      break;
    case MUSTER_SAMPLE_BOOLEAN:
      muster_sample_batch_add_boolean (batch, metric, time, sample->boolean, sample->flags);
      break;
    case MUSTER_SAMPLE_STRING:
      muster_sample_batch_add_string (batch, metric, time, sample->text, sample->flags);
      break;
    case MUSTER_SAMPLE_NULL:
    default:
      muster_sample_batch_add_null (batch, metric, time, sample->flags);
    }
}

gboolean
muster_sample_reducer_finish (MusterSampleReducer *self, GError **error)
{
  GArray *answer;

  g_return_val_if_fail (self != NULL, FALSE);

  close_bucket (self);
  if (self->raw == NULL && !is_aggregated (self->query) && self->query->points == 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                   "%s has more than %d points in this range: narrow from and to, or give points",
                   self->metric, MUSTER_SAMPLE_MAX_POINTS);
      return FALSE;
    }
  answer = self->raw != NULL ? self->raw : self->reduced;
  for (guint i = 0; i < answer->len; i++)
    {
      const MusterSample *sample = &g_array_index (answer, MusterSample, i);

      muster_sample_batch_append (self->batch, self->metric, sample->time, sample);
    }
  return TRUE;
}
