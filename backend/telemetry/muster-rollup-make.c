/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollup-make"

#include "config.h"

#include "muster-rollup-make.h"
#include "muster-sample-scan.h"

/* How long a slice keeps the thread from sealing. */
#define SLICE_USEC 40000
/* Of how many samples a piece must be, on the whole, to be worth its room: with fewer, the samples
 * themselves are read as quickly. */
static int least_samples = 16; /* atomic */

void
muster_rollup_set_least_samples (int least)
{
  g_atomic_int_set (&least_samples, least);
}

/* A device in whose chunks something is to be done. */
typedef struct
{
  MusterSampleFile *file;
  guint32           number;
  gint64            max_span;
  gint64            complete; /* what is before is there, but for late samples */
  GArray           *cuts;     /* (owned) (element-type MusterRollupCut) */
} Device;

static void
device_clear (Device *self)
{
  g_clear_pointer (&self->cuts, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Device, device_clear)

static gboolean
device_init (Device           *self,
             MusterSampleFile *file,
             guint32           number,
             gint64            max_span,
             gint64            sealed_until,
             GError          **error)
{
  *self = (Device){ file, number, max_span, sealed_until - sealed_until % MUSTER_DAY_USEC };
  self->cuts = g_array_new (FALSE, FALSE, sizeof (MusterRollupCut));
  return muster_rollup_file_list_cuts (file, number, self->cuts, error);
}

/* Up to when METRIC's samples (or pieces) of LEVEL were deleted: what was made of them stays. */
static gint64
get_cut (const Device *self, guint32 metric, MusterRollupLevel level)
{
  for (guint i = 0; i < self->cuts->len; i++)
    {
      const MusterRollupCut *cut = &g_array_index (self->cuts, MusterRollupCut, i);

      if (cut->metric == metric && cut->level == level)
        return cut->until;
    }
  return G_MININT64;
}

/* --- gathering --- */

typedef struct
{
  const Device    *device;
  MusterRollupSet *set;
  gint64           day; /* whose samples come now */
  gint64           n_rows;
} Gather;

static gboolean
piece_cb (MusterSampleScan *scan, MusterSamplePiece *piece, gpointer user_data, GError **error)
{
  Gather                 *gather = user_data;
  const MusterSampleRows *rows =
    piece->block != NULL ? muster_sample_piece_load_rows (scan, piece) : piece->rows;
  unsigned to = piece->block != NULL && rows != NULL ? rows->n_rows : piece->to;

  if (rows == NULL)
    return TRUE;
  for (unsigned i = 0; i < rows->n_columns; i++)
    if (gather->day >= get_cut (gather->device, rows->columns[i].metric, MUSTER_ROLLUP_RAW))
      muster_rollup_set_add_column (gather->set, rows->times, &rows->columns[i], piece->from, to);
  gather->n_rows += to - piece->from;
  return TRUE;
}

static gboolean
gather_samples (Gather *self, gint64 day, GError **error)
{
  g_auto (MusterSampleView) view = { 0 };
  MusterSampleScanRange range = { .from = day, .to = day + MUSTER_DAY_USEC - 1 };

  self->day = day;
  muster_sample_view_open_blocks (&view, self->device->file, self->device->number,
                                  self->device->max_span);
  return muster_sample_view_scan (&view, &range, piece_cb, self, NULL, error);
}

/* Pieces of the chunk that begin from FROM to UNTIL (excluded): those of which, at CUT, nothing is
 * left that they could be made from, or the others. */
static void
gather_chunk (Gather                  *self,
              const MusterRollupChunk *chunk,
              gint64                   from,
              gint64                   until,
              MusterRollupLevel        cut,
              gboolean                 wants_cut)
{
  g_auto (MusterRollupReader) reader = { 0 };
  g_autoptr (GArray) metrics = NULL;

  if (!muster_rollup_reader_init (&reader, chunk))
    return;
  metrics = muster_rollup_reader_list_metrics (&reader);
  for (guint i = 0; i < metrics->len; i++)
    {
      guint32                       metric = g_array_index (metrics, guint32, i);
      gboolean                      is_cut = from < get_cut (self->device, metric, cut);
      gboolean                      is_damaged;
      g_autofree MusterRollupPiece *pieces = NULL;

      if (is_cut != wants_cut)
        continue;
      pieces = muster_rollup_reader_read (&reader, metric, MUSTER_ROLLUP_WANT_ALL, &is_damaged);
      for (unsigned k = 0; pieces != NULL && k < reader.block->n_rows; k++)
        if (pieces[k].start >= from && pieces[k].start < until &&
            !muster_rollup_piece_is_empty (&pieces[k]))
          muster_rollup_set_add_piece (self->set, metric, &pieces[k]);
    }
}

/* A chunk's bytes of its own: they stay while others are read. */
typedef struct
{
  MusterRollupChunk chunk;
  guint8           *directory; /* (owned) (nullable) */
  guint8           *data;      /* (owned) (nullable) */
} Copy;

static void
copy_clear (Copy *self)
{
  g_clear_pointer (&self->directory, g_free);
  g_clear_pointer (&self->data, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Copy, copy_clear)

/* COPY->directory is NULL where there is no such chunk. */
static gboolean
copy_chunk (const Device *self, MusterRollupLevel level, gint64 start, Copy *copy, GError **error)
{
  g_autoptr (MusterStatement) find =
              muster_rollup_file_find_chunks (self->file, level, self->number, start, start, error);
  MusterStep step = find != NULL ? muster_statement_step (find, error) : MUSTER_STEP_FAILED;

  if (step != MUSTER_STEP_ROW)
    return step == MUSTER_STEP_DONE;
  muster_rollup_file_get_chunk (find, &copy->chunk);
  copy->directory = g_memdup2 (copy->chunk.directory, copy->chunk.directory_length);
  copy->data = g_memdup2 (copy->chunk.data, copy->chunk.data_length);
  copy->chunk.directory = copy->directory;
  copy->chunk.data = copy->data;
  return TRUE;
}

/* --- chunks --- */

static gint64
count_pieces (const MusterRollupSet *set, gint64 *n_samples)
{
  gint64 n_pieces = 0;

  *n_samples = 0;
  for (guint i = 0; i < set->series->len; i++)
    {
      const GArray *pieces = g_array_index (set->series, MusterRollupSeries, i).pieces;

      n_pieces += pieces->len;
      for (guint k = 0; k < pieces->len; k++)
        {
          const MusterRollupPiece *piece = &g_array_index (pieces, MusterRollupPiece, k);

          *n_samples += piece->count + piece->others + piece->n_bad;
        }
    }
  return n_pieces;
}

/* Where a chunk is not worth its room there is none, unless it must be. */
static gboolean
put_set (const Device          *self,
         const MusterRollupSet *set,
         gint64                 start,
         gint64                 until,
         gboolean               must_be,
         GError               **error)
{
  g_autoptr (GByteArray) directory = g_byte_array_new ();
  g_autoptr (GByteArray) data = g_byte_array_new ();
  MusterRollupChunk chunk = { self->number, set->level, start, until };
  gint64            n_samples, n_pieces = count_pieces (set, &n_samples);

  if ((!must_be && n_samples < n_pieces * g_atomic_int_get (&least_samples)) ||
      !muster_rollup_set_encode (set, directory, data))
    return muster_rollup_file_delete_chunk (self->file, set->level, self->number, start, error);
  chunk.directory = directory->data;
  chunk.directory_length = directory->len;
  chunk.data = data->data;
  chunk.data_length = data->len;
  return muster_rollup_file_put_chunk (self->file, &chunk, error);
}

/* Minutes of one day; N_ROWS: of how many moments there are samples. */
static gboolean
make_day (const Device *self, gint64 day, gboolean must_be, gint64 *n_rows, GError **error)
{
  g_autoptr (MusterRollupSet) set = muster_rollup_set_new (MUSTER_ROLLUP_MINUTE);
  Gather gather = { self, set, day, 0 };
  g_auto (Copy) old = { 0 };
  gint64 end = day + MUSTER_DAY_USEC;

  if (self->cuts->len > 0)
    {
      if (!copy_chunk (self, MUSTER_ROLLUP_MINUTE, day, &old, error))
        return FALSE;
      if (old.directory != NULL)
        gather_chunk (&gather, &old.chunk, day, end, MUSTER_ROLLUP_RAW, TRUE);
    }
  must_be |= set->series->len > 0;
  if (!gather_samples (&gather, day, error))
    return FALSE;
  *n_rows = gather.n_rows;
  return put_set (self, set, day, end, must_be, error) &&
         muster_rollup_file_unmark (self->file, MUSTER_ROLLUP_MINUTE, self->number, day, end - 1,
                                    error) &&
         muster_rollup_file_mark_level (self->file, MUSTER_ROLLUP_HOUR, self->number, day, end - 1,
                                        error);
}

/* Hours of the days from START on, before UNTIL, all within one chunk. */
static gboolean
make_hours (const Device *self, gint64 start, gint64 until, gboolean must_be, GError **error)
{
  g_autoptr (MusterRollupSet) set = muster_rollup_set_new (MUSTER_ROLLUP_HOUR);
  Gather gather = { self, set, start, 0 };
  g_auto (Copy) old = { 0 };

  if (self->cuts->len > 0 && !copy_chunk (self, MUSTER_ROLLUP_HOUR, start, &old, error))
    return FALSE;
  for (gint64 day = start; day < until; day += MUSTER_DAY_USEC)
    {
      gint64 end = day + MUSTER_DAY_USEC;
      g_auto (Copy) minutes = { 0 };

      if (old.directory != NULL)
        {
          guint n_series = set->series->len;

          gather_chunk (&gather, &old.chunk, day, end, MUSTER_ROLLUP_MINUTE, TRUE);
          must_be |= set->series->len > n_series;
        }
      if (!copy_chunk (self, MUSTER_ROLLUP_MINUTE, day, &minutes, error))
        return FALSE;
      if (minutes.directory != NULL)
        gather_chunk (&gather, &minutes.chunk, day, end, MUSTER_ROLLUP_MINUTE, FALSE);
      else if (!gather_samples (&gather, day, error))
        return FALSE;
    }
  return put_set (self, set, start, until, must_be, error) &&
         muster_rollup_file_unmark (self->file, MUSTER_ROLLUP_HOUR, self->number, start, until - 1,
                                    error);
}

/* --- a slice --- */

/* Days of a mark, one after the other, until DEADLINE. */
static gboolean
make_days (const Device *self, gint64 from, gint64 to, gint64 deadline, GError **error)
{
  gint64 day = from - from % MUSTER_DAY_USEC;

  while (day <= to && day < self->complete && g_get_monotonic_time () < deadline)
    {
      gint64 n_rows, next;

      if (!make_day (self, day, FALSE, &n_rows, error))
        return FALSE;
      day += MUSTER_DAY_USEC;
      if (n_rows > 0)
        continue;
      if (!muster_rollup_file_find_next (self->file, self->number, self->max_span, day, &next,
                                         error))
        return FALSE;
      next = MIN (next, self->complete);
      next -= next % MUSTER_DAY_USEC;
      if (next > day && !muster_rollup_file_unmark (self->file, MUSTER_ROLLUP_MINUTE, self->number,
                                                    day, next - 1, error))
        return FALSE;
      day = MAX (day, next);
    }
  return TRUE;
}

/* Whether minutes of the range are to be made yet. */
static gboolean
has_minutes_to_make (const Device *self, gint64 from, gint64 to, gboolean *has_some, GError **error)
{
  g_autoptr (GArray) marks = g_array_new (FALSE, FALSE, sizeof (MusterRollupMark));

  *has_some = FALSE;
  if (!muster_rollup_file_list_marks (self->file, MUSTER_ROLLUP_MINUTE, self->number, marks, error))
    return FALSE;
  for (guint i = 0; i < marks->len; i++)
    {
      const MusterRollupMark *mark = &g_array_index (marks, MusterRollupMark, i);

      *has_some |= mark->from <= to && mark->to >= from;
    }
  return TRUE;
}

static gboolean
make_periods (const Device *self, gint64 from, gint64 to, gint64 deadline, GError **error)
{
  gint64 span = muster_rollup_get_span (MUSTER_ROLLUP_HOUR);
  gint64 start = from - from % span;

  for (; start <= to && start + span <= self->complete && g_get_monotonic_time () < deadline;
       start += span)
    {
      gboolean has_some;

      if (!has_minutes_to_make (self, start, start + span - 1, &has_some, error))
        return FALSE;
      if (!has_some && !make_hours (self, start, start + span, FALSE, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
make_due (MusterSampleFile *file, const GArray *dues, gint64 deadline, GError **error)
{
  for (guint i = 0; i < dues->len && g_get_monotonic_time () < deadline; i++)
    {
      const MusterRollupDue  *due = &g_array_index (dues, MusterRollupDue, i);
      const MusterRollupMark *mark = &due->mark;
      g_auto (Device) device = { 0 };

      if (!device_init (&device, file, mark->device, due->max_span, due->sealed_until, error) ||
          !(mark->level == MUSTER_ROLLUP_MINUTE
              ? make_days (&device, mark->from, mark->to, deadline, error)
              : make_periods (&device, mark->from, mark->to, deadline, error)))
        return FALSE;
    }
  return TRUE;
}

gboolean
muster_rollup_make_some (MusterSampleFile *file, gboolean *more, GError **error)
{
  g_autoptr (GArray) dues = g_array_new (FALSE, FALSE, sizeof (MusterRollupDue));
  gint64 deadline = g_get_monotonic_time () + SLICE_USEC;

  g_return_val_if_fail (file != NULL && more != NULL, FALSE);

  if (!muster_rollup_file_list_due (file, MUSTER_ROLLUP_MINUTE, dues, error) ||
      (dues->len == 0 && !muster_rollup_file_list_due (file, MUSTER_ROLLUP_HOUR, dues, error)))
    return FALSE;
  *more = dues->len > 0;
  if (!*more)
    return TRUE;
  if (!muster_sample_file_begin (file, error))
    return FALSE;
  if (make_due (file, dues, deadline, error))
    return muster_sample_file_commit (file, error);
  muster_sample_file_rollback (file);
  return FALSE;
}

/* --- before something is deleted --- */

/* Whether there is a chunk of LEVEL that tells of all until UNTIL and has no mark from START on. */
static gboolean
check_made (const Device     *self,
            MusterRollupLevel level,
            gint64            start,
            gint64            until,
            gint64           *made_until,
            GError          **error)
{
  g_autoptr (GArray) marks = g_array_new (FALSE, FALSE, sizeof (MusterRollupMark));
  g_auto (Copy) copy = { 0 };

  *made_until = G_MININT64;
  if (!copy_chunk (self, level, start, &copy, error) ||
      !muster_rollup_file_list_marks (self->file, level, self->number, marks, error))
    return FALSE;
  if (copy.directory == NULL)
    return TRUE;
  *made_until = copy.chunk.until;
  for (guint i = 0; i < marks->len; i++)
    {
      const MusterRollupMark *mark = &g_array_index (marks, MusterRollupMark, i);

      if (mark->from < until && mark->to >= start)
        *made_until = MIN (*made_until, MAX (start, mark->from));
    }
  return TRUE;
}

static gboolean
make_all_days (const Device *self, gint64 from, gint64 until, GError **error)
{
  gint64 day = from - from % MUSTER_DAY_USEC;

  while (day < until)
    {
      gint64 made_until, n_rows = 1, next;

      if (!check_made (self, MUSTER_ROLLUP_MINUTE, day, day + MUSTER_DAY_USEC, &made_until, error))
        return FALSE;
      if (made_until < day + MUSTER_DAY_USEC && !make_day (self, day, TRUE, &n_rows, error))
        return FALSE;
      day += MUSTER_DAY_USEC;
      if (n_rows > 0)
        continue;
      if (!muster_rollup_file_find_next (self->file, self->number, self->max_span, day, &next,
                                         error))
        return FALSE;
      day = MAX (day, next == G_MAXINT64 ? until : next - next % MUSTER_DAY_USEC);
    }
  return TRUE;
}

gboolean
muster_rollup_make_all (MusterSampleFile *file,
                        guint32           number,
                        gint64            from,
                        gint64            until,
                        GError          **error)
{
  gint64 span = muster_rollup_get_span (MUSTER_ROLLUP_HOUR);
  gint64 first, max_span, sealed_until;
  g_auto (Device) device = { 0 };

  g_return_val_if_fail (file != NULL && until % MUSTER_DAY_USEC == 0, FALSE);

  if (!muster_rollup_file_find_device (file, number, &max_span, &sealed_until, error) ||
      !muster_rollup_file_find_next (file, number, max_span, from, &first, error) ||
      !device_init (&device, file, number, max_span, sealed_until, error))
    return FALSE;
  from = first;
  if (from >= until)
    return TRUE;
  if (!make_all_days (&device, from, until, error))
    return FALSE;
  for (gint64 start = from - from % span; start < until; start += span)
    {
      gint64 end = MIN (start + span, until), made_until;

      if (!check_made (&device, MUSTER_ROLLUP_HOUR, start, end, &made_until, error))
        return FALSE;
      if (made_until < end && !make_hours (&device, start, end, TRUE, error))
        return FALSE;
    }
  return TRUE;
}
