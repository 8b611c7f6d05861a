/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollup-walk"

#include "config.h"

#include "muster-rollup-walk.h"
#include "muster-sample-reducer.h"
#include "muster-sample-steps.h"

/* Some series, of one level, from FROM on and before UNTIL. */
typedef struct
{
  MusterRollupLevel level;
  gint64            from;
  gint64            until;
  const unsigned   *series;
  unsigned          n_series;
} Stretch;

typedef struct
{
  MusterSampleView         view;
  const MusterSampleQuery *query;
  MusterRollupSink        *sink;
  GArray                  *marks;   /* (element-type MusterRollupMark) */
  GArray                  *cuts;    /* (element-type MusterRollupCut) */
  GArray                  *damaged; /* (nullable) */
  Stretch                  samples; /* to be read yet: a block across two stretches is read once */
} Walk;

static gboolean walk_stretch (Walk *self, const Stretch *stretch, GError **error);

MusterRollupLevel
muster_rollup_get_level (const MusterSampleQuery *query)
{
  gint64 piece = query->include_bad ? 0 : muster_sample_query_get_piece (query);

  if (piece == 0)
    return MUSTER_ROLLUP_RAW;
  return piece >= muster_rollup_get_piece (MUSTER_ROLLUP_HOUR) ? MUSTER_ROLLUP_HOUR
                                                               : MUSTER_ROLLUP_MINUTE;
}

unsigned
muster_rollup_get_wanted (MusterAggregate aggregate)
{
  switch (aggregate)
    {
    case MUSTER_AGGREGATE_MEAN:
    case MUSTER_AGGREGATE_SUM:
      return MUSTER_ROLLUP_WANT_SUM;
    case MUSTER_AGGREGATE_MIN:
    case MUSTER_AGGREGATE_MAX:
      return MUSTER_ROLLUP_WANT_EXTREMES;
    case MUSTER_AGGREGATE_COUNT:
      return 0;
    case MUSTER_AGGREGATE_FIRST:
    case MUSTER_AGGREGATE_LAST:
      return MUSTER_ROLLUP_WANT_ENDS;
    case MUSTER_AGGREGATE_NONE:
    case MUSTER_AGGREGATE_STDDEV:
    case MUSTER_AGGREGATE_QUANTILE:
    case MUSTER_AGGREGATE_RATE:
    case MUSTER_AGGREGATE_TIME_IN_STATE:
    default:
      return MUSTER_ROLLUP_WANT_ENDS | MUSTER_ROLLUP_WANT_EXTREMES | MUSTER_ROLLUP_WANT_TIMES;
    }
}

gboolean
muster_rollup_sink_wants (const MusterRollupSink *self, unsigned series)
{
  for (unsigned i = 0; i < self->n_raw_series; i++)
    if (self->raw_series[i] == series)
      return TRUE;
  return FALSE;
}

/* Up to when SERIES' samples, or pieces of LEVEL, were deleted. */
static gint64
get_cut (const Walk *self, unsigned series, MusterRollupLevel level)
{
  for (guint i = 0; i < self->cuts->len; i++)
    {
      const MusterRollupCut *cut = &g_array_index (self->cuts, MusterRollupCut, i);

      if (cut->metric == self->sink->metrics[series] && cut->level == level)
        return cut->until;
    }
  return G_MININT64;
}

/* Whether nothing finer is left of STRETCH: it lies on one side of each cut. */
static gboolean
is_final (const Walk *self, const Stretch *stretch)
{
  return self->cuts->len > 0 && stretch->from < get_cut (self, stretch->series[0],
                                                         (MusterRollupLevel)(stretch->level - 1));
}

static gboolean
walk_finer (Walk *self, const Stretch *stretch, gint64 from, gint64 until, GError **error)
{
  Stretch finer = *stretch;

  if (from >= until || is_final (self, stretch))
    return TRUE;
  finer.level--;
  finer.from = from;
  finer.until = until;
  return walk_stretch (self, &finer, error);
}

/* Reads what stands in `samples`. */
static gboolean
read_samples (Walk *self, GError **error)
{
  const Stretch         stretch = self->samples;
  g_autofree guint32   *metrics = NULL;
  MusterSampleScanRange range = { .n_metrics = stretch.n_series,
                                  .from = stretch.from,
                                  .to = stretch.until - 1,
                                  .excluded = self->query->excluded,
                                  .n_excluded = self->query->n_excluded };

  if (stretch.n_series == 0)
    return TRUE;
  self->samples.n_series = 0;
  metrics = g_new (guint32, stretch.n_series);
  for (unsigned i = 0; i < stretch.n_series; i++)
    metrics[i] = self->sink->metrics[stretch.series[i]];
  range.metrics = metrics;
  self->sink->raw_series = stretch.series;
  self->sink->n_raw_series = stretch.n_series;
  return muster_sample_view_scan (&self->view, &range, self->sink->raw, self->sink->data,
                                  self->damaged, error);
}

static gboolean
walk_samples (Walk *self, const Stretch *stretch, GError **error)
{
  Stretch *samples = &self->samples;

  if (samples->n_series == stretch->n_series && samples->series == stretch->series &&
      samples->until == stretch->from)
    {
      samples->until = stretch->until;
      return TRUE;
    }
  if (!read_samples (self, error))
    return FALSE;
  *samples = *stretch;
  return TRUE;
}

/* --- pieces --- */

typedef enum
{
  EXCLUDED_NOT,
  EXCLUDED_PARTLY,
  EXCLUDED_WHOLLY,
} Excluded;

static Excluded
get_excluded (const Walk *self, unsigned series, gint64 from, gint64 to)
{
  Excluded excluded = EXCLUDED_NOT;

  for (unsigned i = 0; i < self->query->n_excluded; i++)
    {
      const MusterSampleExclusion *one = &self->query->excluded[i];

      if (one->range.from > to || one->range.to < from ||
          (one->metric != NULL && !g_str_equal (one->metric, self->sink->names[series])))
        continue;
      if (one->range.from <= from && one->range.to >= to)
        return EXCLUDED_WHOLLY;
      excluded = EXCLUDED_PARTLY;
    }
  return excluded;
}

/* One series' pieces of a stretch, and what is to be read finer before the next is taken. */
typedef struct
{
  Walk          *walk;
  const Stretch *stretch; /* of this series alone */
  gboolean       is_final;
  gint64         finer_from;
  gint64         finer_until; /* 0: nothing */
} Line;

static gboolean
read_finer (Line *self, GError **error)
{
  gint64 until = self->finer_until;

  self->finer_until = 0;
  return until == 0 || walk_finer (self->walk, self->stretch, self->finer_from, until, error);
}

static gboolean
note_finer (Line *self, gint64 from, gint64 until, GError **error)
{
  if (self->finer_until != 0 && self->finer_until != from && !read_finer (self, error))
    return FALSE;
  if (self->finer_until == 0)
    self->finer_from = from;
  self->finer_until = until;
  return TRUE;
}

static void
hand_on (const Line *self, const MusterRollupPiece *piece, gboolean is_whole)
{
  MusterRollupSink *sink = self->walk->sink;

  sink->take (sink->data, self->stretch->series[0], piece, is_whole);
}

/* To be asked after all that is earlier was handed on. */
static gboolean
takes_whole (const Line *self, const MusterRollupPiece *piece)
{
  MusterRollupSink *sink = self->walk->sink;

  return sink->takes (sink->data, self->stretch->series[0], piece->start,
                      piece->start + muster_rollup_get_piece (self->stretch->level) - 1);
}

static gboolean
take_piece (Line *self, const MusterRollupPiece *piece, GError **error)
{
  Walk    *walk = self->walk;
  gint64   until = piece->start + muster_rollup_get_piece (self->stretch->level);
  Excluded excluded = get_excluded (walk, self->stretch->series[0], piece->start, until - 1);

  if (muster_rollup_piece_is_empty (piece) || excluded == EXCLUDED_WHOLLY)
    return TRUE;
  if (!self->is_final && (excluded != EXCLUDED_NOT || piece->others > 0 ||
                          (piece->n_bad > 0 && walk->query->include_bad)))
    return note_finer (self, piece->start, until, error);
  if (!read_finer (self, error) || !read_samples (walk, error))
    return FALSE;
  if (self->is_final)
    {
      if (piece->count + piece->others > 0 && excluded == EXCLUDED_NOT)
        hand_on (self, piece, takes_whole (self, piece));
      return TRUE;
    }
  if (!takes_whole (self, piece))
    return note_finer (self, piece->start, until, error);
  if (piece->count > 0)
    hand_on (self, piece, TRUE);
  return TRUE;
}

static gboolean
take_pieces (Walk                     *self,
             const Stretch            *stretch,
             const MusterRollupReader *reader,
             const MusterRollupPiece  *pieces,
             GError                  **error)
{
  Line     line = { self, stretch, is_final (self, stretch) };
  unsigned from = muster_sample_times_find (reader->times, reader->block->n_rows, stretch->from);
  unsigned to = muster_sample_times_find (reader->times, reader->block->n_rows, stretch->until);
  gint64   width = muster_rollup_get_piece (stretch->level), n_samples = 0;

  for (unsigned i = from; i < to; i++)
    if (get_excluded (self, stretch->series[0], pieces[i].start, pieces[i].start + width - 1) ==
        EXCLUDED_NOT)
      n_samples += pieces[i].count + pieces[i].others + pieces[i].n_bad;
  self->sink->expect (self->sink->data, stretch->series[0], n_samples);
  for (unsigned i = from; i < to; i++)
    if (!take_piece (&line, &pieces[i], error))
      return FALSE;
  return read_finer (&line, error);
}

/* --- chunks --- */

static gint64
ceil_to (gint64 time, gint64 width)
{
  gint64 floored = muster_sample_floor_time (time, width);

  return floored == time ? time : floored + width;
}

/* The next pieces from FROM on, before UNTIL, that do not tell what is stored by now: FALSE where
 * all do. */
static gboolean
find_stale (const Walk       *self,
            MusterRollupLevel level,
            gint64            from,
            gint64            until,
            gint64           *stale_from,
            gint64           *stale_until)
{
  gint64                  width = muster_rollup_get_piece (level);
  const MusterSampleRows *memory = self->view.memory;
  unsigned                row = muster_sample_rows_find (memory, from);

  *stale_from = until;
  *stale_until = until;
  if (row < memory->n_rows && memory->times[row] < until)
    {
      *stale_from = MAX (from, muster_sample_floor_time (memory->times[row], width));
      *stale_until = *stale_from + width;
      for (; row < memory->n_rows && memory->times[row] < *stale_until + width; row++)
        *stale_until =
          MAX (*stale_until, muster_sample_floor_time (memory->times[row], width) + width);
    }
  for (guint i = 0; i < self->marks->len; i++)
    {
      const MusterRollupMark *mark = &g_array_index (self->marks, MusterRollupMark, i);

      if (mark->level > level || mark->to < from || mark->from >= *stale_from)
        continue;
      *stale_from = MAX (from, muster_sample_floor_time (mark->from, width));
      *stale_until = mark->to >= until ? until : muster_sample_floor_time (mark->to, width) + width;
    }
  *stale_until = MIN (*stale_until, until);
  return *stale_from < until;
}

static gboolean
walk_series_of_chunk (Walk                     *self,
                      const Stretch            *stretch,
                      const MusterRollupReader *reader,
                      GError                  **error)
{
  gboolean                      is_damaged;
  g_autofree MusterRollupPiece *pieces =
    muster_rollup_reader_read (reader, self->sink->metrics[stretch->series[0]], self->sink->wanted,
                               &is_damaged);
  gboolean final = is_final (self, stretch);
  Stretch  part = *stretch;

  if (is_damaged)
    return walk_finer (self, stretch, stretch->from, stretch->until, error);
  while (part.from < stretch->until)
    {
      gint64 stale_from = stretch->until, stale_until = stretch->until;

      if (!final)
        find_stale (self, stretch->level, part.from, stretch->until, &stale_from, &stale_until);
      part.until = stale_from;
      if (pieces != NULL && part.from < part.until &&
          !take_pieces (self, &part, reader, pieces, error))
        return FALSE;
      if (!walk_finer (self, stretch, stale_from, stale_until, error))
        return FALSE;
      part.from = stale_until;
    }
  return TRUE;
}

static gboolean
walk_chunk (Walk *self, const Stretch *stretch, const MusterRollupChunk *chunk, GError **error)
{
  g_auto (MusterRollupReader) reader = { 0 };
  Stretch one = *stretch;

  one.until = MIN (stretch->until, chunk->until);
  if (one.until <= one.from || !muster_rollup_reader_init (&reader, chunk))
    return walk_finer (self, stretch, stretch->from, stretch->until, error);
  one.n_series = 1;
  for (unsigned i = 0; i < stretch->n_series; i++)
    {
      one.series = &stretch->series[i];
      if (!walk_series_of_chunk (self, &one, &reader, error))
        return FALSE;
    }
  return walk_finer (self, stretch, one.until, stretch->until, error);
}

/* FROM and UNTIL of STRETCH are begins of pieces. */
static gboolean
walk_chunks (Walk *self, const Stretch *stretch, GError **error)
{
  g_autoptr (MusterStatement) find =
              muster_rollup_file_find_chunks (self->view.file, stretch->level, self->view.number,
                                              stretch->from, stretch->until - 1, error);
  gint64     span = muster_rollup_get_span (stretch->level);
  Stretch    part = *stretch;
  MusterStep step = MUSTER_STEP_FAILED;

  while (find != NULL && (step = muster_statement_step (find, error)) == MUSTER_STEP_ROW)
    {
      MusterRollupChunk chunk;
      gint64            from = part.from;

      muster_rollup_file_get_chunk (find, &chunk);
      part.from = MAX (stretch->from, chunk.start);
      part.until = MIN (stretch->until, chunk.start + span);
      if (!walk_finer (self, stretch, from, part.from, error) ||
          !walk_chunk (self, &part, &chunk, error))
        return FALSE;
      part.from = part.until;
    }
  return step == MUSTER_STEP_DONE && walk_finer (self, stretch, part.from, stretch->until, error);
}

static gboolean
walk_stretch (Walk *self, const Stretch *stretch, GError **error)
{
  gint64  width;
  Stretch whole = *stretch;

  if (stretch->level == MUSTER_ROLLUP_RAW)
    return walk_samples (self, stretch, error);
  width = muster_rollup_get_piece (stretch->level);
  whole.from = ceil_to (stretch->from, width);
  /* A piece of which nothing finer is left counts where it begins. */
  whole.until = is_final (self, stretch) ? ceil_to (stretch->until, width)
                                         : muster_sample_floor_time (stretch->until, width);
  if (whole.from >= whole.until)
    return walk_finer (self, stretch, stretch->from, stretch->until, error);
  return walk_finer (self, stretch, stretch->from, whole.from, error) &&
         walk_chunks (self, &whole, error) &&
         walk_finer (self, stretch, whole.until, stretch->until, error);
}

/* --- the whole --- */

/* A series of which something was deleted: from what is left of each time. */
static gboolean
walk_cut_series (Walk *self, unsigned series, gint64 from, gint64 until, GError **error)
{
  gint64  minutes_from = CLAMP (get_cut (self, series, MUSTER_ROLLUP_MINUTE), from, until);
  gint64  samples_from = CLAMP (get_cut (self, series, MUSTER_ROLLUP_RAW), minutes_from, until);
  Stretch parts[] = {
    { MUSTER_ROLLUP_HOUR, from, minutes_from, &series, 1 },
    { MAX (self->sink->level, MUSTER_ROLLUP_MINUTE), minutes_from, samples_from, &series, 1 },
    { self->sink->level, samples_from, until, &series, 1 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].from < parts[i].until && !walk_stretch (self, &parts[i], error))
      return FALSE;
  return read_samples (self, error);
}

static gboolean
walk_all (Walk *self, gint64 from, gint64 until, GError **error)
{
  unsigned             n = self->sink->n_series;
  g_autofree unsigned *series = g_new (unsigned, n + 1);
  Stretch              all = { self->sink->level, from, until, series, n };

  for (unsigned i = 0; i < n; i++)
    {
      series[i] = i;
      if (self->cuts->len > 0 && !walk_cut_series (self, i, from, until, error))
        return FALSE;
    }
  return self->cuts->len > 0 || (walk_stretch (self, &all, error) && read_samples (self, error));
}

gboolean
muster_rollup_walk (MusterSampleTable       *table,
                    MusterSampleFile        *file,
                    const MusterSampleQuery *query,
                    MusterRollupSink        *sink,
                    GArray                  *damaged,
                    GError                 **error)
{
  g_autoptr (GArray) marks = g_array_new (FALSE, FALSE, sizeof (MusterRollupMark));
  g_autoptr (GArray) cuts = g_array_new (FALSE, FALSE, sizeof (MusterRollupCut));
  Walk self = { .query = query, .sink = sink, .marks = marks, .cuts = cuts, .damaged = damaged };
  MusterSampleScanRange range = { .device_id = query->device_id,
                                  .metrics = sink->metrics,
                                  .n_metrics = sink->n_series,
                                  .from = query->from,
                                  .to = query->to };
  gboolean              is_good;

  if (sink->n_series == 0)
    return TRUE;
  is_good = muster_sample_view_open (&self.view, table, file, &range, error);
  if (is_good && self.view.number != 0)
    is_good =
      muster_rollup_file_list_marks (file, MUSTER_ROLLUP_HOUR, self.view.number, marks, error) &&
      (!g_atomic_int_get (&table->has_cuts) ||
       muster_rollup_file_list_cuts (file, self.view.number, cuts, error)) &&
      walk_all (&self, MAX (query->from, 0), query->to < G_MAXINT64 ? query->to + 1 : G_MAXINT64,
                error);
  muster_sample_view_close (&self.view);
  return is_good;
}
