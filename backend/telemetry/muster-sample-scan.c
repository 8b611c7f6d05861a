/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-scan"

#include "config.h"

#include "model/muster-error.h"
#include "muster-sample-scan.h"

/* A block that was found; its directory is parsed. */
typedef struct
{
  MusterSampleFileBlock found; /* without the directory */
  MusterSampleBlock    *block; /* (owned) */
} Found;

struct _MusterSampleScan
{
  MusterSampleTable           *table;
  MusterSampleFile            *file;
  const MusterSampleScanRange *range;
  MusterSamplePieceFunc        func;
  gpointer                     user_data;
  GArray                      *damaged; /* (nullable) */
  MusterSampleRows            *memory;  /* (owned): what stands in no block */
  unsigned                     next;    /* the first row of it that was not told yet */
  GArray                      *cluster; /* (element-type Found): blocks whose times overlap */
  gint64                       cluster_last;
  const Found                 *current;    /* (nullable): the block of the piece under way */
  gint64                      *times;      /* (owned) (nullable) of it */
  MusterSampleRows            *rows;       /* (owned) (nullable) of it */
  gboolean                     is_damaged; /* it is */
};

static void
found_clear (gpointer data)
{
  g_clear_pointer (&((Found *)data)->block, muster_sample_block_free);
}

static void
note_damaged (MusterSampleScan *self, const MusterSampleFileBlock *block)
{
  if (self->damaged != NULL)
    g_array_append_val (self->damaged, *block);
  if (self->table == NULL)
    return;
  g_rw_lock_reader_lock (&self->table->lock);
  if (self->table->on_damage != NULL)
    self->table->on_damage (block, self->table->damage_data);
  g_rw_lock_reader_unlock (&self->table->lock);
}

/* --- a piece --- */

static gboolean
give_up (MusterSampleScan *self)
{
  if (!self->is_damaged)
    note_damaged (self, &self->current->found);
  self->is_damaged = TRUE;
  return FALSE;
}

gboolean
muster_sample_piece_load (MusterSampleScan *self, MusterSamplePiece *piece)
{
  if (piece->data != NULL)
    return TRUE;
  if (self->is_damaged)
    return FALSE;
  piece->data_length =
    muster_sample_block_get_extent (piece->block, self->range->metrics, self->range->n_metrics);
  piece->data =
    muster_sample_file_read (self->file, &self->current->found, &piece->data_length, NULL);
  return piece->data != NULL || give_up (self);
}

gboolean
muster_sample_piece_load_times (MusterSampleScan *self, MusterSamplePiece *piece)
{
  if (piece->times != NULL)
    return TRUE;
  if (!muster_sample_piece_load (self, piece))
    return FALSE;
  g_free (self->times);
  self->times = g_new (gint64, piece->block->n_rows);
  if (!muster_sample_block_read_times (piece->block, piece->data, piece->data_length, self->times))
    return give_up (self);
  piece->times = self->times;
  return TRUE;
}

const MusterSampleRows *
muster_sample_piece_load_rows (MusterSampleScan *self, MusterSamplePiece *piece)
{
  if (self->rows != NULL || !muster_sample_piece_load (self, piece))
    return self->rows;
  self->rows = muster_sample_block_read (piece->block, piece->data, piece->data_length,
                                         self->range->metrics, self->range->n_metrics);
  if (self->rows == NULL)
    give_up (self);
  return self->rows;
}

static void
clear_current (MusterSampleScan *self)
{
  self->current = NULL;
  self->is_damaged = FALSE;
  g_clear_pointer (&self->times, g_free);
  g_clear_pointer (&self->rows, muster_sample_rows_free);
}

/* Tells ROWS from FROM to TO (excluded) without what is out of the range. */
static gboolean
tell_rows (MusterSampleScan       *self,
           const MusterSampleRows *rows,
           unsigned                from,
           unsigned                to,
           GError                **error)
{
  const MusterSampleScanRange *range = self->range;
  MusterSamplePiece            piece = { .rows = rows };

  from = MAX (from, muster_sample_rows_find (rows, range->from));
  if (range->to < G_MAXINT64)
    to = MIN (to, muster_sample_rows_find (rows, range->to + 1));
  if (from >= to)
    return TRUE;
  piece.from = from;
  piece.to = to;
  return self->func (self, &piece, self->user_data, error);
}

/* --- clusters --- */

static gboolean
is_touched (const MusterSampleScan *self, const MusterSampleFileBlock *block)
{
  const MusterSampleScanRange *range = self->range;

  if (!range->takes_parts && (block->first < range->from || block->last > range->to))
    return TRUE;
  for (unsigned i = 0; i < range->n_excluded; i++)
    if (range->excluded[i].range.from <= block->last && range->excluded[i].range.to >= block->first)
      return TRUE;
  return FALSE;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  gint64 first = ((const Found *)a)->found.id, second = ((const Found *)b)->found.id;

  return (first > second) - (first < second);
}

/* Lays the blocks over each other in the order in which they were written. */
static MusterSampleRows *
merge_cluster (MusterSampleScan *self)
{
  MusterSampleRows *merged = NULL;

  g_array_sort (self->cluster, compare_ids);
  for (guint i = 0; i < self->cluster->len; i++)
    {
      MusterSamplePiece       piece = { 0 };
      const MusterSampleRows *rows;

      self->current = &g_array_index (self->cluster, Found, i);
      piece.block = self->current->block;
      rows = muster_sample_piece_load_rows (self, &piece);
      if (rows != NULL && merged == NULL)
        merged = g_steal_pointer (&self->rows);
      else if (rows != NULL)
        muster_sample_rows_merge (merged, rows);
      clear_current (self);
    }
  return merged != NULL ? merged : muster_sample_rows_new ();
}

static gboolean
tell_block (MusterSampleScan *self, GError **error)
{
  MusterSamplePiece piece = { 0 };
  gboolean          is_good;

  self->current = &g_array_index (self->cluster, Found, 0);
  piece.block = self->current->block;
  is_good = self->func (self, &piece, self->user_data, error);
  clear_current (self);
  return is_good;
}

/* Rows in memory from before TIME that were not told. */
static gboolean
tell_memory_before (MusterSampleScan *self, gint64 time, GError **error)
{
  unsigned to = muster_sample_rows_find (self->memory, time);
  unsigned from = self->next;

  if (to <= from)
    return TRUE;
  self->next = to;
  return tell_rows (self, self->memory, from, to, error);
}

static gboolean
end_cluster (MusterSampleScan *self, GError **error)
{
  const Found *first;
  g_autoptr (MusterSampleRows) merged = NULL;
  g_autoptr (MusterSampleRows) newer = NULL;
  unsigned to;
  gboolean is_good;

  if (self->cluster->len == 0)
    return TRUE;
  first = &g_array_index (self->cluster, Found, 0);
  if (!tell_memory_before (self, first->found.first, error))
    return FALSE;
  to = self->cluster_last < G_MAXINT64
         ? muster_sample_rows_find (self->memory, self->cluster_last + 1)
         : self->memory->n_rows;
  if (self->cluster->len == 1 && to <= self->next && !is_touched (self, &first->found))
    is_good = tell_block (self, error);
  else
    {
      merged = merge_cluster (self);
      if (to > self->next)
        {
          newer = muster_sample_rows_copy (self->memory, self->next, to, NULL, 0);
          muster_sample_rows_merge (merged, newer);
          self->next = to;
        }
      is_good = tell_rows (self, merged, 0, merged->n_rows, error);
    }
  g_array_set_size (self->cluster, 0);
  return is_good;
}

static gboolean
found_cb (const MusterSampleFileBlock *block, gpointer user_data, GError **error)
{
  MusterSampleScan *self = user_data;
  Found             found = { .found = *block };

  if (block->last < self->range->from)
    return TRUE;
  found.block = muster_sample_block_parse (block->directory, block->directory_length, NULL);
  found.found.directory = NULL;
  if (found.block == NULL || found.block->first != block->first ||
      found.block->last != block->last || found.block->n_rows != block->n_rows)
    {
      note_damaged (self, &found.found);
      found_clear (&found);
      return TRUE;
    }
  if (self->cluster->len > 0 && block->first > self->cluster_last && !end_cluster (self, error))
    {
      found_clear (&found);
      return FALSE;
    }
  self->cluster_last = self->cluster->len > 0 ? MAX (self->cluster_last, block->last) : block->last;
  g_array_append_val (self->cluster, found);
  return TRUE;
}

/* --- the whole --- */

static MusterSampleRows *
copy_range (const MusterSampleRows *rows, const MusterSampleScanRange *range)
{
  unsigned from = muster_sample_rows_find (rows, range->from);
  unsigned to =
    range->to < G_MAXINT64 ? muster_sample_rows_find (rows, range->to + 1) : rows->n_rows;

  return muster_sample_rows_copy (rows, from, to, range->metrics, range->n_metrics);
}

/* What stands in no block, and the device's number (0: unknown) and longest block. */
static MusterSampleRows *
copy_memory (MusterSampleTable           *table,
             const MusterSampleScanRange *range,
             guint32                     *number,
             gint64                      *max_span,
             guint64                     *sealed)
{
  MusterSampleDevice *device = NULL;
  MusterSampleRows   *rows = NULL;

  g_rw_lock_reader_lock (&table->lock);
  *sealed = table->n_seals;
  device = muster_sample_table_find_device (table, range->device_id);
  *number = device != NULL ? device->number : 0;
  *max_span = device != NULL ? device->max_span : 0;
  if (device != NULL && device->sealing != NULL)
    {
      g_autoptr (MusterSampleRows) newer = copy_range (device->head, range);

      rows = copy_range (device->sealing, range);
      muster_sample_rows_merge (rows, newer);
      *max_span = MAX (*max_span, device->sealing->times[device->sealing->n_rows - 1] -
                                    device->sealing->times[0]);
    }
  else if (device != NULL)
    rows = copy_range (device->head, range);
  g_rw_lock_reader_unlock (&table->lock);
  return rows != NULL ? rows : muster_sample_rows_new ();
}

gboolean
muster_sample_view_open (MusterSampleView            *self,
                         MusterSampleTable           *table,
                         MusterSampleFile            *file,
                         const MusterSampleScanRange *range,
                         GError                     **error)
{
  *self = (MusterSampleView){ .table = table, .file = file };
  /* Memory first: what is sealed in between is seen twice, never not at all. */
  self->memory = copy_memory (table, range, &self->number, &self->max_span, &self->sealed);
  self->has_begun = muster_sample_file_begin_read (file, self->sealed, error);
  return self->has_begun;
}

void
muster_sample_view_open_blocks (MusterSampleView *self,
                                MusterSampleFile *file,
                                guint32           number,
                                gint64            max_span)
{
  *self = (MusterSampleView){ .file = file, .number = number, .max_span = max_span };
  self->memory = muster_sample_rows_new ();
}

void
muster_sample_view_close (MusterSampleView *self)
{
  if (self->has_begun)
    muster_sample_file_end_read (self->file);
  self->has_begun = FALSE;
  g_clear_pointer (&self->memory, muster_sample_rows_free);
}

gboolean
muster_sample_view_scan (MusterSampleView            *self,
                         const MusterSampleScanRange *range,
                         MusterSamplePieceFunc        func,
                         gpointer                     user_data,
                         GArray                      *damaged,
                         GError                     **error)
{
  MusterSampleScan scan = { self->table, self->file, range, func, user_data, damaged };
  g_autoptr (MusterSampleRows) memory = NULL;
  g_autoptr (GArray) cluster = g_array_new (FALSE, FALSE, sizeof (Found));
  gint64   from;
  gboolean is_good;

  if (self->number == 0)
    return TRUE;
  g_array_set_clear_func (cluster, found_clear);
  memory = copy_range (self->memory, range);
  scan.memory = memory;
  scan.cluster = cluster;
  from = range->from < G_MININT64 + self->max_span ? G_MININT64 : range->from - self->max_span;
  is_good = muster_sample_file_foreach (self->file, self->number, from, range->to, found_cb, &scan,
                                        error) &&
            end_cluster (&scan, error) && tell_memory_before (&scan, G_MAXINT64, error);
  clear_current (&scan);
  return is_good;
}

gboolean
muster_sample_scan_run (MusterSampleTable           *table,
                        MusterSampleFile            *file,
                        const MusterSampleScanRange *range,
                        MusterSamplePieceFunc        func,
                        gpointer                     user_data,
                        GArray                      *damaged,
                        GError                     **error)
{
  g_auto (MusterSampleView) view = { 0 };

  return muster_sample_view_open (&view, table, file, range, error) &&
         muster_sample_view_scan (&view, range, func, user_data, damaged, error);
}
