/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-sample-model-private-test-util.h"

/* --- comparisons --- */

gboolean
muster_model_get_number (const MusterSample *sample, double *number)
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
gboolean
muster_model_has_same_value (const MusterSample *a, const MusterSample *b)
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

gboolean
muster_model_is_same (const MusterSample *a, const MusterSample *b)
{
  return a->time == b->time && a->flags == b->flags && muster_model_has_same_value (a, b);
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

void
muster_model_fail (const MusterModelSeries *series,
                   const char              *what,
                   const MusterSample      *wanted,
                   const MusterSample      *got)
{
  g_autofree char *a = describe (wanted), *b = describe (got);

  g_error ("%s of %s, %s: %s wanted, %s got", series->metric, series->device_id, what, a, b);
}

/* The samples of METRIC in BATCH, in their order. (transfer full) (element-type MusterSample) */
GArray *
muster_model_take_metric (MusterSampleBatch *batch, const char *metric)
{
  GArray             *taken = g_array_new (FALSE, FALSE, sizeof (MusterSample));
  unsigned            n;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);

  for (unsigned i = 0; i < n; i++)
    if (g_str_equal (samples[i].metric, metric))
      g_array_append_val (taken, samples[i]);
  return taken;
}

void
muster_model_check_all (MusterModelSlice slice, GArray *answer)
{
  for (guint i = 0; i < MAX (slice.to - slice.from, answer->len); i++)
    {
      const MusterSample *wanted =
        i < slice.to - slice.from ? muster_model_sample_at (slice.series, slice.from + i) : NULL;
      const MusterSample *got = i < answer->len ? &g_array_index (answer, MusterSample, i) : NULL;

      if (wanted == NULL || got == NULL || !muster_model_is_same (wanted, got))
        muster_model_fail (slice.series, "every sample", wanted, got);
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

  if (!muster_model_get_number (sample, &number))
    return;
  self->least = self->any ? MIN (self->least, number) : number;
  self->greatest = self->any ? MAX (self->greatest, number) : number;
  self->any = TRUE;
}

/* GOT holds at most first, least, greatest and last of COLUMN. */
static void
check_column (MusterModelSlice column, const MusterSample *got, guint n_got)
{
  Extremes            wanted = { 0 }, found = { 0 };
  const MusterSample *first = muster_model_sample_at (column.series, column.from);
  const MusterSample *last = muster_model_sample_at (column.series, column.to - 1);

  if (n_got == 0 || n_got > 4 || !muster_model_is_same (&got[0], first) ||
      !muster_model_is_same (&got[n_got - 1], last))
    muster_model_fail (column.series, "first of a column", first, n_got > 0 ? &got[0] : NULL);
  for (guint i = column.from; i < column.to; i++)
    extremes_add (&wanted, muster_model_sample_at (column.series, i));
  for (guint i = 0; i < n_got; i++)
    {
      guint index = muster_model_find_time (column.series, got[i].time);

      if (index >= column.to ||
          !muster_model_is_same (muster_model_sample_at (column.series, index), &got[i]) ||
          (i > 0 && got[i].time <= got[i - 1].time))
        muster_model_fail (column.series, "a column", NULL, &got[i]);
      extremes_add (&found, &got[i]);
    }
  if (wanted.any &&
      (!found.any || wanted.least != found.least || wanted.greatest != found.greatest))
    g_error ("%s: a column from %" G_GINT64_FORMAT " reaches from %g to %g, told as %g to %g",
             column.series->metric, first->time, wanted.least, wanted.greatest, found.least,
             found.greatest);
}

/* Where the column of TIME ends: at a whole hour or minute where the column is 24 of them wide. */
static gint64
find_column_end (const MusterSampleQuery *query, gint64 time)
{
  const gint64 minute = 60 * (gint64)G_USEC_PER_SEC, hour = 60 * minute;
  gint64       n = MAX (1, query->points / 4);
  gint64       width = (query->to - query->from) / n + 1;
  gint64       unit = width >= 24 * hour ? hour : width >= 24 * minute ? minute : 1;

  for (gint64 i = 1; i < n; i++)
    {
      gint64 edge = query->from + i * width;

      edge = (edge + unit / 2) / unit * unit;
      if (time < edge)
        return edge;
    }
  return G_MAXINT64;
}

void
muster_model_check_columns (MusterModelSlice slice, const MusterSampleQuery *query, GArray *answer)
{
  guint taken = 0;

  while (slice.from < slice.to)
    {
      gint64 end = find_column_end (query, muster_model_sample_at (slice.series, slice.from)->time);
      MusterModelSlice part = { slice.series, slice.from,
                                MIN (slice.to, muster_model_find_time (slice.series, end)) };
      guint            n = 0;

      while (taken + n < answer->len && g_array_index (answer, MusterSample, taken + n).time < end)
        n++;
      check_column (part, &g_array_index (answer, MusterSample, taken), n);
      taken += n;
      slice.from = part.to;
    }
  if (taken < answer->len)
    muster_model_fail (slice.series, "behind the last column", NULL,
                       &g_array_index (answer, MusterSample, taken));
}
