/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <time.h>

#include "model/muster-error.h"
#include "muster-sample-model-test-util.h"
#include "muster-sample-reducer.h"

#define DAY_USEC (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

typedef struct
{
  char        *device_id;
  char        *metric;
  GArray      *samples; /* (element-type MusterSample) in order of time */
  gboolean     has_shown;
  MusterSample shown; /* the newest that was not stored, where has_shown */
} Series;

struct _MusterSampleModel
{
  GPtrArray    *series; /* (element-type Series) */
  GStringChunk *texts;
};

static void
series_free (gpointer data)
{
  Series *series = data;

  g_free (series->device_id);
  g_free (series->metric);
  g_array_unref (series->samples);
  g_free (series);
}

MusterSampleModel *
muster_sample_model_new (void)
{
  MusterSampleModel *self = g_new0 (MusterSampleModel, 1);

  self->series = g_ptr_array_new_with_free_func (series_free);
  self->texts = g_string_chunk_new (4096);
  return self;
}

void
muster_sample_model_free (MusterSampleModel *self)
{
  g_ptr_array_unref (self->series);
  g_string_chunk_free (self->texts);
  g_free (self);
}

static const MusterSample *
sample_at (const Series *series, guint index)
{
  return &g_array_index (series->samples, MusterSample, index);
}

static Series *
find_series (MusterSampleModel *self, const char *device_id, const char *metric)
{
  for (guint i = 0; i < self->series->len; i++)
    {
      Series *series = self->series->pdata[i];

      if (g_str_equal (series->device_id, device_id) && g_str_equal (series->metric, metric))
        return series;
    }
  return NULL;
}

static Series *
ensure_series (MusterSampleModel *self, const char *device_id, const char *metric)
{
  Series *series = find_series (self, device_id, metric);

  if (series != NULL)
    return series;
  series = g_new0 (Series, 1);
  series->device_id = g_strdup (device_id);
  series->metric = g_strdup (metric);
  series->samples = g_array_new (FALSE, FALSE, sizeof (MusterSample));
  g_ptr_array_add (self->series, series);
  return series;
}

/* The index of the first sample that is not before TIME. */
static guint
find_time (const Series *series, gint64 time)
{
  guint low = 0, high = series->samples->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (sample_at (series, middle)->time < time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* --- changes --- */

static gboolean
is_acceptable (const MusterSample *sample, gint64 now)
{
  return sample->time >= 0 && sample->time <= now + DAY_USEC &&
         (sample->type != MUSTER_SAMPLE_DOUBLE || isfinite (sample->number));
}

static void
put (MusterSampleModel *self, Series *series, const MusterSample *sample)
{
  MusterSample copy = *sample;
  guint        index = find_time (series, sample->time);

  copy.metric = series->metric;
  if (copy.type == MUSTER_SAMPLE_STRING)
    copy.text = g_string_chunk_insert_const (self->texts, copy.text);
  if (index == series->samples->len || sample_at (series, index)->time != copy.time)
    {
      g_array_insert_val (series->samples, index, copy);
      return;
    }
  /* What came live stays so. */
  if (!(sample_at (series, index)->flags & MUSTER_SAMPLE_HISTORICAL))
    copy.flags &= ~MUSTER_SAMPLE_HISTORICAL;
  g_array_index (series->samples, MusterSample, index) = copy;
}

static void
show (MusterSampleModel *self, Series *series, const MusterSample *sample)
{
  if ((sample->flags & MUSTER_SAMPLE_HISTORICAL) ||
      (series->has_shown && series->shown.time > sample->time))
    return;
  series->has_shown = TRUE;
  series->shown = *sample;
  series->shown.metric = series->metric;
  if (sample->type == MUSTER_SAMPLE_STRING)
    series->shown.text = g_string_chunk_insert_const (self->texts, sample->text);
}

gint64
muster_sample_model_append (MusterSampleModel *self, MusterSampleBatch *batch, gint64 now)
{
  unsigned            n;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);
  gint64              refused = 0;

  for (unsigned i = 0; i < n; i++)
    {
      Series *series;

      if (!is_acceptable (&samples[i], now))
        {
          refused++;
          continue;
        }
      series = ensure_series (self, muster_sample_batch_get_device_id (batch), samples[i].metric);
      if (samples[i].flags & MUSTER_SAMPLE_TRANSIENT)
        show (self, series, &samples[i]);
      else
        put (self, series, &samples[i]);
    }
  return refused;
}

void
muster_sample_model_forget (MusterSampleModel *self, const char *device_id)
{
  for (guint i = self->series->len; i-- > 0;)
    if (g_str_equal (((Series *)self->series->pdata[i])->device_id, device_id))
      g_ptr_array_remove_index_fast (self->series, i);
}

void
muster_sample_model_restart (MusterSampleModel *self)
{
  for (guint i = 0; i < self->series->len; i++)
    ((Series *)self->series->pdata[i])->has_shown = FALSE;
}

gint64
muster_sample_model_count_samples (MusterSampleModel *self)
{
  gint64 count = 0;

  for (guint i = 0; i < self->series->len; i++)
    count += ((Series *)self->series->pdata[i])->samples->len;
  return count;
}

gint64
muster_sample_model_count_series (MusterSampleModel *self)
{
  gint64 count = 0;

  for (guint i = 0; i < self->series->len; i++)
    count += ((Series *)self->series->pdata[i])->samples->len > 0;
  return count;
}

const MusterSample *
muster_sample_model_pick (MusterSampleModel *self,
                          const char        *device_id,
                          const char        *metric,
                          guint32            drawn)
{
  Series *series = find_series (self, device_id, metric);

  if (series == NULL || series->samples->len == 0)
    return NULL;
  return sample_at (series, drawn % series->samples->len);
}

/* --- comparisons --- */

static gboolean
get_number (const MusterSample *sample, double *number)
{
  if (sample->type == MUSTER_SAMPLE_INTEGER)
    *number = sample->integer;
  else if (sample->type == MUSTER_SAMPLE_DOUBLE)
    *number = sample->number;
  else if (sample->type == MUSTER_SAMPLE_BOOLEAN)
    *number = sample->boolean;
  else
    return FALSE;
  return TRUE;
}

/* To the bit. */
static gboolean
has_same_value (const MusterSample *a, const MusterSample *b)
{
  if (a->type != b->type)
    return FALSE;
  switch (a->type)
    {
    case MUSTER_SAMPLE_INTEGER:
      return a->integer == b->integer;
    case MUSTER_SAMPLE_DOUBLE:
      return memcmp (&a->number, &b->number, sizeof a->number) == 0;
    case MUSTER_SAMPLE_BOOLEAN:
      return !a->boolean == !b->boolean;
    case MUSTER_SAMPLE_STRING:
      return g_str_equal (a->text, b->text);
    case MUSTER_SAMPLE_NULL:
    default:
      return TRUE;
    }
}

static gboolean
is_same (const MusterSample *a, const MusterSample *b)
{
  return a->time == b->time && a->flags == b->flags && has_same_value (a, b);
}

static char *
describe (const MusterSample *sample)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (sample == NULL)
    return g_strdup ("nothing");
  muster_sample_encode_value (sample, text);
  return g_strdup_printf ("%s (type %d, flags %d) at %" G_GINT64_FORMAT, text->str, sample->type,
                          sample->flags, sample->time);
}

static void
fail (const Series *series, const char *what, const MusterSample *wanted, const MusterSample *got)
{
  g_autofree char *a = describe (wanted), *b = describe (got);

  g_error ("%s of %s, %s: %s wanted, %s got", series->metric, series->device_id, what, a, b);
}

/* The samples of METRIC in BATCH, in their order. (transfer full) (element-type MusterSample) */
static GArray *
take_metric (MusterSampleBatch *batch, const char *metric)
{
  GArray             *taken = g_array_new (FALSE, FALSE, sizeof (MusterSample));
  unsigned            n;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);

  for (unsigned i = 0; i < n; i++)
    if (g_str_equal (samples[i].metric, metric))
      g_array_append_val (taken, samples[i]);
  return taken;
}

/* A stretch of one series: from, included, to, not included. */
typedef struct
{
  const Series *series;
  guint         from, to;
} Slice;

static void
check_all (Slice slice, GArray *answer)
{
  for (guint i = 0; i < MAX (slice.to - slice.from, answer->len); i++)
    {
      const MusterSample *wanted =
        i < slice.to - slice.from ? sample_at (slice.series, slice.from + i) : NULL;
      const MusterSample *got = i < answer->len ? &g_array_index (answer, MusterSample, i) : NULL;

      if (wanted == NULL || got == NULL || !is_same (wanted, got))
        fail (slice.series, "every sample", wanted, got);
    }
}

/* --- M4 --- */

typedef struct
{
  gboolean any;
  double   least, greatest;
} Extremes;

static void
extremes_add (Extremes *self, const MusterSample *sample)
{
  double number;

  if (!get_number (sample, &number))
    return;
  self->least = self->any ? MIN (self->least, number) : number;
  self->greatest = self->any ? MAX (self->greatest, number) : number;
  self->any = TRUE;
}

/* GOT holds at most first, least, greatest and last of COLUMN. */
static void
check_column (Slice column, const MusterSample *got, guint n_got)
{
  Extremes            wanted = { 0 }, found = { 0 };
  const MusterSample *first = sample_at (column.series, column.from);
  const MusterSample *last = sample_at (column.series, column.to - 1);

  if (n_got == 0 || n_got > 4 || !is_same (&got[0], first) || !is_same (&got[n_got - 1], last))
    fail (column.series, "first of a column", first, n_got > 0 ? &got[0] : NULL);
  for (guint i = column.from; i < column.to; i++)
    extremes_add (&wanted, sample_at (column.series, i));
  for (guint i = 0; i < n_got; i++)
    {
      guint index = find_time (column.series, got[i].time);

      if (index >= column.to || !is_same (sample_at (column.series, index), &got[i]) ||
          (i > 0 && got[i].time <= got[i - 1].time))
        fail (column.series, "a column", NULL, &got[i]);
      extremes_add (&found, &got[i]);
    }
  if (wanted.any &&
      (!found.any || wanted.least != found.least || wanted.greatest != found.greatest))
    g_error ("%s: a column from %" G_GINT64_FORMAT " reaches from %g to %g, told as %g to %g",
             column.series->metric, first->time, wanted.least, wanted.greatest, found.least,
             found.greatest);
}

static void
check_columns (Slice slice, const MusterSampleQuery *query, GArray *answer)
{
  gint64 width = (query->to - query->from) / MAX (1, query->points / 4) + 1;
  guint  taken = 0;

  while (slice.from < slice.to)
    {
      gint64 column = (sample_at (slice.series, slice.from)->time - query->from) / width;
      gint64 end = query->from + (column + 1) * width;
      Slice  part = { slice.series, slice.from, MIN (slice.to, find_time (slice.series, end)) };
      guint  n = 0;

      while (taken + n < answer->len && g_array_index (answer, MusterSample, taken + n).time < end)
        n++;
      check_column (part, &g_array_index (answer, MusterSample, taken), n);
      taken += n;
      slice.from = part.to;
    }
  if (taken < answer->len)
    fail (slice.series, "behind the last column", NULL,
          &g_array_index (answer, MusterSample, taken));
}

/* --- steps --- */

typedef struct
{
  gint64 start; /* UTC microseconds */
  gint64 end;   /* not included */
} Step;

/* The days since 1970 that it is in the zone of the process, by the C library. */
static gint64
get_local_day (gint64 seconds, struct tm *local)
{
  time_t    time = seconds;
  struct tm civil;

  localtime_r (&time, local);
  civil =
    (struct tm){ .tm_year = local->tm_year, .tm_mon = local->tm_mon, .tm_mday = local->tm_mday };
  return timegm (&civil) / 86400;
}

/* The number of the step that a day lies in; steps count from 1970, weeks from its first Monday. */
static gint64
get_step_number (const MusterSampleQuery *query, gint64 day, const struct tm *local)
{
  switch (query->unit)
    {
    case MUSTER_STEP_WEEK:
      return (gint64)floor ((day - 4) / (7.0 * query->step));
    case MUSTER_STEP_MONTH:
      return (gint64)floor (((local->tm_year - 70) * 12 + local->tm_mon) / (double)query->step);
    case MUSTER_STEP_YEAR:
      return (gint64)floor ((local->tm_year - 70) / (double)query->step);
    case MUSTER_STEP_DAY:
    case MUSTER_STEP_USEC:
    default:
      return (gint64)floor (day / (double)query->step);
    }
}

/* The first quarter of an hour whose step is NUMBER or a later one: no zone begins a day at another
 * moment. */
static gint64
find_step_start (const MusterSampleQuery *query, gint64 number, gint64 seconds)
{
  gint64 low = seconds / 900 - 40000 * 96, high = seconds / 900 + 40000 * 96;

  while (low < high)
    {
      gint64    middle = low + (high - low) / 2;
      struct tm local;
      gint64    day = get_local_day (middle * 900, &local);

      if (get_step_number (query, day, &local) < number)
        low = middle + 1;
      else
        high = middle;
    }
  return low * 900 * G_USEC_PER_SEC;
}

static Step
find_step (const MusterSampleQuery *query, gint64 time)
{
  gint64    seconds = time / G_USEC_PER_SEC, day, number;
  struct tm local;

  if (query->unit == MUSTER_STEP_USEC)
    return (Step){ time / query->step * query->step,
                   time / query->step * query->step + query->step };
  g_setenv ("TZ", query->zone != NULL ? g_time_zone_get_identifier (query->zone) : "UTC", TRUE);
  tzset ();
  day = get_local_day (seconds, &local);
  number = get_step_number (query, day, &local);
  return (Step){ find_step_start (query, number, seconds),
                 find_step_start (query, number + 1, seconds) };
}

/* --- aggregates --- */

/* The numbers of SLICE: (transfer full) (element-type double) */
static GArray *
take_numbers (Slice slice)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (double));
  double  number;

  for (guint i = slice.from; i < slice.to; i++)
    if (get_number (sample_at (slice.series, i), &number))
      g_array_append_val (numbers, number);
  return numbers;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  double first = *(const double *)a, second = *(const double *)b;

  return (first > second) - (first < second);
}

static double
get_quantile (GArray *numbers, double quantile)
{
  double place = quantile * (numbers->len - 1);
  guint  below = (guint)floor (place), above = (guint)ceil (place);
  double low, high;

  g_array_sort (numbers, compare_numbers);
  low = g_array_index (numbers, double, below);
  high = g_array_index (numbers, double, above);
  return low + (high - low) * (place - below);
}

static double
get_deviation (GArray *numbers)
{
  long double mean = 0, squares = 0;

  for (guint i = 0; i < numbers->len; i++)
    mean += (long double)g_array_index (numbers, double, i) / numbers->len;
  for (guint i = 0; i < numbers->len; i++)
    squares +=
      (g_array_index (numbers, double, i) - mean) * (g_array_index (numbers, double, i) - mean);
  return sqrtl (squares / numbers->len);
}

/* How much the numbers of SLICE grew, that before them counted too. */
static double
get_growth (Slice slice)
{
  double   growth = 0, before = 0, number;
  gboolean has_before = FALSE;

  for (guint i = 0; i < slice.to; i++)
    if (get_number (sample_at (slice.series, i), &number))
      {
        if (has_before && i >= slice.from)
          growth += number >= before ? number - before : number;
        before = number;
        has_before = TRUE;
      }
  return growth;
}

/* What NUMBERS, one at least, amount to; SLACK: by how much another order of adding may change it.
 */
static double
aggregate_numbers (GArray                  *numbers,
                   Slice                    slice,
                   Step                     step,
                   const MusterSampleQuery *query,
                   double                  *slack)
{
  double   sum = 0, magnitude = 0;
  Extremes extremes = { 0 };

  for (guint i = 0; i < numbers->len; i++)
    {
      sum += g_array_index (numbers, double, i);
      magnitude += fabs (g_array_index (numbers, double, i));
    }
  for (guint i = slice.from; i < slice.to; i++)
    extremes_add (&extremes, sample_at (slice.series, i));
  *slack = magnitude * 1e-12;
  switch ((int)query->aggregate)
    {
    case MUSTER_AGGREGATE_MIN:
      *slack = 0;
      return extremes.least;
    case MUSTER_AGGREGATE_MAX:
      *slack = 0;
      return extremes.greatest;
    case MUSTER_AGGREGATE_SUM:
      return sum;
    case MUSTER_AGGREGATE_MEAN:
      return sum / numbers->len;
    case MUSTER_AGGREGATE_STDDEV:
      *slack = MAX (magnitude * 1e-9, 1e-140);
      return get_deviation (numbers);
    case MUSTER_AGGREGATE_QUANTILE:
      return get_quantile (numbers, query->quantile);
    case MUSTER_AGGREGATE_RATE:
      *slack = magnitude * 1e-9;
      return get_growth (slice) / ((step.end - step.start) / 1e6);
    default:
      g_assert_not_reached ();
    }
}

/* Squares of what is as large as this are no numbers any more. */
static gboolean
is_beyond_squares (GArray *numbers)
{
  for (guint i = 0; i < numbers->len; i++)
    if (fabs (g_array_index (numbers, double, i)) > 1e140)
      return TRUE;
  return FALSE;
}

/* Whether GOT (nullable) is the value of STEP; USED: whether there must be one. */
static gboolean
check_step (Slice                    slice,
            Step                     step,
            const MusterSampleQuery *query,
            const MusterSample      *got,
            gboolean                *used)
{
  g_autoptr (GArray) numbers = take_numbers (slice);
  double value, slack = 0, number;

  *used = TRUE;
  if (query->aggregate == MUSTER_AGGREGATE_FIRST || query->aggregate == MUSTER_AGGREGATE_LAST)
    return got != NULL && got->time == step.start &&
           has_same_value (got, sample_at (slice.series, query->aggregate == MUSTER_AGGREGATE_FIRST
                                                           ? slice.from
                                                           : slice.to - 1));
  *used = query->aggregate == MUSTER_AGGREGATE_COUNT || numbers->len > 0;
  if (!*used)
    return TRUE;
  value = query->aggregate == MUSTER_AGGREGATE_COUNT
            ? slice.to - slice.from
            : aggregate_numbers (numbers, slice, step, query, &slack);
  if (got == NULL || got->time != step.start || !get_number (got, &number))
    return FALSE;
  return fabs (number - value) <= slack ||
         (query->aggregate == MUSTER_AGGREGATE_STDDEV && is_beyond_squares (numbers));
}

static void
fail_step (const Slice *slice, const MusterSampleQuery *query, Step step, const MusterSample *got)
{
  g_autofree char *what =
    g_strdup_printf ("aggregate %d of %u samples, step %" G_GINT64_FORMAT
                     " of unit %d in %s from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                     query->aggregate, slice->to - slice->from, query->step, query->unit,
                     query->zone != NULL ? g_time_zone_get_identifier (query->zone) : "UTC",
                     step.start, step.end);

  fail (slice->series, what, sample_at (slice->series, slice->from), got);
}

static void
check_steps (Slice slice, const MusterSampleQuery *query, GArray *answer)
{
  guint taken = 0;

  while (slice.from < slice.to)
    {
      Step  step = find_step (query, sample_at (slice.series, slice.from)->time);
      Slice part = { slice.series, slice.from, MIN (slice.to, find_time (slice.series, step.end)) };
      const MusterSample *got =
        taken < answer->len ? &g_array_index (answer, MusterSample, taken) : NULL;
      gboolean used;

      if (!check_step (part, step, query, got, &used))
        fail_step (&part, query, step, got);
      taken += used;
      slice.from = part.to;
    }
  if (taken < answer->len)
    fail (slice.series, "behind the last step", NULL, &g_array_index (answer, MusterSample, taken));
}

/* Seconds of STEP in which the last number told was not 0, up to UNTIL. */
static double
get_time_in_state (Slice slice, Step step, gint64 until)
{
  gint64 sum = 0;

  for (guint i = slice.from; i < slice.to; i++)
    {
      gint64 from = sample_at (slice.series, i)->time, to = until;
      double state, next;

      if (!get_number (sample_at (slice.series, i), &state))
        continue;
      for (guint j = i + 1; j < slice.to && to == until; j++)
        if (get_number (sample_at (slice.series, j), &next))
          to = sample_at (slice.series, j)->time;
      from = MAX (from, step.start);
      to = MIN (to, step.end);
      sum += state != 0 && to > from ? to - from : 0;
    }
  return sum / 1e6;
}

/* Every step has a value from the first number on. */
static void
check_states (Slice slice, const MusterSampleQuery *query, GArray *answer)
{
  guint  taken = 0;
  double number;
  Step   step;

  while (slice.from < slice.to && !get_number (sample_at (slice.series, slice.from), &number))
    slice.from++;
  if (slice.from < slice.to)
    for (gint64 time = sample_at (slice.series, slice.from)->time; time <= query->to;
         time = step.end)
      {
        const MusterSample *got =
          taken < answer->len ? &g_array_index (answer, MusterSample, taken) : NULL;

        step = find_step (query, time);
        if (step.start == query->to && (got == NULL || got->time != step.start))
          break; /* a step of one moment has a value where a number lies in it */
        if (got == NULL || got->time != step.start || !get_number (got, &number) ||
            fabs (number - get_time_in_state (slice, step, query->to)) > 1e-3)
          fail_step (&slice, query, step, got);
        taken++;
      }
  if (taken < answer->len)
    fail (slice.series, "behind the last step", NULL, &g_array_index (answer, MusterSample, taken));
}

/* --- answers --- */

static gboolean
is_asked (const MusterSampleQuery *query, const Series *series)
{
  return g_str_equal (series->device_id, query->device_id) &&
         (query->metrics == NULL || g_strv_contains (query->metrics, series->metric));
}

static gboolean
is_excluded (const MusterSampleQuery *query, const MusterSample *sample)
{
  for (unsigned i = 0; i < query->n_excluded; i++)
    if ((query->excluded[i].metric == NULL ||
         g_str_equal (query->excluded[i].metric, sample->metric)) &&
        query->excluded[i].range.from <= sample->time &&
        sample->time <= query->excluded[i].range.to)
      return TRUE;
  return FALSE;
}

/* What QUERY asks of SERIES, as a series of its own: to be freed by g_array_unref of its samples.
 */
static Series
view_of (const Series *series, const MusterSampleQuery *query)
{
  Series view = { series->device_id, series->metric,
                  g_array_new (FALSE, FALSE, sizeof (MusterSample)) };

  for (guint i = find_time (series, query->from);
       i < series->samples->len && sample_at (series, i)->time <= query->to; i++)
    if (!is_excluded (query, sample_at (series, i)))
      g_array_append_val (view.samples, *sample_at (series, i));
  return view;
}

static gboolean
is_too_large (MusterSampleModel *self, const MusterSampleQuery *query)
{
  gboolean is_large = FALSE;

  for (guint i = 0;
       query->aggregate == MUSTER_AGGREGATE_NONE && query->points == 0 && i < self->series->len;
       i++)
    if (is_asked (query, self->series->pdata[i]))
      {
        Series view = view_of (self->series->pdata[i], query);

        is_large |= view.samples->len > MUSTER_SAMPLE_MAX_POINTS;
        g_array_unref (view.samples);
      }
  return is_large;
}

static void
check_series (const Series *series, const MusterSampleQuery *query, MusterSampleBatch *answer)
{
  g_autoptr (GArray) mine = take_metric (answer, series->metric);
  Series view = view_of (series, query);
  Slice  slice = { &view, 0, view.samples->len };

  if (query->aggregate == MUSTER_AGGREGATE_TIME_IN_STATE)
    check_states (slice, query, mine);
  else if (query->aggregate != MUSTER_AGGREGATE_NONE)
    check_steps (slice, query, mine);
  else if (query->points == 0 || slice.to <= query->points)
    check_all (slice, mine);
  else
    check_columns (slice, query, mine);
  g_array_unref (view.samples);
}

void
muster_sample_model_check_range (MusterSampleModel       *self,
                                 const MusterSampleQuery *query,
                                 MusterSampleBatch       *answer,
                                 const GError            *error)
{
  unsigned            n;
  const MusterSample *samples;

  if (is_too_large (self, query))
    {
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE);
      return;
    }
  g_assert_no_error (error);
  for (guint i = 0; i < self->series->len; i++)
    if (is_asked (query, self->series->pdata[i]))
      check_series (self->series->pdata[i], query, answer);
  samples = muster_sample_batch_get (answer, &n);
  for (unsigned i = 0; i < n; i++)
    {
      const Series *series = find_series (self, query->device_id, samples[i].metric);

      if (series == NULL || !is_asked (query, series))
        g_error ("%s was not asked for, or is not there", samples[i].metric);
    }
}

/* The newest of SERIES that is not history; NULL where there is none. */
static const MusterSample *
latest_of (const Series *series)
{
  for (guint i = series->samples->len; i-- > 0;)
    {
      const MusterSample *sample = sample_at (series, i);

      if (!(sample->flags & MUSTER_SAMPLE_HISTORICAL))
        return series->has_shown && series->shown.time > sample->time ? &series->shown : sample;
    }
  return series->has_shown ? &series->shown : NULL;
}

static const MusterSample *
find_latest (GPtrArray *answer, const Series *series)
{
  for (guint i = 0; i < answer->len; i++)
    {
      unsigned            n;
      const MusterSample *samples = muster_sample_batch_get (answer->pdata[i], &n);

      if (!g_str_equal (muster_sample_batch_get_device_id (answer->pdata[i]), series->device_id))
        continue;
      for (unsigned s = 0; s < n; s++)
        if (g_str_equal (samples[s].metric, series->metric))
          return &samples[s];
    }
  return NULL;
}

void
muster_sample_model_check_latest (MusterSampleModel *self,
                                  const char *const *device_ids,
                                  GPtrArray         *answer)
{
  guint n_wanted = 0, n_got = 0;

  for (guint i = 0; i < self->series->len; i++)
    {
      const Series       *series = self->series->pdata[i];
      const MusterSample *wanted, *got;

      if (device_ids != NULL && !g_strv_contains (device_ids, series->device_id))
        continue;
      wanted = latest_of (series);
      got = find_latest (answer, series);
      n_wanted += wanted != NULL;
      if ((wanted == NULL) != (got == NULL) || (wanted != NULL && !is_same (wanted, got)))
        fail (series, "the newest", wanted, got);
    }
  for (guint i = 0; i < answer->len; i++)
    {
      unsigned n;

      muster_sample_batch_get (answer->pdata[i], &n);
      n_got += n;
    }
  g_assert_cmpuint (n_got, ==, n_wanted);
}
