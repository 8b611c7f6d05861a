/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/muster-error.h"
#include "muster-sample-model-private-test-util.h"
#include "muster-sample-reducer.h"

#define DAY_USEC (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

static void
series_free (gpointer data)
{
  MusterModelSeries *series = data;

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

MusterModelSeries *
muster_model_find_series (MusterSampleModel *self, const char *device_id, const char *metric)
{
  for (guint i = 0; i < self->series->len; i++)
    {
      MusterModelSeries *series = self->series->pdata[i];

      if (g_str_equal (series->device_id, device_id) && g_str_equal (series->metric, metric))
        return series;
    }
  return NULL;
}

static MusterModelSeries *
ensure_series (MusterSampleModel *self, const char *device_id, const char *metric)
{
  MusterModelSeries *series = muster_model_find_series (self, device_id, metric);

  if (series != NULL)
    return series;
  series = g_new0 (MusterModelSeries, 1);
  series->device_id = g_strdup (device_id);
  series->metric = g_strdup (metric);
  series->samples = g_array_new (FALSE, FALSE, sizeof (MusterSample));
  g_ptr_array_add (self->series, series);
  return series;
}

/* The index of the first sample that is not before TIME. */
guint
muster_model_find_time (const MusterModelSeries *series, gint64 time)
{
  guint low = 0, high = series->samples->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (muster_model_sample_at (series, middle)->time < time)
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
put (MusterSampleModel *self, MusterModelSeries *series, const MusterSample *sample)
{
  MusterSample copy = *sample;
  guint        index = muster_model_find_time (series, sample->time);

  copy.metric = series->metric;
  if (copy.type == MUSTER_SAMPLE_STRING)
    copy.text = g_string_chunk_insert_const (self->texts, copy.text);
  if (index == series->samples->len || muster_model_sample_at (series, index)->time != copy.time)
    {
      g_array_insert_val (series->samples, index, copy);
      return;
    }
  /* What came live stays so. */
  if (!(muster_model_sample_at (series, index)->flags & MUSTER_SAMPLE_HISTORICAL))
    copy.flags &= ~MUSTER_SAMPLE_HISTORICAL;
  g_array_index (series->samples, MusterSample, index) = copy;
}

static void
show (MusterSampleModel *self, MusterModelSeries *series, const MusterSample *sample)
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
      MusterModelSeries *series;

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
    if (g_str_equal (((MusterModelSeries *)self->series->pdata[i])->device_id, device_id))
      g_ptr_array_remove_index_fast (self->series, i);
}

void
muster_sample_model_restart (MusterSampleModel *self)
{
  for (guint i = 0; i < self->series->len; i++)
    ((MusterModelSeries *)self->series->pdata[i])->has_shown = FALSE;
}

gint64
muster_sample_model_count_samples (MusterSampleModel *self)
{
  gint64 count = 0;

  for (guint i = 0; i < self->series->len; i++)
    count += ((MusterModelSeries *)self->series->pdata[i])->samples->len;
  return count;
}

gint64
muster_sample_model_count_series (MusterSampleModel *self)
{
  gint64 count = 0;

  for (guint i = 0; i < self->series->len; i++)
    count += ((MusterModelSeries *)self->series->pdata[i])->samples->len > 0;
  return count;
}

const MusterSample *
muster_sample_model_pick (MusterSampleModel *self,
                          const char        *device_id,
                          const char        *metric,
                          guint32            drawn)
{
  MusterModelSeries *series = muster_model_find_series (self, device_id, metric);

  if (series == NULL || series->samples->len == 0)
    return NULL;
  return muster_model_sample_at (series, drawn % series->samples->len);
}

/* --- answers --- */

gboolean
muster_model_is_asked (const MusterSampleQuery *query, const MusterModelSeries *series)
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

static gboolean
is_bad (const MusterSample *sample)
{
  return (sample->flags & MUSTER_SAMPLE_BAD) != 0;
}

/* What QUERY asks of SERIES, as a series of its own: to be freed by g_array_unref of its samples.
 */
MusterModelSeries
muster_model_view_of (const MusterModelSeries *series, const MusterSampleQuery *query)
{
  MusterModelSeries view = { series->device_id, series->metric,
                             g_array_new (FALSE, FALSE, sizeof (MusterSample)) };

  for (guint i = muster_model_find_time (series, query->from);
       i < series->samples->len && muster_model_sample_at (series, i)->time <= query->to; i++)
    if (!is_excluded (query, muster_model_sample_at (series, i)) &&
        (query->aggregate == MUSTER_AGGREGATE_NONE || query->include_bad ||
         !is_bad (muster_model_sample_at (series, i))))
      g_array_append_val (view.samples, *muster_model_sample_at (series, i));
  return view;
}

gboolean
muster_model_is_too_large (MusterSampleModel *self, const MusterSampleQuery *query)
{
  gboolean is_large = FALSE;

  for (guint i = 0;
       query->aggregate == MUSTER_AGGREGATE_NONE && query->points == 0 && i < self->series->len;
       i++)
    if (muster_model_is_asked (query, self->series->pdata[i]))
      {
        MusterModelSeries view = muster_model_view_of (self->series->pdata[i], query);

        is_large |= view.samples->len > MUSTER_SAMPLE_MAX_POINTS;
        g_array_unref (view.samples);
      }
  return is_large;
}

/* Bad samples are told where every sample is, but not thinned. */
static void
leave_bad_out (MusterModelSeries *view)
{
  guint n = 0;

  for (guint i = 0; i < view->samples->len; i++)
    if (!is_bad (muster_model_sample_at (view, i)))
      g_array_index (view->samples, MusterSample, n++) = *muster_model_sample_at (view, i);
  g_array_set_size (view->samples, n);
}

static void
check_series (const MusterModelSeries *series,
              const MusterSampleQuery *query,
              MusterSampleBatch       *answer)
{
  g_autoptr (GArray) mine = muster_model_take_metric (answer, series->metric);
  MusterModelSeries view = muster_model_view_of (series, query);
  MusterModelSlice  slice = { &view, 0, view.samples->len };

  if (query->aggregate == MUSTER_AGGREGATE_TIME_IN_STATE)
    muster_model_check_states (slice, query, mine);
  else if (query->aggregate != MUSTER_AGGREGATE_NONE)
    muster_model_check_steps (slice, query, mine);
  else if (query->points == 0 || slice.to <= query->points)
    muster_model_check_all (slice, mine);
  else
    {
      if (!query->include_bad)
        leave_bad_out (&view);
      slice.to = view.samples->len;
      muster_model_check_columns (slice, query, mine);
    }
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

  if (muster_model_is_too_large (self, query))
    {
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE);
      return;
    }
  g_assert_no_error (error);
  for (guint i = 0; i < self->series->len; i++)
    if (muster_model_is_asked (query, self->series->pdata[i]))
      check_series (self->series->pdata[i], query, answer);
  samples = muster_sample_batch_get (answer, &n);
  for (unsigned i = 0; i < n; i++)
    {
      const MusterModelSeries *series =
        muster_model_find_series (self, query->device_id, samples[i].metric);

      if (series == NULL || !muster_model_is_asked (query, series))
        g_error ("%s was not asked for, or is not there", samples[i].metric);
    }
}

/* The newest of SERIES that is not history; NULL where there is none. */
static const MusterSample *
latest_of (const MusterModelSeries *series)
{
  for (guint i = series->samples->len; i-- > 0;)
    {
      const MusterSample *sample = muster_model_sample_at (series, i);

      if (!(sample->flags & MUSTER_SAMPLE_HISTORICAL))
        return series->has_shown && series->shown.time > sample->time ? &series->shown : sample;
    }
  return series->has_shown ? &series->shown : NULL;
}

static const MusterSample *
find_latest (GPtrArray *answer, const MusterModelSeries *series)
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
      const MusterModelSeries *series = self->series->pdata[i];
      const MusterSample      *wanted, *got;

      if (device_ids != NULL && !g_strv_contains (device_ids, series->device_id))
        continue;
      wanted = latest_of (series);
      got = find_latest (answer, series);
      n_wanted += wanted != NULL;
      if ((wanted == NULL) != (got == NULL) ||
          (wanted != NULL && !muster_model_is_same (wanted, got)))
        muster_model_fail (series, "the newest", wanted, got);
    }
  for (guint i = 0; i < answer->len; i++)
    {
      unsigned n;

      muster_sample_batch_get (answer->pdata[i], &n);
      n_got += n;
    }
  g_assert_cmpuint (n_got, ==, n_wanted);
}
