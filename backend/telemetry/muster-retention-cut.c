/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-retention-cut"

#include "config.h"

#include "muster-retention-blocks.h"
#include "muster-retention-cut.h"
#include "muster-rollup-make.h"

/* How long a slice keeps the thread from sealing. */
static gint64 slice_usec = 40000; /* of one thread */
/* Blocks looked at in one step: more where a day has more. */
#define STEP_BLOCKS 32
/* Chunks of roll-ups looked at in one step. */
#define STEP_CHUNKS 16

void
muster_retention_set_slice (gint64 usec)
{
  slice_usec = usec;
}

/* One transaction. */
typedef struct
{
  MusterSampleTable           *table;
  MusterSampleFile            *file;
  const MusterRetentionLimits *limits;
  MusterRetentionCursor        cursor;
  MusterRetentionTally         tally;
  GHashTable                  *removed; /* (owned) number of a device → (owned) gint64, samples */
  gboolean has_replaced; /* blocks of the cursor's device: not twice in a transaction */
} Slice;

static gint64
floor_day (gint64 time)
{
  return time - time % MUSTER_DAY_USEC;
}

static gboolean
run (MusterSampleFile *file, const char *sql, gint64 first, gint64 second, GError **error)
{
  g_autoptr (MusterStatement) statement =
              muster_statement_new (muster_sample_file_get_connection (file), sql, error);

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer_at (statement, 1, first);
  muster_statement_bind_integer_at (statement, 2, second);
  return muster_statement_run (statement, error);
}

/* --- blocks --- */

/* Some blocks of one device, of which goes what is before UNTIL. */
typedef struct
{
  Slice      *slice;
  guint32     device;
  gint64      max_span;
  gint64      until;
  GArray     *blocks; /* (owned) (element-type MusterRetentionBlock) */
  GHashTable *cuts;   /* (owned) metric → (owned) gint64, up to where it goes */
} Step;

static void
step_clear (Step *self)
{
  g_clear_pointer (&self->blocks, g_array_unref);
  g_clear_pointer (&self->cuts, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Step, step_clear)

static gboolean
step_init (Step *self, Slice *slice, GError **error)
{
  gint64 sealed_until;

  *self = (Step){ slice, slice->cursor.device };
  self->blocks = muster_retention_blocks_new ();
  self->cuts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return muster_rollup_file_find_device (slice->file, self->device, &self->max_span, &sealed_until,
                                         error);
}

/* Takes blocks for at least a day: what is deleted ends with one, as roll-ups do. IS_LAST: there
 * are no more. */
static gboolean
collect (Step *self, gboolean *is_last, GError **error)
{
  gint64 from = self->slice->cursor.from;
  gint64 latest = muster_retention_limits_get_latest (self->slice->limits, MUSTER_ROLLUP_RAW);

  for (unsigned most = STEP_BLOCKS;; most *= 2)
    {
      gint64 seen;

      g_array_set_size (self->blocks, 0);
      if (!muster_retention_blocks_collect (self->slice->file, self->slice->limits, self->device,
                                            self->max_span, from, most, self->blocks, &seen, error))
        return FALSE;
      *is_last = seen >= latest;
      self->until = *is_last ? latest : floor_day (seen);
      if (*is_last || self->until > from)
        return TRUE;
    }
}

/* Notes which metrics lose samples, and up to when minutes and hours of these are to be there. */
static gint64
note_cuts (Step *self)
{
  const MusterRetentionLimits *limits = self->slice->limits;
  gint64                       made_until = 0;

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const MusterRetentionBlock *old = &g_array_index (self->blocks, MusterRetentionBlock, i);

      for (unsigned k = 0; k < old->block->n_columns; k++)
        {
          guint32 metric = old->block->columns[k].metric;
          gint64  limit;

          if (muster_retention_block_get_fate (old, limits, k, self->until, &limit) ==
              MUSTER_RETENTION_KEPT)
            continue;
          g_hash_table_insert (self->cuts, GUINT_TO_POINTER (metric),
                               g_memdup2 (&limit, sizeof limit));
          if (muster_retention_limits_get (limits, metric, MUSTER_ROLLUP_HOUR) < limit)
            made_until = MAX (made_until, limit);
        }
    }
  return made_until;
}

/* The columns of OLD that something stays of. */
static GArray *
list_staying (const Step *self, const MusterRetentionBlock *old, gboolean *is_cut)
{
  GArray *metrics = g_array_new (FALSE, FALSE, sizeof (guint32));

  *is_cut = FALSE;
  for (unsigned i = 0; i < old->block->n_columns; i++)
    {
      MusterRetentionFate fate =
        muster_retention_block_get_fate (old, self->slice->limits, i, self->until, NULL);

      *is_cut |= fate != MUSTER_RETENTION_KEPT;
      if (fate != MUSTER_RETENTION_GONE && old->block->columns[i].n_present > 0)
        g_array_append_val (metrics, old->block->columns[i].metric);
    }
  return metrics;
}

static MusterSampleRows *
read_staying (const Step *self, const MusterRetentionBlock *old, const GArray *metrics)
{
  gsize             length = old->found.length;
  const guint8     *data = muster_sample_file_read (self->slice->file, &old->found, &length, NULL);
  MusterSampleRows *rows =
    data != NULL
      ? muster_sample_block_read (old->block, data, length,
                                  (const guint32 *)(gconstpointer)metrics->data, metrics->len)
      : NULL;

  for (unsigned i = 0; rows != NULL && i < rows->n_columns; i++)
    muster_retention_cut_column (
      rows, i,
      MIN (self->until, muster_retention_limits_get (self->slice->limits, rows->columns[i].metric,
                                                     MUSTER_ROLLUP_RAW)));
  if (rows != NULL)
    muster_retention_drop_empty_rows (rows);
  return rows;
}

static gint64
count_samples (const MusterSampleBlock *block)
{
  gint64 n = 0;

  for (unsigned i = 0; i < block->n_columns; i++)
    n += block->columns[i].n_present;
  return n;
}

static gboolean
replace_block (Step                       *self,
               const MusterRetentionBlock *old,
               const MusterSampleRows     *rows,
               GError                    **error)
{
  g_autoptr (GByteArray) directory = g_byte_array_new ();
  g_autoptr (GByteArray) data = g_byte_array_new ();
  MusterSampleFileBlock block = { .device = self->device,
                                  .first = rows->times[0],
                                  .last = rows->times[rows->n_rows - 1],
                                  .n_rows = rows->n_rows };

  muster_sample_block_encode (rows, directory, data);
  block.directory = directory->data;
  block.directory_length = directory->len;
  self->slice->has_replaced = TRUE;
  return muster_sample_file_replace_block (self->slice->file, &old->found, &block, data, error);
}

/* REMOVED: grows by the samples that are gone. */
static gboolean
cut_block (Step *self, const MusterRetentionBlock *old, gint64 *removed, GError **error)
{
  gboolean is_cut;
  g_autoptr (GArray) metrics = list_staying (self, old, &is_cut);
  g_autoptr (MusterSampleRows) rows = NULL;
  gint64 n_before = count_samples (old->block), n_after;

  if (!is_cut)
    return TRUE;
  if (metrics->len == 0)
    {
      *removed += n_before;
      return muster_sample_file_delete_block (self->slice->file, &old->found, error);
    }
  rows = read_staying (self, old, metrics);
  if (rows == NULL)
    {
      g_warning ("the block of samples %" G_GINT64_FORMAT " is damaged: it is put aside",
                 old->found.id);
      *removed += n_before;
      return muster_sample_file_quarantine (self->slice->file, &old->found, "damaged", error);
    }
  n_after = muster_sample_rows_count (rows);
  *removed += n_before - n_after;
  if (n_after == n_before)
    return TRUE;
  return n_after > 0 ? replace_block (self, old, rows, error)
                     : muster_sample_file_delete_block (self->slice->file, &old->found, error);
}

static gboolean
put_cuts (Step *self, GError **error)
{
  GHashTableIter iter;
  gpointer       metric, until;

  g_hash_table_iter_init (&iter, self->cuts);
  while (g_hash_table_iter_next (&iter, &metric, &until))
    if (!muster_rollup_file_cut (self->slice->file, self->device, GPOINTER_TO_UINT (metric),
                                 MUSTER_ROLLUP_RAW, *(gint64 *)until, error))
      return FALSE;
  return TRUE;
}

static void
note_removed (Slice *self, guint32 device, gint64 n)
{
  gint64 *sum = g_hash_table_lookup (self->removed, GUINT_TO_POINTER (device));

  if (sum == NULL)
    {
      sum = g_new0 (gint64, 1);
      g_hash_table_insert (self->removed, GUINT_TO_POINTER (device), sum);
    }
  *sum += n;
  self->tally.samples += n;
}

/* One step of a device's samples. */
static gboolean
cut_samples (Slice *self, gboolean *is_last, GError **error)
{
  g_auto (Step) step = { 0 };
  gint64 made_until, removed = 0;

  if (!step_init (&step, self, error) || !collect (&step, is_last, error))
    return FALSE;
  self->cursor.from = step.until;
  made_until = note_cuts (&step);
  if (made_until > 0 && !muster_rollup_make_all (
                          self->file, step.device,
                          MAX (0, g_array_index (step.blocks, MusterRetentionBlock, 0).found.first),
                          made_until, error))
    return FALSE;
  for (guint i = 0; i < step.blocks->len; i++)
    if (!cut_block (&step, &g_array_index (step.blocks, MusterRetentionBlock, i), &removed, error))
      return FALSE;
  if (removed == 0)
    return TRUE;
  note_removed (self, step.device, removed);
  return put_cuts (&step, error) &&
         run (self->file, "UPDATE device SET samples = samples - ?2 WHERE number = ?1", step.device,
              removed, error);
}

/* --- chunks --- */

/* What of the pieces stays: into SET. Whether any goes; what cannot be read counts as gone with the
 * whole chunk. */
static gboolean
sift_chunk (Slice *self, const MusterRollupChunk *chunk, MusterRollupSet *set, GHashTable *cuts)
{
  g_auto (MusterRollupReader) reader = { 0 };
  g_autoptr (GArray) metrics = NULL;
  gboolean is_cut = FALSE;

  if (!muster_rollup_reader_init (&reader, chunk))
    return FALSE;
  metrics = muster_rollup_reader_list_metrics (&reader);
  for (guint i = 0; i < metrics->len && !is_cut; i++)
    {
      guint32 metric = g_array_index (metrics, guint32, i);
      gint64  limit = muster_retention_limits_get (self->limits, metric, chunk->level);

      is_cut = limit > chunk->start &&
               muster_rollup_reader_count_before (&reader, metric, limit, NULL, NULL) > 0;
    }
  for (guint i = 0; is_cut && i < metrics->len; i++)
    {
      guint32  metric = g_array_index (metrics, guint32, i);
      gint64   limit = muster_retention_limits_get (self->limits, metric, chunk->level);
      gboolean is_damaged;
      g_autofree MusterRollupPiece *pieces =
        muster_rollup_reader_read (&reader, metric, MUSTER_ROLLUP_WANT_ALL, &is_damaged);

      if (limit > chunk->start)
        {
          gint64 until = MIN (limit, chunk->start + muster_rollup_get_span (chunk->level));

          g_hash_table_insert (cuts, GUINT_TO_POINTER (metric), g_memdup2 (&until, sizeof until));
        }
      for (unsigned k = 0; pieces != NULL && k < reader.block->n_rows; k++)
        if (pieces[k].start >= limit && !muster_rollup_piece_is_empty (&pieces[k]))
          muster_rollup_set_add_piece (set, metric, &pieces[k]);
    }
  return is_cut;
}

static gboolean
put_sifted (Slice                   *self,
            const MusterRollupChunk *chunk,
            const MusterRollupSet   *set,
            GHashTable              *cuts,
            GError                 **error)
{
  g_autoptr (GByteArray) directory = g_byte_array_new ();
  g_autoptr (GByteArray) data = g_byte_array_new ();
  MusterRollupChunk rest = *chunk;
  GHashTableIter    iter;
  gpointer          metric, until;

  g_hash_table_iter_init (&iter, cuts);
  while (g_hash_table_iter_next (&iter, &metric, &until))
    if (!muster_rollup_file_cut (self->file, chunk->device, GPOINTER_TO_UINT (metric), chunk->level,
                                 *(gint64 *)until, error))
      return FALSE;
  if (!muster_rollup_set_encode (set, directory, data))
    return muster_rollup_file_delete_chunk (self->file, chunk->level, chunk->device, chunk->start,
                                            error);
  rest.directory = directory->data;
  rest.directory_length = directory->len;
  rest.data = data->data;
  rest.data_length = data->len;
  return muster_rollup_file_put_chunk (self->file, &rest, error);
}

/* (element-type gint64) where the next chunks begin. */
static gboolean
list_chunks (Slice *self, gint64 latest, GArray *starts, GError **error)
{
  g_autoptr (MusterStatement) find =
              muster_rollup_file_find_chunks (self->file, self->cursor.level, self->cursor.device,
                                              self->cursor.from, latest - 1, error);
  MusterStep step = MUSTER_STEP_DONE;

  if (find == NULL)
    return FALSE;
  while (starts->len < STEP_CHUNKS &&
         (step = muster_statement_step (find, error)) == MUSTER_STEP_ROW)
    {
      MusterRollupChunk chunk;

      muster_rollup_file_get_chunk (find, &chunk);
      g_array_append_val (starts, chunk.start);
    }
  return step != MUSTER_STEP_FAILED;
}

static gboolean
cut_chunk (Slice *self, gint64 start, GError **error)
{
  g_autoptr (MusterRollupSet) set = muster_rollup_set_new (self->cursor.level);
  g_autoptr (GHashTable) cuts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  MusterRollupChunk chunk;
  gboolean          is_cut;

  {
    g_autoptr (MusterStatement) find =
                muster_rollup_file_find_chunks (self->file, self->cursor.level, self->cursor.device,
                                                start, start, error);
    MusterStep step = find != NULL ? muster_statement_step (find, error) : MUSTER_STEP_FAILED;

    if (step != MUSTER_STEP_ROW)
      return step == MUSTER_STEP_DONE;
    muster_rollup_file_get_chunk (find, &chunk);
    is_cut = sift_chunk (self, &chunk, set, cuts);
  }
  self->tally.chunks += is_cut;
  return !is_cut || put_sifted (self, &chunk, set, cuts, error);
}

/* One step of a device's minutes or hours. */
static gboolean
cut_chunks (Slice *self, gboolean *is_last, GError **error)
{
  gint64 latest = muster_retention_limits_get_latest (self->limits, self->cursor.level);
  gint64 span = muster_rollup_get_span (self->cursor.level);
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (gint64));

  *is_last = TRUE;
  if (self->cursor.from >= latest)
    return TRUE;
  if (!list_chunks (self, latest, starts, error))
    return FALSE;
  *is_last = starts->len < STEP_CHUNKS;
  for (guint i = 0; i < starts->len; i++)
    {
      if (!cut_chunk (self, g_array_index (starts, gint64, i), error))
        return FALSE;
      self->cursor.from = g_array_index (starts, gint64, i) + span;
    }
  return TRUE;
}

/* --- a slice --- */

/* The first device from the cursor on: 0 where there is none. */
static gboolean
find_device (Slice *self, guint32 *device, GError **error)
{
  g_autoptr (MusterStatement) find =
      muster_statement_new (muster_sample_file_get_connection (self->file),
                            "SELECT number FROM device WHERE number >= ?1 ORDER BY number LIMIT 1",
                            error);
  MusterStep step;

  *device = 0;
  if (find == NULL)
    return FALSE;
  muster_statement_bind_integer_at (find, 1, self->cursor.device);
  step = muster_statement_step (find, error);
  if (step == MUSTER_STEP_ROW)
    *device = muster_statement_get_integer (find, 0);
  return step != MUSTER_STEP_FAILED;
}

/* A step, and the cursor after it. */
static gboolean
take_step (Slice *self, gboolean *more, GError **error)
{
  guint32  device;
  gboolean is_last;

  if (!find_device (self, &device, error))
    return FALSE;
  *more = device != 0;
  if (device == 0)
    return TRUE;
  if (device != self->cursor.device)
    self->cursor = (MusterRetentionCursor){ device, MUSTER_ROLLUP_RAW, self->limits->since[0] };
  if (!(self->cursor.level == MUSTER_ROLLUP_RAW ? cut_samples (self, &is_last, error)
                                                : cut_chunks (self, &is_last, error)))
    return FALSE;
  if (!is_last)
    return TRUE;
  self->has_replaced = FALSE;
  if (self->cursor.level == MUSTER_ROLLUP_HOUR)
    self->cursor = (MusterRetentionCursor){ device + 1, MUSTER_ROLLUP_RAW, self->limits->since[0] };
  else
    self->cursor = (MusterRetentionCursor){ device, self->cursor.level + 1,
                                            self->limits->since[self->cursor.level + 1] };
  return TRUE;
}

static gboolean
take_steps (Slice *self, gboolean *more, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + slice_usec;

  if (!muster_sample_file_begin (self->file, error))
    return FALSE;
  do
    if (!take_step (self, more, error))
      {
        muster_sample_file_rollback (self->file);
        return FALSE;
      }
  while (*more && !self->has_replaced && g_get_monotonic_time () < deadline);
  /* Before anybody can miss something: from now on answers ask for cuts. */
  if (self->tally.samples > 0 || self->tally.chunks > 0)
    g_atomic_int_set (&self->table->has_cuts, TRUE);
  return muster_sample_file_commit (self->file, error);
}

static void
tell_table (Slice *self)
{
  GHashTableIter iter;
  gpointer       number, n;

  g_rw_lock_writer_lock (&self->table->lock);
  g_hash_table_iter_init (&iter, self->removed);
  while (g_hash_table_iter_next (&iter, &number, &n))
    {
      MusterSampleDevice *device = self->table->devices->pdata[GPOINTER_TO_UINT (number)];

      if (device != NULL)
        device->n_sealed -= *(gint64 *)n;
    }
  g_rw_lock_writer_unlock (&self->table->lock);
}

gboolean
muster_retention_cut_some (MusterSampleTable           *table,
                           MusterSampleFile            *file,
                           const MusterRetentionLimits *limits,
                           MusterRetentionCursor       *cursor,
                           MusterRetentionTally        *tally,
                           gboolean                    *more,
                           GError                     **error)
{
  g_autoptr (GHashTable) removed = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  Slice slice = { table, file, limits, *cursor, { 0 }, removed, FALSE };

  g_return_val_if_fail (file != NULL && limits != NULL && cursor != NULL, FALSE);

  if (!take_steps (&slice, more, error))
    return FALSE;
  tell_table (&slice);
  *cursor = slice.cursor;
  tally->samples += slice.tally.samples;
  tally->chunks += slice.tally.chunks;
  return TRUE;
}
