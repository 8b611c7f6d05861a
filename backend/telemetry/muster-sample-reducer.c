/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-reducer"

#include "config.h"

#include <math.h>

#include "model/muster-error.h"
#include "muster-sample-reducer.h"
#include "muster-sample-steps.h"

/* Days, weeks, months or years of one step. */
#define MOST_UNITS 1000
#define MINUTE_USEC (60 * (gint64)G_USEC_PER_SEC)
#define HOUR_USEC (60 * MINUTE_USEC)
/* A column of so many pieces is moved by a fiftieth of itself at most. */
#define LEAST_PIECES 24

/* What is known of one column of pixels or one step. Texts are owned. */
typedef struct
{
  gint64       start; /* UTC microseconds */
  gint64       end;   /* not included */
  gint64       count;
  gint64       n_numbers;
  double       sum;
  double       mean; /* of the numbers, and their squared differences to it (Welford 1962) */
  double       squares;
  double       total; /* of a counter's growth, or of seconds in a state */
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
  GArray  *numbers; /* (nullable) (element-type double) of the bucket, for a quantile */
  gint64   width;   /* of a column, in microseconds */
  gint64   n_columns;
  gint64   piece;  /* what their edges are whole multiples of; 0: of nothing */
  gint64   origin; /* where column 0 begins */
  Bucket   bucket; /* the one being filled; end 0: none */
  unsigned most_raw;
  gboolean has_before; /* the number before the one that comes, and its time */
  double   before;
  gint64   before_time;
  gboolean is_too_large;
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
    muster_field_errors_add (
      errors, "step",
      "needs agg: mean, min, max, sum, count, first, last, stddev, quantile, rate or time_in_state");
  if (is_aggregated (query) && query->unit != MUSTER_STEP_USEC && query->step > MOST_UNITS)
    muster_field_errors_add (errors, "step", "must be at most %d", MOST_UNITS);
  else if (is_aggregated (query) && query->step > 0 && query->to >= query->from &&
           (query->to - query->from) / muster_sample_step_get_least (query->step, query->unit) >=
             MUSTER_SAMPLE_MAX_POINTS)
    muster_field_errors_add (errors, "step", "must be greater: the range has more than %d steps",
                             MUSTER_SAMPLE_MAX_POINTS);
  if (!(query->quantile >= 0 && query->quantile <= 1))
    muster_field_errors_add (errors, "quantile", "must be between 0 and 1");
  return muster_field_errors_check (errors, error);
}

static gint64
get_n_columns (const MusterSampleQuery *query)
{
  return MAX (1, (query->points > 0 ? query->points : MUSTER_SAMPLE_MAX_POINTS) / 4);
}

/* Rounded up: never a column more. */
static gint64
get_width (const MusterSampleQuery *query)
{
  return (query->to - query->from) / get_n_columns (query) + 1;
}

gint64
muster_sample_query_get_piece (const MusterSampleQuery *query)
{
  gint64 width;

  g_return_val_if_fail (query != NULL, 0);

  if (query->aggregate > MUSTER_AGGREGATE_LAST || (!is_aggregated (query) && query->points == 0))
    return 0;
  if (is_aggregated (query) && query->unit != MUSTER_STEP_USEC)
    return HOUR_USEC;
  width = is_aggregated (query) ? query->step : get_width (query);
  for (gint64 piece = HOUR_USEC; piece >= MINUTE_USEC; piece /= 60)
    if (width >= LEAST_PIECES * piece || (is_aggregated (query) && width % piece == 0))
      return piece;
  return 0;
}

MusterSampleReducer *
muster_sample_reducer_new (const MusterSampleQuery *query,
                           const char              *metric,
                           MusterSampleBatch       *batch)
{
  MusterSampleReducer *self = g_new0 (MusterSampleReducer, 1);

  g_return_val_if_fail (query != NULL && metric != NULL && MUSTER_IS_SAMPLE_BATCH (batch), NULL);

  self->query = query;
  self->batch = g_object_ref (batch);
  self->metric = g_strdup (metric);
  self->texts = g_string_chunk_new (64);
  self->reduced = g_array_new (FALSE, FALSE, sizeof (MusterSample));
  if (is_aggregated (query))
    {
      if (query->aggregate == MUSTER_AGGREGATE_QUANTILE)
        self->numbers = g_array_new (FALSE, FALSE, sizeof (double));
      return self;
    }
  self->raw = g_array_new (FALSE, FALSE, sizeof (MusterSample));
  self->most_raw = query->points > 0 ? query->points : MUSTER_SAMPLE_MAX_POINTS;
  self->origin = query->from;
  self->n_columns = get_n_columns (query);
  self->width = get_width (query);
  self->piece = muster_sample_query_get_piece (query);
  return self;
}

void
muster_sample_reducer_free (MusterSampleReducer *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->raw, g_array_unref);
  g_clear_pointer (&self->numbers, g_array_unref);
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

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  double first = *(const double *)a, second = *(const double *)b;

  return (first > second) - (first < second);
}

/* Between the two nearest, as far as it lies between them (Hyndman and Fan 1996, definition 7). */
double
muster_sample_get_quantile (GArray *numbers, double quantile)
{
  double place = quantile * (numbers->len - 1);
  guint  below = (guint)place;
  guint  above = MIN (below + 1, numbers->len - 1);
  double low, high;

  g_array_sort (numbers, compare_numbers);
  low = g_array_index (numbers, double, below);
  high = g_array_index (numbers, double, above);
  return low + (place - below) * (high - low);
}

/* Of the numbers of a step; there is one at least. */
static double
get_aggregate (MusterSampleReducer *self, const Bucket *bucket)
{
  switch (self->query->aggregate)
    {
    case MUSTER_AGGREGATE_MEAN:
      return bucket->sum / bucket->n_numbers;
    case MUSTER_AGGREGATE_SUM:
      return bucket->sum;
    case MUSTER_AGGREGATE_STDDEV:
      return sqrt (bucket->squares / bucket->n_numbers);
    case MUSTER_AGGREGATE_QUANTILE:
      return muster_sample_get_quantile (self->numbers, self->query->quantile);
    case MUSTER_AGGREGATE_RATE:
      return bucket->total / ((double)(bucket->end - bucket->start) / G_USEC_PER_SEC);
    case MUSTER_AGGREGATE_TIME_IN_STATE:
      return bucket->total;
    case MUSTER_AGGREGATE_NONE:
    case MUSTER_AGGREGATE_MIN:
    case MUSTER_AGGREGATE_MAX:
    case MUSTER_AGGREGATE_COUNT:
    case MUSTER_AGGREGATE_FIRST:
    case MUSTER_AGGREGATE_LAST:
    default:
      g_assert_not_reached ();
    }
}

static void
close_step (MusterSampleReducer *self)
{
  const Bucket *bucket = &self->bucket;

  switch (self->query->aggregate)
    {
    case MUSTER_AGGREGATE_COUNT:
      append_number (self, bucket->count, bucket->start);
      return;
    case MUSTER_AGGREGATE_FIRST:
      append_reduced (self, &bucket->first, bucket->start);
      return;
    case MUSTER_AGGREGATE_LAST:
      append_reduced (self, &bucket->last, bucket->start);
      return;
    case MUSTER_AGGREGATE_MIN:
      if (bucket->n_numbers > 0)
        append_reduced (self, &bucket->least, bucket->start);
      return;
    case MUSTER_AGGREGATE_MAX:
      if (bucket->n_numbers > 0)
        append_reduced (self, &bucket->greatest, bucket->start);
      return;
    case MUSTER_AGGREGATE_MEAN:
    case MUSTER_AGGREGATE_SUM:
    case MUSTER_AGGREGATE_STDDEV:
    case MUSTER_AGGREGATE_QUANTILE:
    case MUSTER_AGGREGATE_RATE:
    case MUSTER_AGGREGATE_TIME_IN_STATE:
    case MUSTER_AGGREGATE_NONE:
    default:
      if (bucket->n_numbers > 0)
        append_number (self, get_aggregate (self, bucket), bucket->start);
    }
}

static void
close_bucket (MusterSampleReducer *self)
{
  if (self->bucket.end == 0)
    return;
  if (self->bucket.count > 0 || self->bucket.n_numbers > 0)
    {
      if (is_aggregated (self->query))
        close_step (self);
      else
        close_column (self);
    }
  if (self->numbers != NULL)
    g_array_set_size (self->numbers, 0);
  self->bucket.end = 0;
}

/* Where column NUMBER begins. */
static gint64
get_edge (const MusterSampleReducer *self, gint64 number)
{
  gint64 edge = self->origin + number * self->width;

  if (number <= 0)
    return self->origin;
  if (number >= self->n_columns)
    return G_MAXINT64;
  return self->piece > 0 ? (edge + self->piece / 2) / self->piece * self->piece : edge;
}

static void
open_column (MusterSampleReducer *self, gint64 time)
{
  gint64 number = CLAMP ((time - self->origin) / self->width, 0, self->n_columns - 1);

  if (time < get_edge (self, number) && number > 0)
    number--;
  else if (time >= get_edge (self, number + 1))
    number++;
  self->bucket.start = get_edge (self, number);
  self->bucket.end = get_edge (self, number + 1);
}

/* Begins the bucket of TIME, unless it is the one under way. */
static void
open_bucket (MusterSampleReducer *self, gint64 time)
{
  Bucket *bucket = &self->bucket;

  if (bucket->end != 0 && time < bucket->end)
    return;
  close_bucket (self);
  *bucket = (Bucket){ 0 };
  if (is_aggregated (self->query))
    {
      muster_sample_step_find (time, self->query->step, self->query->unit, self->query->zone,
                               &bucket->start, &bucket->end);
      return;
    }
  open_column (self, time);
}

/* The seconds from the sample before until UNTIL belong to the state that it told, each to its
 * step. */
static void
add_time_in_state (MusterSampleReducer *self, gint64 until)
{
  gint64 from = self->before_time;

  while (self->has_before && from < until)
    {
      gint64 to;

      open_bucket (self, from);
      to = MIN (until, self->bucket.end);
      self->bucket.n_numbers++;
      if (self->before != 0)
        self->bucket.total += (double)(to - from) / G_USEC_PER_SEC;
      from = to;
    }
  self->before_time = MAX (self->before_time, until);
}

/* A counter that falls began anew at 0. */
static double
get_growth (const MusterSampleReducer *self, double number)
{
  if (!self->has_before)
    return 0;
  return number >= self->before ? number - self->before : number;
}

static void
add_number (MusterSampleReducer *self, double number)
{
  Bucket *bucket = &self->bucket;
  double  difference = number - bucket->mean;

  bucket->sum += number;
  bucket->n_numbers++;
  bucket->mean += difference / bucket->n_numbers;
  bucket->squares += difference * (number - bucket->mean);
  if (self->query->aggregate == MUSTER_AGGREGATE_RATE)
    bucket->total += get_growth (self, number);
  if (self->numbers == NULL)
    return;
  if (self->numbers->len < MUSTER_SAMPLE_MAX_QUANTILE)
    g_array_append_val (self->numbers, number);
  else
    self->is_too_large = TRUE;
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
  if (bucket->n_numbers == 0 || (get_number (&bucket->least, &extreme) && number < extreme))
    bucket->least = *sample;
  if (bucket->n_numbers == 0 || (get_number (&bucket->greatest, &extreme) && number > extreme))
    bucket->greatest = *sample;
  add_number (self, number);
  self->has_before = TRUE;
  self->before = number;
  self->before_time = sample->time;
}

void
muster_sample_reducer_push (MusterSampleReducer *self, const MusterSample *sample)
{
  MusterSample copy;

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
  if ((copy.flags & MUSTER_SAMPLE_BAD) != 0 && !self->query->include_bad)
    return;
  if (self->query->aggregate == MUSTER_AGGREGATE_TIME_IN_STATE)
    add_time_in_state (self, copy.time);
  open_bucket (self, copy.time);
  add_to_bucket (self, &copy);
}

void
muster_sample_reducer_expect (MusterSampleReducer *self, gint64 n_samples)
{
  if (self->raw != NULL && n_samples > self->most_raw - self->raw->len)
    g_clear_pointer (&self->raw, g_array_unref);
}

gboolean
muster_sample_reducer_takes_summary (MusterSampleReducer *self, gint64 first, gint64 last)
{
  if (self->raw != NULL || self->query->aggregate > MUSTER_AGGREGATE_LAST)
    return FALSE;
  open_bucket (self, first);
  return last < self->bucket.end;
}

gboolean
muster_sample_reducer_is_simple (MusterSampleReducer *self)
{
  return is_aggregated (self->query) && self->query->aggregate <= MUSTER_AGGREGATE_LAST;
}

gboolean
muster_sample_reducer_wants_extremes (MusterSampleReducer *self,
                                      gint64               first,
                                      double               minimum,
                                      double               maximum)
{
  double least, greatest;

  if (self->query->aggregate != MUSTER_AGGREGATE_NONE)
    return FALSE;
  open_bucket (self, first);
  return self->bucket.n_numbers == 0 || !get_number (&self->bucket.least, &least) ||
         !get_number (&self->bucket.greatest, &greatest) || minimum < least || maximum > greatest;
}

void
muster_sample_reducer_push_summary (MusterSampleReducer *self, const MusterSampleSummary *summary)
{
  Bucket *bucket = &self->bucket;
  double  number, extreme;

  open_bucket (self, summary->first.time);
  if (bucket->count == 0)
    bucket->first = summary->first;
  bucket->last = summary->last;
  if (bucket->n_numbers == 0 || (get_number (&bucket->least, &extreme) &&
                                 get_number (&summary->least, &number) && number < extreme))
    bucket->least = summary->least;
  if (bucket->n_numbers == 0 || (get_number (&bucket->greatest, &extreme) &&
                                 get_number (&summary->greatest, &number) && number > extreme))
    bucket->greatest = summary->greatest;
  bucket->count += summary->count;
  bucket->n_numbers += summary->count;
  bucket->sum += summary->sum;
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

  if (self->query->aggregate == MUSTER_AGGREGATE_TIME_IN_STATE)
    add_time_in_state (self, self->query->to);
  close_bucket (self);
  if (self->is_too_large)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                   "%s has more than %d samples in one step: a quantile needs a shorter step",
                   self->metric, MUSTER_SAMPLE_MAX_QUANTILE);
      return FALSE;
    }
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
