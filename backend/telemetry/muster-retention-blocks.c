/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-retention-blocks"

#include "config.h"

#include "muster-retention-blocks.h"

static void
block_clear (gpointer data)
{
  g_clear_pointer (&((MusterRetentionBlock *)data)->block, muster_sample_block_free);
}

GArray *
muster_retention_blocks_new (void)
{
  GArray *blocks = g_array_new (FALSE, FALSE, sizeof (MusterRetentionBlock));

  g_array_set_clear_func (blocks, block_clear);
  return blocks;
}

MusterRetentionFate
muster_retention_block_get_fate (const MusterRetentionBlock  *self,
                                 const MusterRetentionLimits *limits,
                                 unsigned                     column,
                                 gint64                       until,
                                 gint64                      *limit)
{
  const MusterBlockColumn *known = &self->block->columns[column];
  gint64 at = MIN (until, muster_retention_limits_get (limits, known->metric, MUSTER_ROLLUP_RAW));

  if (limit != NULL)
    *limit = at;
  if (known->n_present == 0)
    return MUSTER_RETENTION_KEPT;
  if (self->found.last < at)
    return MUSTER_RETENTION_GONE;
  return self->found.first < at ? MUSTER_RETENTION_CUT : MUSTER_RETENTION_KEPT;
}

typedef struct
{
  const MusterRetentionLimits *limits;
  gint64                       from;
  unsigned                     most;
  unsigned                     n;
  gint64                       first; /* of the last one seen */
  GArray                      *blocks;
} Collect;

/* Whether there is more to collect. What cannot be read stays for whoever would mend it. */
static gboolean
collect_cb (const MusterSampleFileBlock *block, gpointer user_data, GError **error)
{
  Collect             *collect = user_data;
  MusterRetentionBlock old = { .found = *block };
  gboolean             is_old = FALSE;

  if (block->last < collect->from)
    return TRUE;
  collect->n++;
  collect->first = block->first;
  old.found.directory = NULL;
  old.block = muster_sample_block_parse (block->directory, block->directory_length, NULL);
  for (unsigned i = 0; old.block != NULL && !is_old && i < old.block->n_columns; i++)
    is_old = muster_retention_block_get_fate (&old, collect->limits, i, G_MAXINT64, NULL) !=
             MUSTER_RETENTION_KEPT;
  if (is_old)
    g_array_append_val (collect->blocks, old);
  else
    block_clear (&old);
  return collect->n < collect->most;
}

gboolean
muster_retention_blocks_collect (MusterSampleFile            *file,
                                 const MusterRetentionLimits *limits,
                                 guint32                      device,
                                 gint64                       max_span,
                                 gint64                       from,
                                 unsigned                     most,
                                 GArray                      *blocks,
                                 gint64                      *until,
                                 GError                     **error)
{
  g_autoptr (GError) cause = NULL;
  gint64  latest = muster_retention_limits_get_latest (limits, MUSTER_ROLLUP_RAW);
  Collect collect = { limits, from, most, 0, 0, blocks };

  *until = latest;
  if (from >= latest || muster_sample_file_foreach (file, device, MAX (0, from - max_span),
                                                    latest - 1, collect_cb, &collect, &cause))
    return TRUE;
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  *until = collect.first;
  return TRUE;
}

gint64
muster_retention_cut_column (MusterSampleRows *rows, unsigned column, gint64 limit)
{
  MusterSampleColumn *cut = &rows->columns[column];
  unsigned            to = muster_sample_rows_find (rows, limit);
  gint64              n = 0;

  for (unsigned i = 0; i < to; i++)
    {
      n += cut->tags[i] != MUSTER_CELL_ABSENT;
      if (muster_cell_get_kind (cut->tags[i]) == MUSTER_CELL_TEXT)
        g_ref_string_release (cut->cells[i].text);
      cut->tags[i] = MUSTER_CELL_ABSENT;
    }
  return n;
}

static gboolean
has_cell (const MusterSampleRows *rows, unsigned row)
{
  for (unsigned i = 0; i < rows->n_columns; i++)
    if (rows->columns[i].tags[row] != MUSTER_CELL_ABSENT)
      return TRUE;
  return FALSE;
}

void
muster_retention_drop_empty_rows (MusterSampleRows *rows)
{
  unsigned n = 0;

  for (unsigned row = 0; row < rows->n_rows; row++)
    {
      if (!has_cell (rows, row))
        continue;
      for (unsigned i = 0; n < row && i < rows->n_columns; i++)
        {
          rows->columns[i].tags[n] = rows->columns[i].tags[row];
          rows->columns[i].cells[n] = rows->columns[i].cells[row];
        }
      rows->times[n++] = rows->times[row];
    }
  rows->n_rows = n;
}
