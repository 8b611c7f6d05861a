/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-file"

#include "config.h"

#include "muster-sample-file-private.h"

/* Version 2 of the sample file (version 1 had a row a sample). A block's directory stands in order
 * of device and time, close together; its data in an extent, with those of others. */
#define SCHEMA_VERSION 2
static const char schema[] =
  "CREATE TABLE device (number INTEGER PRIMARY KEY, device_id TEXT NOT NULL, sealed_sequence INTEGER NOT NULL, sealed_until INTEGER NOT NULL, max_span INTEGER NOT NULL, samples INTEGER NOT NULL, latest BLOB NOT NULL) STRICT;"
  "CREATE TABLE metric (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
  "CREATE TABLE block (device INTEGER NOT NULL, first INTEGER NOT NULL, id INTEGER NOT NULL, last INTEGER NOT NULL, n_rows INTEGER NOT NULL, extent INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, directory BLOB NOT NULL, PRIMARY KEY (device, first, id)) STRICT, WITHOUT ROWID;" MUSTER_SAMPLE_EXTENT_SCHEMA
  "CREATE TABLE quarantine (id INTEGER PRIMARY KEY, device INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, n_rows INTEGER NOT NULL, reason TEXT NOT NULL, directory BLOB NOT NULL, data BLOB) STRICT;"
  "CREATE TABLE statistic (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "INSERT INTO statistic VALUES ('last_block', 0), ('store_id', random ());"
  "PRAGMA application_id = 0x4d757353; PRAGMA user_version = 2;";

/* "MusS". The page size is what extents are cut for. */
static const MusterFileFormat format = { .application_id = 0x4d757353,
                                         .newest_version = SCHEMA_VERSION,
                                         .page_size = 4096,
                                         .shrinks = TRUE };

/* Readers take the first pages where they lie in the file, without a copy, and the rest through a
 * small cache: each reader's map counts as memory of the daemon. Pages that are only in the log are
 * not taken so, which is therefore brought home soon. In pages, bytes and KiB. */
static const char write_setup[] = "PRAGMA wal_autocheckpoint = 500";
static const char read_setup[] = "PRAGMA mmap_size = 2097152; PRAGMA cache_size = -1024";

static const char *const sql_texts[MUSTER_N_SAMPLE_SQL] = {
  [SQL_PUT_METRIC] = "INSERT INTO metric VALUES (?1, ?2) ON CONFLICT DO NOTHING",
  [SQL_PUT_DEVICE] = "INSERT OR REPLACE INTO device VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
  [SQL_NEXT_BLOCK] =
    "UPDATE statistic SET value = value + 1 WHERE name = 'last_block' RETURNING value",
  [SQL_ADD_BLOCK] = "INSERT INTO block VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
  [SQL_DELETE_BLOCK] = "DELETE FROM block WHERE device = ?1 AND first = ?2 AND id = ?3",
  [SQL_MOVE_BLOCK] =
    "UPDATE block SET extent = ?4, offset = ?5 WHERE device = ?1 AND first = ?2 AND id = ?3",
  [SQL_QUARANTINE] =
    "INSERT OR IGNORE INTO quarantine SELECT id, device, first, last, n_rows, ?4, directory, ?5 "
    "FROM block WHERE device = ?1 AND first = ?2 AND id = ?3",
  [SQL_FORGET_DEVICE] = "DELETE FROM device WHERE number = ?1",
  [SQL_FIND] =
    "SELECT first, id, last, n_rows, extent, offset, length, directory FROM block WHERE device = ?1 AND first BETWEEN ?2 AND ?3 ORDER BY first, id",
  [SQL_NEWEST] =
    "SELECT first, id, last, n_rows, extent, offset, length, directory FROM block WHERE device = ?1 ORDER BY first DESC, id DESC LIMIT ?2",
  [SQL_GET] =
    "SELECT first, id, last, n_rows, extent, offset, length, directory FROM block WHERE device = ?1 AND first = ?2 AND id = ?3",
  [SQL_STATS] =
    "SELECT (SELECT IFNULL (SUM (samples), 0) FROM device), (SELECT COUNT(*) FROM block), (SELECT COUNT(*) FROM quarantine), "
    "page_count * page_size FROM pragma_page_count, pragma_page_size",
  [SQL_METRICS] = "SELECT number, name FROM metric",
  [SQL_DEVICES] =
    "SELECT number, device_id, sealed_sequence, sealed_until, max_span, samples, latest FROM device",
  MUSTER_SAMPLE_EXTENT_SQL
};

gboolean
muster_sample_file_fail (MusterSampleFile *self, int code, GError **error)
{
  muster_connection_set_error (self->connection, code, error);
  return FALSE;
}

sqlite3_stmt *
muster_sample_file_prepare (MusterSampleFile *self, MusterSampleSql sql, GError **error)
{
  int code;

  if (self->statements[sql] != NULL)
    return self->statements[sql];
  code = sqlite3_prepare_v3 (muster_connection_get_handle (self->connection), sql_texts[sql], -1,
                             SQLITE_PREPARE_PERSISTENT, &self->statements[sql], NULL);
  /* What we ask is right: then the tables are not what we made. */
  if (code != SQLITE_OK)
    muster_sample_file_fail (self, code == SQLITE_ERROR ? SQLITE_CORRUPT : code, error);
  return self->statements[sql];
}

gboolean
muster_sample_file_run (MusterSampleFile *self, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code != SQLITE_DONE)
    muster_sample_file_fail (self, code, error);
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

  self->connection = muster_connection_open (path, mode, &format, error);
  if (self->connection == NULL ||
      (mode == MUSTER_CONNECTION_WRITE && !ensure_schema (self, error)) ||
      !muster_connection_execute (self->connection,
                                  mode == MUSTER_CONNECTION_WRITE ? write_setup : read_setup,
                                  error) ||
      (mode == MUSTER_CONNECTION_WRITE && !muster_sample_extents_load (self, error)))
    return NULL;
  return g_steal_pointer (&self);
}

void
muster_sample_file_close (MusterSampleFile *self)
{
  if (self == NULL)
    return;
  muster_sample_extents_let_go (self);
  for (int i = 0; i < MUSTER_N_SAMPLE_SQL; i++)
    sqlite3_finalize (self->statements[i]);
  muster_sample_extents_clear (self);
  g_clear_pointer (&self->connection, muster_connection_close);
  g_free (self);
}

const MusterFileFormat *
muster_sample_file_get_format (void)
{
  return &format;
}

MusterConnection *
muster_sample_file_get_connection (MusterSampleFile *self)
{
  return self->connection;
}

gboolean
muster_sample_file_get_store_id (MusterSampleFile *self, gint64 *id, GError **error)
{
  return muster_connection_query_integer (self->connection,
                                          "SELECT value FROM statistic WHERE name = 'store_id'", id,
                                          error);
}

/* --- loading --- */

static gboolean
load_metrics (MusterSampleFile *self, MusterSampleTable *table, GError **error)
{
  sqlite3_stmt *list = muster_sample_file_prepare (self, SQL_METRICS, error);
  int           code;

  if (list == NULL)
    return FALSE;
  while ((code = sqlite3_step (list)) == SQLITE_ROW)
    muster_sample_table_load_metric (table, sqlite3_column_int64 (list, 0),
                                     (const char *)sqlite3_column_text (list, 1));
  sqlite3_reset (list);
  return code == SQLITE_DONE || muster_sample_file_fail (self, code, error);
}

static gboolean
load_devices (MusterSampleFile *self, MusterSampleTable *table, GError **error)
{
  sqlite3_stmt *list = muster_sample_file_prepare (self, SQL_DEVICES, error);
  int           code;

  if (list == NULL)
    return FALSE;
  while ((code = sqlite3_step (list)) == SQLITE_ROW)
    {
      MusterSampleDevice *device =
        muster_sample_table_load_device (table, sqlite3_column_int64 (list, 0),
                                         (const char *)sqlite3_column_text (list, 1));

      device->sealed_sequence = sqlite3_column_int64 (list, 2);
      device->sealed_until = sqlite3_column_int64 (list, 3);
      device->max_span = sqlite3_column_int64 (list, 4);
      device->n_sealed = sqlite3_column_int64 (list, 5);
      if (!muster_sample_device_read_latest (device, sqlite3_column_blob (list, 6),
                                             sqlite3_column_bytes (list, 6)))
        g_warning ("the newest samples of %s are damaged: they are left out", device->id);
      table->last_sequence = MAX (table->last_sequence, device->sealed_sequence);
    }
  sqlite3_reset (list);
  return code == SQLITE_DONE || muster_sample_file_fail (self, code, error);
}

gboolean
muster_sample_file_load (MusterSampleFile *self, MusterSampleTable *table, GError **error)
{
  return load_metrics (self, table, error) && load_devices (self, table, error);
}

/* --- writing --- */

gboolean
muster_sample_file_begin (MusterSampleFile *self, GError **error)
{
  return muster_connection_run (self->connection, "BEGIN IMMEDIATE", error);
}

void
muster_sample_file_bring_home (MusterSampleFile *self)
{
  sqlite3_wal_checkpoint_v2 (muster_connection_get_handle (self->connection), NULL,
                             SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

void
muster_sample_file_rollback (MusterSampleFile *self)
{
  if (muster_connection_in_transaction (self->connection))
    muster_connection_execute (self->connection, "ROLLBACK", NULL);
  muster_sample_extents_revert (self);
}

gboolean
muster_sample_file_commit (MusterSampleFile *self, GError **error)
{
  if (muster_sample_extents_flush (self, error) &&
      muster_connection_run (self->connection, "COMMIT", error))
    return TRUE;
  muster_sample_file_rollback (self);
  return FALSE;
}

void
muster_sample_file_shrink (MusterSampleFile *self)
{
  g_autoptr (GError) error = NULL;

  if (!muster_sample_file_begin (self, &error) || !muster_sample_extents_tidy (self, &error) ||
      !muster_sample_file_commit (self, &error))
    {
      muster_sample_file_rollback (self);
      g_warning ("samples are not put close together: %s", error->message);
    }
  muster_connection_execute (self->connection, "PRAGMA incremental_vacuum", NULL);
}

gboolean
muster_sample_file_put_metric (MusterSampleFile *self,
                               guint32           number,
                               const char       *name,
                               GError          **error)
{
  sqlite3_stmt *put = muster_sample_file_prepare (self, SQL_PUT_METRIC, error);

  if (put == NULL)
    return FALSE;
  sqlite3_bind_int64 (put, 1, number);
  sqlite3_bind_text (put, 2, name, -1, SQLITE_STATIC);
  return muster_sample_file_run (self, put, error);
}

gboolean
muster_sample_file_put_device (MusterSampleFile         *self,
                               const MusterSampleDevice *device,
                               GByteArray               *latest,
                               GError                  **error)
{
  sqlite3_stmt *put = muster_sample_file_prepare (self, SQL_PUT_DEVICE, error);

  if (put == NULL)
    return FALSE;
  sqlite3_bind_int64 (put, 1, device->number);
  sqlite3_bind_text (put, 2, device->id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (put, 3, device->sealed_sequence);
  sqlite3_bind_int64 (put, 4, device->sealed_until);
  sqlite3_bind_int64 (put, 5, device->max_span);
  sqlite3_bind_int64 (put, 6, device->n_sealed);
  sqlite3_bind_blob (put, 7, latest->len > 0 ? (gconstpointer)latest->data : "", latest->len,
                     SQLITE_STATIC);
  return muster_sample_file_run (self, put, error);
}

gboolean
muster_sample_file_get_next_id (MusterSampleFile *self, gint64 *id, GError **error)
{
  sqlite3_stmt *next = muster_sample_file_prepare (self, SQL_NEXT_BLOCK, error);
  int           code;

  if (next == NULL)
    return FALSE;
  code = sqlite3_step (next);
  if (code == SQLITE_ROW)
    {
      *id = sqlite3_column_int64 (next, 0);
      code = sqlite3_step (next);
    }
  sqlite3_reset (next);
  return code == SQLITE_DONE || muster_sample_file_fail (self, code, error);
}

/* BLOCK has its id. */
static gboolean
put_block (MusterSampleFile            *self,
           const MusterSampleFileBlock *block,
           const GByteArray            *data,
           GError                     **error)
{
  sqlite3_stmt         *add = muster_sample_file_prepare (self, SQL_ADD_BLOCK, error);
  MusterSampleFileBlock placed = *block;

  placed.length = data->len;
  if (add == NULL || !muster_sample_extents_add (self, &placed, data->data, error))
    return FALSE;
  sqlite3_bind_int64 (add, 1, block->device);
  sqlite3_bind_int64 (add, 2, block->first);
  sqlite3_bind_int64 (add, 3, block->id);
  sqlite3_bind_int64 (add, 4, block->last);
  sqlite3_bind_int64 (add, 5, block->n_rows);
  sqlite3_bind_int64 (add, 6, placed.extent);
  sqlite3_bind_int64 (add, 7, placed.offset);
  sqlite3_bind_int64 (add, 8, placed.length);
  sqlite3_bind_blob (add, 9, block->directory, block->directory_length, SQLITE_STATIC);
  return muster_sample_file_run (self, add, error);
}

gboolean
muster_sample_file_add_block (MusterSampleFile            *self,
                              const MusterSampleFileBlock *block,
                              const GByteArray            *data,
                              GError                     **error)
{
  MusterSampleFileBlock numbered = *block;

  return muster_sample_file_get_next_id (self, &numbered.id, error) &&
         put_block (self, &numbered, data, error);
}

/* (nullable): prepared, its first three values are BLOCK's key. */
static sqlite3_stmt *
prepare_with_block (MusterSampleFile            *self,
                    MusterSampleSql              sql,
                    const MusterSampleFileBlock *block,
                    GError                     **error)
{
  sqlite3_stmt *statement = muster_sample_file_prepare (self, sql, error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, block->device);
  sqlite3_bind_int64 (statement, 2, block->first);
  sqlite3_bind_int64 (statement, 3, block->id);
  return statement;
}

gboolean
muster_sample_file_delete_block (MusterSampleFile            *self,
                                 const MusterSampleFileBlock *block,
                                 GError                     **error)
{
  sqlite3_stmt *delete = prepare_with_block (self, SQL_DELETE_BLOCK, block, error);

  return delete != NULL && muster_sample_file_run (self, delete, error) &&
         muster_sample_extents_release (self, block, error);
}

gboolean
muster_sample_file_replace_block (MusterSampleFile            *self,
                                  const MusterSampleFileBlock *old,
                                  const MusterSampleFileBlock *block,
                                  const GByteArray            *data,
                                  GError                     **error)
{
  MusterSampleFileBlock numbered = *block;

  numbered.id = old->id;
  return muster_sample_file_delete_block (self, old, error) &&
         put_block (self, &numbered, data, error);
}

gboolean
muster_sample_file_move_block (MusterSampleFile            *self,
                               const MusterSampleFileBlock *block,
                               GError                     **error)
{
  sqlite3_stmt *move = prepare_with_block (self, SQL_MOVE_BLOCK, block, error);

  if (move == NULL)
    return FALSE;
  sqlite3_bind_int64 (move, 4, block->extent);
  sqlite3_bind_int64 (move, 5, block->offset);
  return muster_sample_file_run (self, move, error);
}

gboolean
muster_sample_file_quarantine (MusterSampleFile            *self,
                               const MusterSampleFileBlock *block,
                               const char                  *reason,
                               GError                     **error)
{
  sqlite3_stmt *put = prepare_with_block (self, SQL_QUARANTINE, block, error);
  const guint8 *data;
  gsize         length;

  if (put == NULL)
    return FALSE;
  length = block->length;
  data = muster_sample_file_read (self, block, &length, NULL);
  sqlite3_bind_text (put, 4, reason, -1, SQLITE_STATIC);
  if (data != NULL)
    sqlite3_bind_blob (put, 5, data, length, SQLITE_TRANSIENT);
  else
    sqlite3_bind_null (put, 5);
  return muster_sample_file_run (self, put, error) &&
         muster_sample_file_delete_block (self, block, error);
}

static gboolean
collect_block_cb (const MusterSampleFileBlock *block, gpointer user_data, GError **error)
{
  g_array_append_val ((GArray *)user_data, *block);
  return TRUE;
}

gboolean
muster_sample_file_forget (MusterSampleFile *self, guint32 device, GError **error)
{
  sqlite3_stmt *forget = muster_sample_file_prepare (self, SQL_FORGET_DEVICE, error);
  g_autoptr (GArray) blocks = g_array_new (FALSE, FALSE, sizeof (MusterSampleFileBlock));

  if (forget == NULL || !muster_sample_file_foreach (self, device, G_MININT64, G_MAXINT64,
                                                     collect_block_cb, blocks, error))
    return FALSE;
  for (guint i = 0; i < blocks->len; i++)
    if (!muster_sample_file_delete_block (self, &g_array_index (blocks, MusterSampleFileBlock, i),
                                          error))
      return FALSE;
  sqlite3_bind_int64 (forget, 1, device);
  return muster_sample_file_run (self, forget, error);
}

/* --- reading --- */

static gboolean
tell_blocks (MusterSampleFile    *self,
             sqlite3_stmt        *find,
             guint32              device,
             MusterSampleFileFunc func,
             gpointer             user_data,
             GError             **error)
{
  gboolean is_good = TRUE;
  int      code = SQLITE_DONE;

  while (is_good && (code = sqlite3_step (find)) == SQLITE_ROW)
    {
      MusterSampleFileBlock block = {
        .id = sqlite3_column_int64 (find, 1),
        .device = device,
        .first = sqlite3_column_int64 (find, 0),
        .last = sqlite3_column_int64 (find, 2),
        .n_rows = sqlite3_column_int64 (find, 3),
        .extent = sqlite3_column_int64 (find, 4),
        .offset = sqlite3_column_int64 (find, 5),
        .length = sqlite3_column_int64 (find, 6),
        .directory = sqlite3_column_blob (find, 7),
        .directory_length = sqlite3_column_bytes (find, 7),
      };

      is_good = func (&block, user_data, error);
    }
  if (is_good && code != SQLITE_DONE)
    is_good = muster_sample_file_fail (self, code, error);
  sqlite3_reset (find);
  return is_good;
}

gboolean
muster_sample_file_foreach (MusterSampleFile    *self,
                            guint32              device,
                            gint64               from,
                            gint64               to,
                            MusterSampleFileFunc func,
                            gpointer             user_data,
                            GError             **error)
{
  sqlite3_stmt *find = muster_sample_file_prepare (self, SQL_FIND, error);

  if (find == NULL)
    return FALSE;
  sqlite3_bind_int64 (find, 1, device);
  sqlite3_bind_int64 (find, 2, from);
  sqlite3_bind_int64 (find, 3, to);
  return tell_blocks (self, find, device, func, user_data, error);
}

gboolean
muster_sample_file_foreach_newest (MusterSampleFile    *self,
                                   guint32              device,
                                   unsigned             n,
                                   MusterSampleFileFunc func,
                                   gpointer             user_data,
                                   GError             **error)
{
  sqlite3_stmt *find = muster_sample_file_prepare (self, SQL_NEWEST, error);

  if (find == NULL)
    return FALSE;
  sqlite3_bind_int64 (find, 1, device);
  sqlite3_bind_int64 (find, 2, n);
  return tell_blocks (self, find, device, func, user_data, error);
}

gboolean
muster_sample_file_find_block (MusterSampleFile            *self,
                               const MusterSampleFileBlock *key,
                               MusterSampleFileFunc         func,
                               gpointer                     user_data,
                               GError                     **error)
{
  sqlite3_stmt *get = prepare_with_block (self, SQL_GET, key, error);

  return get != NULL && tell_blocks (self, get, key->device, func, user_data, error);
}

static void
end_moment (MusterSampleFile *self)
{
  muster_sample_extents_let_go (self);
  if (muster_connection_in_transaction (self->connection))
    muster_connection_run (self->connection, "COMMIT", NULL);
}

gboolean
muster_sample_file_begin_read (MusterSampleFile *self, guint64 sealed, GError **error)
{
  /* What went from memory into the file after the held moment would be seen in neither. */
  if (muster_connection_in_transaction (self->connection) && self->sealed == sealed)
    return TRUE;
  end_moment (self);
  self->sealed = sealed;
  return muster_connection_run (self->connection, "BEGIN", error);
}

void
muster_sample_file_end_read (MusterSampleFile *self)
{
  if (!self->is_held)
    end_moment (self);
}

void
muster_sample_file_hold (MusterSampleFile *self)
{
  self->is_held = TRUE;
}

void
muster_sample_file_release (MusterSampleFile *self)
{
  self->is_held = FALSE;
  end_moment (self);
}

gboolean
muster_sample_file_get_stats (MusterSampleFile *self, MusterSampleFileStats *stats, GError **error)
{
  sqlite3_stmt *get = muster_sample_file_prepare (self, SQL_STATS, error);
  int           code;

  if (get == NULL)
    return FALSE;
  code = sqlite3_step (get);
  if (code == SQLITE_ROW)
    *stats = (MusterSampleFileStats){
      .samples = sqlite3_column_int64 (get, 0),
      .blocks = sqlite3_column_int64 (get, 1),
      .quarantined = sqlite3_column_int64 (get, 2),
      .bytes = sqlite3_column_int64 (get, 3),
    };
  sqlite3_reset (get);
  return code == SQLITE_ROW || muster_sample_file_fail (self, code, error);
}
