/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-file"

#include "config.h"

#include "muster-sample-file.h"
#include "muster-sample-reducer.h"

/* Version 1 of the sample file, kept in user_version. `value` is INTEGER, REAL, TEXT or NULL as the
 * sample was; `flags` holds MusterSampleFlags, and FLAG_BOOLEAN for integers that are booleans.
 * `statistic` counts rows, so that asking needs no scan. */
#define SCHEMA_VERSION 1
static const char schema[] =
  "CREATE TABLE series (id INTEGER PRIMARY KEY, device_id TEXT NOT NULL, metric TEXT NOT NULL, UNIQUE (device_id, metric)) STRICT;"
  "CREATE TABLE sample (series INTEGER NOT NULL, time INTEGER NOT NULL, value ANY, flags INTEGER NOT NULL, PRIMARY KEY (series, time)) STRICT, WITHOUT ROWID;"
  "CREATE TABLE statistic (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "INSERT INTO statistic VALUES ('samples', 0);"
  "PRAGMA application_id = 0x4d757353; PRAGMA user_version = 1;";

/* "MusS" */
static const MusterFileFormat format = { .application_id = 0x4d757353,
                                         .newest_version = SCHEMA_VERSION };

#define FLAG_BOOLEAN (1 << 16)

typedef enum
{
  SQL_FIND_SERIES,
  SQL_ADD_SERIES,
  SQL_ADD_SAMPLE,
  SQL_REPLACE_SAMPLE,
  SQL_COUNT,
  SQL_LIST_SERIES,
  SQL_RANGE,
  SQL_LATEST,
  SQL_STATS,
  SQL_FORGET_SAMPLES,
  SQL_FORGET_SERIES,
  N_SQL,
} Sql;

static const char *const sql_texts[N_SQL] = {
  [SQL_FIND_SERIES] = "SELECT id FROM series WHERE device_id = ?1 AND metric = ?2",
  [SQL_ADD_SERIES] = "INSERT INTO series (device_id, metric) VALUES (?1, ?2)",
  [SQL_ADD_SAMPLE] = "INSERT INTO sample VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
  /* What came live stays so, though a node that lost its connection sends it once more as history.
   */
  [SQL_REPLACE_SAMPLE] =
    "UPDATE sample SET value = ?3, flags = (?4 & ~1) | (?4 & flags & 1) WHERE series = ?1 AND time = ?2",
  [SQL_COUNT] = "UPDATE statistic SET value = value + ?1 WHERE name = 'samples'",
  [SQL_LIST_SERIES] = "SELECT id, metric FROM series WHERE device_id = ?1 ORDER BY metric",
  [SQL_RANGE] =
    "SELECT time, value, flags FROM sample WHERE series = ?1 AND time BETWEEN ?2 AND ?3 ORDER BY time",
  [SQL_LATEST] =
    "SELECT device_id, metric, time, value, flags FROM series JOIN sample ON sample.series = series.id AND sample.time = "
    "(SELECT time FROM sample WHERE series = series.id AND flags & 1 = 0 ORDER BY time DESC LIMIT 1) ORDER BY device_id",
  [SQL_STATS] =
    "SELECT (SELECT value FROM statistic WHERE name = 'samples'), (SELECT COUNT(*) FROM series), page_count * page_size "
    "FROM pragma_page_count, pragma_page_size",
  [SQL_FORGET_SAMPLES] =
    "DELETE FROM sample WHERE series IN (SELECT id FROM series WHERE device_id = ?1)",
  [SQL_FORGET_SERIES] = "DELETE FROM series WHERE device_id = ?1",
};

struct _MusterSampleFile
{
  MusterConnection *connection;
  sqlite3_stmt     *statements[N_SQL]; /* (nullable) prepared at first use */
  GHashTable       *series;            /* device id → (metric → id), of the writer */
  gint64            added;             /* rows since begin */
};

static gboolean
fail (MusterSampleFile *self, int code, GError **error)
{
  muster_connection_set_error (self->connection, code, error);
  return FALSE;
}

static sqlite3_stmt *
prepare (MusterSampleFile *self, Sql sql, GError **error)
{
  int code;

  if (self->statements[sql] != NULL)
    return self->statements[sql];
  code = sqlite3_prepare_v3 (muster_connection_get_handle (self->connection), sql_texts[sql], -1,
                             SQLITE_PREPARE_PERSISTENT, &self->statements[sql], NULL);
  if (code != SQLITE_OK)
    fail (self, code, error);
  return self->statements[sql];
}

/* Runs what gives no rows. */
static gboolean
run (MusterSampleFile *self, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code != SQLITE_DONE)
    fail (self, code, error);
  sqlite3_reset (statement);
  return code == SQLITE_DONE;
}

static gboolean
ensure_schema (MusterSampleFile *self, GError **error)
{
  gint64 version;

  if (!muster_connection_query_integer (self->connection, "PRAGMA user_version", &version, error))
    return FALSE;
  if (version == SCHEMA_VERSION)
    return TRUE;
  if (!muster_connection_execute (self->connection, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (muster_connection_execute (self->connection, schema, error) &&
      muster_connection_execute (self->connection, "COMMIT", error))
    return TRUE;
  muster_connection_execute (self->connection, "ROLLBACK", NULL);
  return FALSE;
}

MusterSampleFile *
muster_sample_file_open (const char *path, MusterConnectionMode mode, GError **error)
{
  g_autoptr (MusterSampleFile) self = g_new0 (MusterSampleFile, 1);

  g_return_val_if_fail (path != NULL, NULL);

  self->series =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
  self->connection = muster_connection_open (path, mode, &format, error);
  if (self->connection == NULL || (mode == MUSTER_CONNECTION_WRITE && !ensure_schema (self, error)))
    return NULL;
  return g_steal_pointer (&self);
}

void
muster_sample_file_close (MusterSampleFile *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < N_SQL; i++)
    sqlite3_finalize (self->statements[i]);
  g_clear_pointer (&self->connection, muster_connection_close);
  g_hash_table_unref (self->series);
  g_free (self);
}

const MusterFileFormat *
muster_sample_file_get_format (void)
{
  return &format;
}

gboolean
muster_sample_file_begin (MusterSampleFile *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  self->added = 0;
  return muster_connection_execute (self->connection, "BEGIN IMMEDIATE", error);
}

void
muster_sample_file_rollback (MusterSampleFile *self)
{
  g_return_if_fail (self != NULL);

  /* Series made in the transaction are gone with it. */
  g_hash_table_remove_all (self->series);
  if (muster_connection_in_transaction (self->connection))
    muster_connection_execute (self->connection, "ROLLBACK", NULL);
}

gboolean
muster_sample_file_commit (MusterSampleFile *self, GError **error)
{
  sqlite3_stmt *count;

  g_return_val_if_fail (self != NULL, FALSE);

  count = prepare (self, SQL_COUNT, error);
  if (count != NULL && sqlite3_bind_int64 (count, 1, self->added) == SQLITE_OK &&
      run (self, count, error) && muster_connection_execute (self->connection, "COMMIT", error))
    return TRUE;
  muster_sample_file_rollback (self);
  return FALSE;
}

static gboolean
make_series (MusterSampleFile *self,
             const char       *device_id,
             const char       *metric,
             gint64           *id,
             GError          **error)
{
  sqlite3_stmt *find = prepare (self, SQL_FIND_SERIES, error);
  sqlite3_stmt *add;
  int           code;

  if (find == NULL)
    return FALSE;
  sqlite3_bind_text (find, 1, device_id, -1, SQLITE_STATIC);
  sqlite3_bind_text (find, 2, metric, -1, SQLITE_STATIC);
  code = sqlite3_step (find);
  *id = code == SQLITE_ROW ? sqlite3_column_int64 (find, 0) : 0;
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    fail (self, code, error);
  sqlite3_reset (find);
  if (code != SQLITE_DONE)
    return code == SQLITE_ROW;
  add = prepare (self, SQL_ADD_SERIES, error);
  if (add == NULL)
    return FALSE;
  sqlite3_bind_text (add, 1, device_id, -1, SQLITE_STATIC);
  sqlite3_bind_text (add, 2, metric, -1, SQLITE_STATIC);
  if (!run (self, add, error))
    return FALSE;
  *id = sqlite3_last_insert_rowid (muster_connection_get_handle (self->connection));
  return TRUE;
}

static gboolean
find_series (MusterSampleFile *self,
             const char       *device_id,
             const char       *metric,
             gint64           *id,
             GError          **error)
{
  GHashTable *metrics = g_hash_table_lookup (self->series, device_id);
  gint64     *known;

  if (metrics == NULL)
    {
      metrics = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_hash_table_insert (self->series, g_strdup (device_id), metrics);
    }
  known = g_hash_table_lookup (metrics, metric);
  if (known == NULL)
    {
      if (!make_series (self, device_id, metric, id, error))
        return FALSE;
      known = g_memdup2 (id, sizeof *id);
      g_hash_table_insert (metrics, g_strdup (metric), known);
    }
  *id = *known;
  return TRUE;
}

static void
bind_sample (sqlite3_stmt *statement, gint64 series, const MusterSample *sample)
{
  sqlite3_bind_int64 (statement, 1, series);
  sqlite3_bind_int64 (statement, 2, sample->time);
  sqlite3_bind_int64 (statement, 4,
                      sample->flags | (sample->type == MUSTER_SAMPLE_BOOLEAN ? FLAG_BOOLEAN : 0));
  switch (sample->type)
    {
    case MUSTER_SAMPLE_INTEGER:
      sqlite3_bind_int64 (statement, 3, sample->integer);
      break;
    case MUSTER_SAMPLE_DOUBLE:
      sqlite3_bind_double (statement, 3, sample->number);
      break;
    case MUSTER_SAMPLE_BOOLEAN:
      sqlite3_bind_int64 (statement, 3, sample->boolean);
      break;
    case MUSTER_SAMPLE_STRING:
      sqlite3_bind_text (statement, 3, sample->text, -1, SQLITE_STATIC);
      break;
    case MUSTER_SAMPLE_NULL:
    default:
      sqlite3_bind_null (statement, 3);
    }
}

/* One that is there already is replaced, and not counted again. */
static gboolean
put_sample (MusterSampleFile *self, gint64 series, const MusterSample *sample, GError **error)
{
  sqlite3_stmt *add = prepare (self, SQL_ADD_SAMPLE, error);
  sqlite3_stmt *replace;

  if (add == NULL)
    return FALSE;
  bind_sample (add, series, sample);
  if (!run (self, add, error))
    return FALSE;
  if (sqlite3_changes (muster_connection_get_handle (self->connection)) == 1)
    {
      self->added++;
      return TRUE;
    }
  replace = prepare (self, SQL_REPLACE_SAMPLE, error);
  if (replace == NULL)
    return FALSE;
  bind_sample (replace, series, sample);
  return run (self, replace, error);
}

gboolean
muster_sample_file_append (MusterSampleFile *self, MusterSampleBatch *batch, GError **error)
{
  unsigned            n;
  const MusterSample *samples;

  g_return_val_if_fail (self != NULL && MUSTER_IS_SAMPLE_BATCH (batch), FALSE);

  samples = muster_sample_batch_get (batch, &n);
  for (unsigned i = 0; i < n; i++)
    {
      gint64 series;

      if (samples[i].flags & MUSTER_SAMPLE_TRANSIENT)
        continue;
      if (!find_series (self, muster_sample_batch_get_device_id (batch), samples[i].metric, &series,
                        error) ||
          !put_sample (self, series, &samples[i], error))
        return FALSE;
    }
  return TRUE;
}

/* The row's value and flags from COLUMN on; its text is borrowed until the next step. */
static void
read_sample (sqlite3_stmt *statement, int column, MusterSample *sample)
{
  gint64 flags = sqlite3_column_int64 (statement, column + 2);

  *sample = (MusterSample){ .time = sqlite3_column_int64 (statement, column),
                            .flags = flags & (FLAG_BOOLEAN - 1) };
  switch (sqlite3_column_type (statement, column + 1))
    {
    case SQLITE_INTEGER:
      sample->type = (flags & FLAG_BOOLEAN) ? MUSTER_SAMPLE_BOOLEAN : MUSTER_SAMPLE_INTEGER;
      sample->integer = sqlite3_column_int64 (statement, column + 1);
      if (flags & FLAG_BOOLEAN)
        sample->boolean = sqlite3_column_int64 (statement, column + 1) != 0;
      break;
    case SQLITE_FLOAT:
      sample->type = MUSTER_SAMPLE_DOUBLE;
      sample->number = sqlite3_column_double (statement, column + 1);
      break;
    case SQLITE_TEXT:
      sample->type = MUSTER_SAMPLE_STRING;
      sample->text = (const char *)sqlite3_column_text (statement, column + 1);
      break;
    default:
      sample->type = MUSTER_SAMPLE_NULL;
    }
}

static gboolean
query_series (MusterSampleFile        *self,
              const MusterSampleQuery *query,
              gint64                   series,
              const char              *metric,
              MusterSampleBatch       *batch,
              GError                 **error)
{
  g_autoptr (MusterSampleReducer) reducer = muster_sample_reducer_new (query, metric, batch);
  sqlite3_stmt *range = prepare (self, SQL_RANGE, error);
  int           code;

  if (range == NULL)
    return FALSE;
  sqlite3_bind_int64 (range, 1, series);
  sqlite3_bind_int64 (range, 2, query->from);
  sqlite3_bind_int64 (range, 3, query->to);
  while ((code = sqlite3_step (range)) == SQLITE_ROW)
    {
      MusterSample sample;

      read_sample (range, 0, &sample);
      muster_sample_reducer_push (reducer, &sample);
    }
  if (code != SQLITE_DONE)
    fail (self, code, error);
  sqlite3_reset (range);
  return code == SQLITE_DONE && muster_sample_reducer_finish (reducer, error);
}

MusterSampleBatch *
muster_sample_file_query_range (MusterSampleFile        *self,
                                const MusterSampleQuery *query,
                                GError                 **error)
{
  g_autoptr (MusterSampleBatch) batch = NULL;
  sqlite3_stmt *list;
  int           code;

  g_return_val_if_fail (self != NULL && query != NULL, NULL);

  list = prepare (self, SQL_LIST_SERIES, error);
  if (list == NULL)
    return NULL;
  batch = muster_sample_batch_new (query->device_id);
  sqlite3_bind_text (list, 1, query->device_id, -1, SQLITE_STATIC);
  while ((code = sqlite3_step (list)) == SQLITE_ROW)
    {
      const char *metric = (const char *)sqlite3_column_text (list, 1);

      if (query->metrics != NULL && !g_strv_contains (query->metrics, metric))
        continue;
      if (!query_series (self, query, sqlite3_column_int64 (list, 0), metric, batch, error))
        {
          sqlite3_reset (list);
          return NULL;
        }
    }
  if (code != SQLITE_DONE)
    fail (self, code, error);
  sqlite3_reset (list);
  return code == SQLITE_DONE ? g_steal_pointer (&batch) : NULL;
}

GPtrArray *
muster_sample_file_query_latest (MusterSampleFile *self, GError **error)
{
  g_autoptr (GPtrArray) batches = g_ptr_array_new_with_free_func (g_object_unref);
  MusterSampleBatch *batch = NULL;
  sqlite3_stmt      *latest;
  int                code;

  g_return_val_if_fail (self != NULL, NULL);

  latest = prepare (self, SQL_LATEST, error);
  if (latest == NULL)
    return NULL;
  while ((code = sqlite3_step (latest)) == SQLITE_ROW)
    {
      const char  *device_id = (const char *)sqlite3_column_text (latest, 0);
      MusterSample sample;

      if (batch == NULL || !g_str_equal (muster_sample_batch_get_device_id (batch), device_id))
        {
          batch = muster_sample_batch_new (device_id);
          g_ptr_array_add (batches, batch);
        }
      read_sample (latest, 2, &sample);
      muster_sample_batch_append (batch, (const char *)sqlite3_column_text (latest, 1), sample.time,
                                  &sample);
    }
  if (code != SQLITE_DONE)
    fail (self, code, error);
  sqlite3_reset (latest);
  return code == SQLITE_DONE ? g_steal_pointer (&batches) : NULL;
}

static gboolean
delete_by_device (MusterSampleFile *self, Sql sql, const char *device_id, GError **error)
{
  sqlite3_stmt *statement = prepare (self, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, device_id, -1, SQLITE_STATIC);
  return run (self, statement, error);
}

gboolean
muster_sample_file_forget (MusterSampleFile *self, const char *device_id, GError **error)
{
  g_return_val_if_fail (self != NULL && device_id != NULL, FALSE);

  if (!muster_sample_file_begin (self, error))
    return FALSE;
  if (!delete_by_device (self, SQL_FORGET_SAMPLES, device_id, error))
    {
      muster_sample_file_rollback (self);
      return FALSE;
    }
  self->added = -sqlite3_changes64 (muster_connection_get_handle (self->connection));
  if (!delete_by_device (self, SQL_FORGET_SERIES, device_id, error))
    {
      muster_sample_file_rollback (self);
      return FALSE;
    }
  g_hash_table_remove (self->series, device_id);
  return muster_sample_file_commit (self, error);
}

gboolean
muster_sample_file_get_stats (MusterSampleFile *self, MusterSampleFileStats *stats, GError **error)
{
  sqlite3_stmt *statement;
  int           code;

  g_return_val_if_fail (self != NULL && stats != NULL, FALSE);

  statement = prepare (self, SQL_STATS, error);
  if (statement == NULL)
    return FALSE;
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    *stats = (MusterSampleFileStats){ sqlite3_column_int64 (statement, 0),
                                      sqlite3_column_int64 (statement, 1),
                                      sqlite3_column_int64 (statement, 2) };
  else
    fail (self, code, error);
  sqlite3_reset (statement);
  return code == SQLITE_ROW;
}
