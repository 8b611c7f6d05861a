/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-compact"

#include "config.h"

#include "muster-sample-compact.h"

/* Blocks that late rows are laid into at once, at most. */
#define MOST_ABSORBED 64
/* A block with fewer rows than this grows; one with more takes what would be a very short one. */
#define LEAST_ROWS MUSTER_SAMPLE_BLOCK_ROWS
#define SHORT_ROWS (MUSTER_SAMPLE_BLOCK_ROWS / 8)

typedef struct
{
  MusterSampleFileBlock found; /* without the directory */
  MusterSampleBlock    *block; /* (owned) (nullable): damaged */
} Old;

static void
old_clear (gpointer data)
{
  g_clear_pointer (&((Old *)data)->block, muster_sample_block_free);
}

static GArray *
old_list_new (void)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Old));

  g_array_set_clear_func (list, old_clear);
  return list;
}

/* --- writing --- */

static gboolean
write_block (MusterSampleFile       *file,
             const MusterSampleRows *rows,
             MusterSampleWritten    *written,
             GError                **error)
{
  g_autoptr (GByteArray) directory = g_byte_array_new ();
  g_autoptr (GByteArray) data = g_byte_array_new ();
  MusterSampleFileBlock block = { .device = written->device,
                                  .first = rows->times[0],
                                  .last = rows->times[rows->n_rows - 1],
                                  .n_rows = rows->n_rows };

  muster_sample_block_encode (rows, directory, data);
  block.directory = directory->data;
  block.directory_length = directory->len;
  written->n_samples += muster_sample_rows_count (rows);
  written->max_span = MAX (written->max_span, block.last - block.first);
  written->sealed_until = MAX (written->sealed_until, block.last);
  return muster_sample_file_add_block (file, &block, data, error);
}

gboolean
muster_sample_compact_write (MusterSampleFile       *file,
                             const MusterSampleRows *rows,
                             unsigned                from,
                             unsigned                to,
                             MusterSampleWritten    *written,
                             GError                **error)
{
  /* Evenly, so that no small rest stays. */
  unsigned n_blocks =
    MAX (1, (to - from + MUSTER_SAMPLE_BLOCK_ROWS / 2) / MUSTER_SAMPLE_BLOCK_ROWS);

  for (unsigned i = 0; i < n_blocks; i++)
    {
      unsigned begin = from + (guint64)(to - from) * i / n_blocks;
      unsigned end = from + (guint64)(to - from) * (i + 1) / n_blocks;
      g_autoptr (MusterSampleRows) part = NULL;

      if (begin == end)
        continue;
      if (begin == 0 && end == rows->n_rows)
        return write_block (file, rows, written, error);
      part = muster_sample_rows_copy (rows, begin, end, NULL, 0);
      if (!write_block (file, part, written, error))
        return FALSE;
    }
  return TRUE;
}

/* --- old blocks --- */

typedef struct
{
  GArray *list;
  gint64  from; /* blocks that end before are left out */
} Collect;

static gboolean
collect_cb (const MusterSampleFileBlock *block, gpointer user_data, GError **error)
{
  Collect *collect = user_data;
  Old      old = { .found = *block };

  if (block->last < collect->from)
    return TRUE;
  old.block = muster_sample_block_parse (block->directory, block->directory_length, NULL);
  old.found.directory = NULL;
  g_array_append_val (collect->list, old);
  return collect->list->len <= MOST_ABSORBED;
}

/* The blocks that overlap the range, or one that does, and so on: (transfer full). NULL without an
 * error where there are too many. */
static GArray *
collect_overlapping (MusterSampleFile          *file,
                     const MusterSampleWritten *written,
                     gint64                     from,
                     gint64                     to,
                     GError                   **error)
{
  g_autoptr (GArray) list = NULL;
  gboolean is_wider = TRUE;

  while (is_wider)
    {
      Collect collect;
      gint64  begin = from < G_MININT64 + written->max_span ? G_MININT64 : from - written->max_span;

      g_clear_pointer (&list, g_array_unref);
      list = old_list_new ();
      collect = (Collect){ list, from };
      if (!muster_sample_file_foreach (file, written->device, begin, to, collect_cb, &collect,
                                       error))
        return NULL;
      is_wider = FALSE;
      for (guint i = 0; i < list->len; i++)
        {
          const MusterSampleFileBlock *found = &g_array_index (list, Old, i).found;

          is_wider |= found->first < from || found->last > to;
          from = MIN (from, found->first);
          to = MAX (to, found->last);
        }
    }
  return g_steal_pointer (&list);
}

static gint64
count_samples (const MusterSampleBlock *block)
{
  gint64 n = 0;

  for (unsigned i = 0; i < block->n_columns; i++)
    n += block->columns[i].n_present;
  return n;
}

/* NULL where it is damaged. */
static MusterSampleRows *
read_block (MusterSampleFile *file, const Old *old)
{
  const guint8 *data;
  gsize         length;

  if (old->block == NULL)
    return NULL;
  length = old->found.length;
  data = muster_sample_file_read (file, &old->found, &length, NULL);
  return data != NULL ? muster_sample_block_read (old->block, data, length, NULL, 0) : NULL;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  gint64 first = ((const Old *)a)->found.id, second = ((const Old *)b)->found.id;

  return (first > second) - (first < second);
}

static gboolean
put_aside (MusterSampleFile *file, const Old *old, GError **error)
{
  g_warning ("the block of samples %" G_GINT64_FORMAT " is damaged: it is put aside",
             old->found.id);
  return muster_sample_file_quarantine (file, &old->found, "damaged", error);
}

gboolean
muster_sample_compact_check (MusterSampleFile            *file,
                             const MusterSampleFileBlock *block,
                             GError                     **error)
{
  g_autoptr (GArray) list = old_list_new ();
  Collect collect = { list, G_MININT64 };

  if (!muster_sample_file_foreach (file, block->device, block->first, block->first, collect_cb,
                                   &collect, error))
    return FALSE;
  for (guint i = 0; i < list->len; i++)
    {
      const Old *old = &g_array_index (list, Old, i);
      g_autoptr (MusterSampleRows) rows = NULL;

      if (old->found.id != block->id)
        continue;
      rows = read_block (file, old);
      if (rows == NULL && !put_aside (file, old, error))
        return FALSE;
    }
  return TRUE;
}

/* Takes the blocks out of the file, laid over each other as they were written. */
static MusterSampleRows *
take_out (MusterSampleFile *file, GArray *list, MusterSampleWritten *written, GError **error)
{
  g_autoptr (MusterSampleRows) merged = muster_sample_rows_new ();

  g_array_sort (list, compare_ids);
  for (guint i = 0; i < list->len; i++)
    {
      const Old *old = &g_array_index (list, Old, i);
      g_autoptr (MusterSampleRows) rows = read_block (file, old);

      if (rows == NULL)
        {
          if (!put_aside (file, old, error))
            return NULL;
          continue;
        }
      written->n_samples -= count_samples (old->block);
      if (merged->n_rows == 0)
        {
          muster_sample_rows_free (merged);
          merged = g_steal_pointer (&rows);
        }
      else
        muster_sample_rows_merge (merged, rows);
      if (!muster_sample_file_delete_block (file, &old->found, error))
        return NULL;
    }
  return g_steal_pointer (&merged);
}

gboolean
muster_sample_compact_write_late (MusterSampleFile       *file,
                                  const MusterSampleRows *rows,
                                  unsigned                n_rows,
                                  MusterSampleWritten    *written,
                                  GError                **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GArray) list = NULL;
  g_autoptr (MusterSampleRows) merged = NULL;
  g_autoptr (MusterSampleRows) late = NULL;

  list = collect_overlapping (file, written, rows->times[0], rows->times[n_rows - 1], &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (list == NULL)
    return muster_sample_compact_write (file, rows, 0, n_rows, written, error);
  merged = take_out (file, list, written, error);
  if (merged == NULL)
    return FALSE;
  late = muster_sample_rows_copy (rows, 0, n_rows, NULL, 0);
  muster_sample_rows_merge (merged, late);
  return muster_sample_compact_write (file, merged, 0, merged->n_rows, written, error);
}

gboolean
muster_sample_compact_write_next (MusterSampleFile       *file,
                                  const MusterSampleRows *rows,
                                  unsigned                from,
                                  MusterSampleWritten    *written,
                                  GError                **error)
{
  g_autoptr (GArray) list = old_list_new ();
  g_autoptr (MusterSampleRows) merged = NULL;
  g_autoptr (MusterSampleRows) next = NULL;
  Collect                      collect = { list, G_MININT64 };
  const MusterSampleFileBlock *found;
  unsigned                     n_rows;

  if (!muster_sample_file_foreach_newest (file, written->device, 1, collect_cb, &collect, error))
    return FALSE;
  found = list->len > 0 ? &g_array_index (list, Old, 0).found : NULL;
  n_rows = rows->n_rows - from;
  if (found == NULL || (found->n_rows >= LEAST_ROWS && n_rows > SHORT_ROWS) ||
      found->last >= rows->times[from] || found->n_rows + n_rows > MUSTER_SAMPLE_BLOCK_ROWS * 3 / 2)
    return muster_sample_compact_write (file, rows, from, rows->n_rows, written, error);
  merged = take_out (file, list, written, error);
  if (merged == NULL)
    return FALSE;
  next = muster_sample_rows_copy (rows, from, rows->n_rows, NULL, 0);
  muster_sample_rows_merge (merged, next);
  return muster_sample_compact_write (file, merged, 0, merged->n_rows, written, error);
}
