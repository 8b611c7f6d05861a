/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-retention-survey"

#include "config.h"

#include "muster-retention-blocks.h"
#include "muster-retention-survey.h"
#include "muster-rollup.h"

typedef struct
{
  MusterSampleFile            *file;
  const MusterRetentionLimits *limits;
  gboolean                     everything;
  GArray                      *totals; /* (element-type MusterRetentionTotals) (unowned) */
  GHashTable                  *series; /* (owned) metrics of the device that were seen */
} Survey;

static MusterRetentionTotals *
get_totals (Survey *self, guint32 metric)
{
  return &g_array_index (self->totals, MusterRetentionTotals,
                         muster_retention_limits_get_class (self->limits, metric));
}

static gint64
get_limit (const Survey *self, guint32 metric, MusterRollupLevel level)
{
  return self->everything ? G_MAXINT64 : muster_retention_limits_get (self->limits, metric, level);
}

static void
note (Survey *self, guint32 metric, gint64 from, gint64 to)
{
  MusterRetentionTotals *totals = get_totals (self, metric);

  totals->from = totals->to == 0 ? from : MIN (totals->from, from);
  totals->to = MAX (totals->to, to);
  totals->series += g_hash_table_add (self->series, GUINT_TO_POINTER (metric));
}

/* --- blocks --- */

static gint64
get_column_bytes (const MusterSampleFileBlock *found, const MusterSampleBlock *block, unsigned i)
{
  const MusterBlockColumn *column = &block->columns[i];

  return (gint64)column->tags.length + column->ints.bytes.length + column->bits.length +
         column->texts.length +
         ((gint64)found->directory_length + block->times.bytes.length) / block->n_columns;
}

/* Samples of a column before LIMIT, and the newest of them; of a damaged one none. */
static gint64
count_before (Survey                      *self,
              const MusterSampleFileBlock *found,
              const MusterSampleBlock     *block,
              unsigned                     column,
              gint64                       limit,
              gint64                      *newest)
{
  guint32       metric = block->columns[column].metric;
  gsize         length = found->length;
  const guint8 *data = muster_sample_file_read (self->file, found, &length, NULL);
  g_autoptr (MusterSampleRows) rows = NULL;
  gint64 n = 0;

  if (data != NULL)
    rows = muster_sample_block_read (block, data, length, &metric, 1);
  if (rows == NULL || rows->n_columns == 0)
    return 0;
  for (unsigned i = 0; i < rows->n_rows && rows->times[i] < limit; i++)
    if (rows->columns[0].tags[i] != MUSTER_CELL_ABSENT)
      {
        n++;
        *newest = rows->times[i];
      }
  return n;
}

static gboolean
block_cb (const MusterSampleFileBlock *found, gpointer user_data, GError **error)
{
  Survey *self = user_data;
  g_autoptr (MusterSampleBlock) block =
              muster_sample_block_parse (found->directory, found->directory_length, NULL);

  for (unsigned i = 0; block != NULL && i < block->n_columns; i++)
    {
      const MusterBlockColumn *column = &block->columns[i];
      MusterRetentionTotals   *totals = get_totals (self, column->metric);
      gint64 limit = get_limit (self, column->metric, MUSTER_ROLLUP_RAW), to = found->last, n;

      if (column->n_present == 0 || found->first >= limit)
        continue;
      n =
        found->last < limit ? column->n_present : count_before (self, found, block, i, limit, &to);
      if (n == 0)
        continue;
      totals->samples += n;
      totals->bytes += get_column_bytes (found, block, i) * n / column->n_present;
      note (self, column->metric, found->first, to);
    }
  return TRUE;
}

/* --- chunks --- */

static void
add_chunk (Survey *self, const MusterRollupChunk *chunk)
{
  g_auto (MusterRollupReader) reader = { 0 };
  g_autoptr (GArray) metrics = NULL;

  if (!muster_rollup_reader_init (&reader, chunk))
    return;
  metrics = muster_rollup_reader_list_metrics (&reader);
  for (guint i = 0; i < metrics->len; i++)
    {
      guint32  metric = g_array_index (metrics, guint32, i);
      gint64   limit = get_limit (self, metric, chunk->level), oldest, newest;
      unsigned n;

      if (limit <= chunk->start)
        continue;
      n = muster_rollup_reader_count_before (&reader, metric, limit, &oldest, &newest);
      if (n == 0)
        continue;
      get_totals (self, metric)->rollup_bytes +=
        (gint64)(chunk->directory_length + chunk->data_length) * n / reader.block->n_rows /
        metrics->len;
      note (self, metric, oldest, newest + muster_rollup_get_piece (chunk->level) - 1);
    }
}

static gboolean
survey_chunks (Survey *self, guint32 device, MusterRollupLevel level, GError **error)
{
  gint64 latest =
    self->everything ? G_MAXINT64 : muster_retention_limits_get_latest (self->limits, level);
  g_autoptr (MusterStatement) find = NULL;
  MusterStep step;

  if (latest == 0)
    return TRUE;
  find = muster_rollup_file_find_chunks (self->file, level, device, 0, latest - 1, error);
  if (find == NULL)
    return FALSE;
  while ((step = muster_statement_step (find, error)) == MUSTER_STEP_ROW)
    {
      MusterRollupChunk chunk;

      muster_rollup_file_get_chunk (find, &chunk);
      add_chunk (self, &chunk);
    }
  return step == MUSTER_STEP_DONE;
}

/* --- the whole --- */

static gboolean
survey_device (Survey *self, guint32 device, GError **error)
{
  gint64 latest = self->everything
                    ? G_MAXINT64
                    : muster_retention_limits_get_latest (self->limits, MUSTER_ROLLUP_RAW);

  g_hash_table_remove_all (self->series);
  return (latest == 0 || muster_sample_file_foreach (self->file, device, G_MININT64, latest - 1,
                                                     block_cb, self, error)) &&
         survey_chunks (self, device, MUSTER_ROLLUP_MINUTE, error) &&
         survey_chunks (self, device, MUSTER_ROLLUP_HOUR, error);
}

static GArray *
list_devices (MusterSampleTable *table)
{
  GArray *devices = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_rw_lock_reader_lock (&table->lock);
  for (guint32 i = 1; i < table->devices->len; i++)
    {
      const MusterSampleDevice *device = table->devices->pdata[i];

      if (device != NULL && !device->is_gone)
        g_array_append_val (devices, i);
    }
  g_rw_lock_reader_unlock (&table->lock);
  return devices;
}

static guint64
get_n_seals (MusterSampleTable *table)
{
  guint64 n;

  g_rw_lock_reader_lock (&table->lock);
  n = table->n_seals;
  g_rw_lock_reader_unlock (&table->lock);
  return n;
}

GArray *
muster_retention_survey (MusterSampleTable           *table,
                         MusterSampleFile            *file,
                         const MusterRetentionLimits *limits,
                         gboolean                     everything,
                         GError                     **error)
{
  g_autoptr (GArray) totals = g_array_new (FALSE, TRUE, sizeof (MusterRetentionTotals));
  g_autoptr (GArray) devices = list_devices (table);
  g_autoptr (GHashTable) series = g_hash_table_new (NULL, NULL);
  Survey survey = { file, limits, everything, totals, series };

  g_array_set_size (totals, limits->policy->classes->len + 1);
  for (guint i = 0; i < devices->len; i++)
    {
      gboolean is_good;

      /* A moment for each: one for all would keep the log from being brought home. */
      if (!muster_sample_file_begin_read (file, get_n_seals (table), error))
        return NULL;
      is_good = survey_device (&survey, g_array_index (devices, guint32, i), error);
      muster_sample_file_end_read (file);
      if (!is_good)
        return NULL;
    }
  return g_steal_pointer (&totals);
}

/* --- room --- */

/* What is free already, or will be when extents are put together, does not count. */
gboolean
muster_retention_get_bytes (MusterSampleFile *file, gint64 *bytes, GError **error)
{
  return muster_connection_query_integer (
    muster_sample_file_get_connection (file),
    "SELECT (page_count - freelist_count) * page_size - (SELECT IFNULL (SUM (size - live), 0) FROM extent_use) "
    "FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
    bytes, error);
}

/* Days and their bytes, the oldest first: takes what EXCESS asks for. */
static gboolean
take_days (MusterSampleFile *file,
           const char       *sql,
           gint64            today,
           gint64           *excess,
           gint64           *floor,
           GError          **error)
{
  g_autoptr (MusterStatement) days =
              muster_statement_new (muster_sample_file_get_connection (file), sql, error);
  MusterStep step = MUSTER_STEP_DONE;

  if (days == NULL)
    return FALSE;
  while (*excess > 0 && (step = muster_statement_step (days, error)) == MUSTER_STEP_ROW)
    {
      gint64 until = (muster_statement_get_integer (days, 0) + 1) * MUSTER_DAY_USEC;

      if (until > today)
        break;
      *floor = until;
      *excess -= muster_statement_get_integer (days, 1);
    }
  return step != MUSTER_STEP_FAILED;
}

gboolean
muster_retention_find_floors (MusterSampleFile *file, MusterRetentionLimits *limits, GError **error)
{
  /* By its number a chunk tells its level and its time: see muster-rollup-file.c. */
  static const char fine[] =
    "SELECT day, SUM (bytes) FROM "
    "(SELECT last / 86400000000 AS day, length + length (directory) AS bytes FROM block UNION ALL "
    "SELECT id & 1048575, length (directory) + length (data) FROM rollup WHERE id >> 20 & 3 = 1) "
    "GROUP BY day ORDER BY day";
  static const char hours[] =
    "SELECT (id & 1048575) * 16 + 15 AS day, SUM (length (directory) + length (data)) FROM rollup "
    "WHERE id >> 20 & 3 = 2 GROUP BY day ORDER BY day";
  gint64 excess;

  if (limits->policy->max_bytes == 0)
    return TRUE;
  if (!muster_retention_get_bytes (file, &excess, error))
    return FALSE;
  excess -= limits->policy->max_bytes;
  if (excess <= 0)
    return TRUE;
  if (!take_days (file, fine, limits->today, &excess, &limits->floors[MUSTER_ROLLUP_RAW], error) ||
      !take_days (file, hours, limits->today, &excess, &limits->floors[MUSTER_ROLLUP_HOUR], error))
    return FALSE;
  limits->floors[MUSTER_ROLLUP_RAW] =
    MAX (limits->floors[MUSTER_ROLLUP_RAW], limits->floors[MUSTER_ROLLUP_HOUR]);
  limits->floors[MUSTER_ROLLUP_MINUTE] = limits->floors[MUSTER_ROLLUP_RAW];
  return TRUE;
}
