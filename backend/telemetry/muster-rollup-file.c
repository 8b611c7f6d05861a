/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollup-file"

#include "config.h"

#include "model/muster-error.h"
#include "muster-rollup-file.h"

/* A chunk's number within a level, and levels within a device: so that chunks lie in the order of
 * device, level and time. */
#define CHUNK_BITS 20
#define LEVEL_BITS 2

static const char schema[] =
  "CREATE TABLE rollup (id INTEGER PRIMARY KEY, until INTEGER NOT NULL, directory BLOB NOT NULL, data BLOB NOT NULL) STRICT;"
  "CREATE TABLE rollup_mark (id INTEGER PRIMARY KEY, level INTEGER NOT NULL, device INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;"
  "CREATE INDEX rollup_mark_level_device ON rollup_mark (level, device, first);"
  "CREATE TABLE rollup_cut (device INTEGER NOT NULL, metric INTEGER NOT NULL, level INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (device, metric, level)) STRICT, WITHOUT ROWID;"
  "INSERT INTO rollup_mark (level, device, first, last) SELECT 1, number, 0, sealed_until FROM device";

gint64
muster_rollup_get_piece (MusterRollupLevel level)
{
  static const gint64 pieces[] = { 1, 60, 3600 };

  return level == MUSTER_ROLLUP_RAW ? 1 : pieces[level] * G_USEC_PER_SEC;
}

gint64
muster_rollup_get_span (MusterRollupLevel level)
{
  return level == MUSTER_ROLLUP_HOUR ? 16 * MUSTER_DAY_USEC : MUSTER_DAY_USEC;
}

static gint64
get_id (MusterRollupLevel level, guint32 device, gint64 time)
{
  gint64 chunk = CLAMP (time / muster_rollup_get_span (level), 0, (1 << CHUNK_BITS) - 1);

  return ((gint64)device << LEVEL_BITS | level) << CHUNK_BITS | chunk;
}

gboolean
muster_rollup_file_prepare (MusterSampleFile *file, GError **error)
{
  MusterConnection *connection = muster_sample_file_get_connection (file);
  gint64            n_tables;

  if (!muster_connection_query_integer (
        connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'rollup_cut'", &n_tables,
        error))
    return FALSE;
  if (n_tables > 0)
    return TRUE;
  if (!muster_sample_file_begin (file, error))
    return FALSE;
  if (muster_connection_execute (connection, schema, error))
    return muster_sample_file_commit (file, error);
  muster_sample_file_rollback (file);
  return FALSE;
}

/* SQL with whole numbers, by position. */
static MusterStatement *
find (MusterSampleFile *file, const char *sql, const gint64 *numbers, unsigned n, GError **error)
{
  MusterStatement *statement =
    muster_statement_new (muster_sample_file_get_connection (file), sql, error);

  /* What we ask is right: then the tables are not what we made. */
  if (statement == NULL && error != NULL &&
      g_error_matches (*error, MUSTER_ERROR, MUSTER_ERROR_FAILED))
    (*error)->code = MUSTER_ERROR_CORRUPT;
  for (unsigned i = 0; statement != NULL && i < n; i++)
    muster_statement_bind_integer_at (statement, i + 1, numbers[i]);
  return statement;
}

static gboolean
run (MusterSampleFile *file, const char *sql, const gint64 *numbers, unsigned n, GError **error)
{
  g_autoptr (MusterStatement) statement = find (file, sql, numbers, n, error);

  return statement != NULL && muster_statement_run (statement, error);
}

#define NUMBERS(...)                                                                               \
  (const gint64[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const gint64[]){ __VA_ARGS__ }))

/* --- marks --- */

/* What lies close together becomes one mark: chunks are made anew as a whole anyway. */
gboolean
muster_rollup_file_mark_level (MusterSampleFile *file,
                               MusterRollupLevel level,
                               guint32           device,
                               gint64            from,
                               gint64            to,
                               GError          **error)
{
  sqlite3 *handle = muster_connection_get_handle (muster_sample_file_get_connection (file));
  gint64   slack = muster_rollup_get_span (level);

  if (
    !run (
      file,
      "UPDATE rollup_mark SET first = MIN (first, ?3), last = MAX (last, ?4) WHERE id = "
      "(SELECT id FROM rollup_mark WHERE level = ?1 AND device = ?2 AND first <= ?6 AND last >= ?5 LIMIT 1)",
      NUMBERS (level, device, from, to, from - slack, to + slack), error))
    return FALSE;
  return sqlite3_changes (handle) > 0 ||
         run (file, "INSERT INTO rollup_mark (level, device, first, last) VALUES (?1, ?2, ?3, ?4)",
              NUMBERS (level, device, from, to), error);
}

gboolean
muster_rollup_file_mark (MusterSampleFile *file,
                         guint32           device,
                         gint64            from,
                         gint64            to,
                         GError          **error)
{
  return muster_rollup_file_mark_level (file, MUSTER_ROLLUP_MINUTE, device, from, to, error);
}

gboolean
muster_rollup_file_list_marks (MusterSampleFile *file,
                               MusterRollupLevel level,
                               guint32           device,
                               GArray           *marks,
                               GError          **error)
{
  g_autoptr (MusterStatement) list = find (
    file,
    "SELECT level, first, last FROM rollup_mark WHERE level IN (1, ?2) AND device = ?1 ORDER BY first",
    NUMBERS (device, level), error);
  MusterStep step = MUSTER_STEP_FAILED;

  while (list != NULL && (step = muster_statement_step (list, error)) == MUSTER_STEP_ROW)
    {
      MusterRollupMark mark = { device, (MusterRollupLevel)muster_statement_get_integer (list, 0),
                                muster_statement_get_integer (list, 1),
                                muster_statement_get_integer (list, 2) };

      g_array_append_val (marks, mark);
    }
  return step == MUSTER_STEP_DONE;
}

gboolean
muster_rollup_file_list_due (MusterSampleFile *file,
                             MusterRollupLevel level,
                             GArray           *dues,
                             GError          **error)
{
  gint64 span = muster_rollup_get_span (level);
  g_autoptr (MusterStatement) list = find (
    file,
    "SELECT device, rollup_mark.first, rollup_mark.last, max_span, sealed_until FROM rollup_mark "
    "JOIN device ON number = device WHERE level = ?1 AND "
    "rollup_mark.first - rollup_mark.first % ?2 + ?2 <= sealed_until - sealed_until % ?3 LIMIT 64",
    NUMBERS (level, span, MUSTER_DAY_USEC), error);
  MusterStep step = MUSTER_STEP_FAILED;

  while (list != NULL && (step = muster_statement_step (list, error)) == MUSTER_STEP_ROW)
    {
      MusterRollupDue due = { { muster_statement_get_integer (list, 0), level,
                                muster_statement_get_integer (list, 1),
                                muster_statement_get_integer (list, 2) },
                              muster_statement_get_integer (list, 3),
                              muster_statement_get_integer (list, 4) };

      g_array_append_val (dues, due);
    }
  return step == MUSTER_STEP_DONE;
}

/* What of a mark lies on both sides of the range stays. */
gboolean
muster_rollup_file_unmark (MusterSampleFile *file,
                           MusterRollupLevel level,
                           guint32           device,
                           gint64            from,
                           gint64            to,
                           GError          **error)
{
  return run (
           file,
           "INSERT INTO rollup_mark (level, device, first, last) SELECT level, device, ?4 + 1, last "
           "FROM rollup_mark WHERE level = ?1 AND device = ?2 AND first < ?3 AND last > ?4",
           NUMBERS (level, device, from, to), error) &&
         run (
           file,
           "DELETE FROM rollup_mark WHERE level = ?1 AND device = ?2 AND first >= ?3 AND last <= ?4",
           NUMBERS (level, device, from, to), error) &&
         run (
           file,
           "UPDATE rollup_mark SET last = ?3 - 1 WHERE level = ?1 AND device = ?2 AND first < ?3 AND last >= ?3",
           NUMBERS (level, device, from), error) &&
         run (
           file,
           "UPDATE rollup_mark SET first = ?4 + 1 WHERE level = ?1 AND device = ?2 AND first BETWEEN ?3 AND ?4",
           NUMBERS (level, device, from, to), error);
}

/* --- blocks --- */

gboolean
muster_rollup_file_find_next (MusterSampleFile *file,
                              guint32           device,
                              gint64            max_span,
                              gint64            from,
                              gint64           *next,
                              GError          **error)
{
  g_autoptr (MusterStatement) block = find (
    file,
    "SELECT first FROM block WHERE device = ?1 AND first >= ?2 - ?3 AND last >= ?2 ORDER BY first LIMIT 1",
    NUMBERS (device, from, max_span), error);
  MusterStep step = block != NULL ? muster_statement_step (block, error) : MUSTER_STEP_FAILED;

  *next = G_MAXINT64;
  if (step == MUSTER_STEP_ROW)
    *next = MAX (from, muster_statement_get_integer (block, 0));
  return step != MUSTER_STEP_FAILED;
}

gboolean
muster_rollup_file_find_device (MusterSampleFile *file,
                                guint32           device,
                                gint64           *max_span,
                                gint64           *sealed_until,
                                GError          **error)
{
  g_autoptr (MusterStatement) find_it =
              find (file, "SELECT max_span, sealed_until FROM device WHERE number = ?1",
                    NUMBERS (device), error);
  MusterStep step = find_it != NULL ? muster_statement_step (find_it, error) : MUSTER_STEP_FAILED;

  *max_span = step == MUSTER_STEP_ROW ? muster_statement_get_integer (find_it, 0) : 0;
  *sealed_until = step == MUSTER_STEP_ROW ? muster_statement_get_integer (find_it, 1) : 0;
  return step != MUSTER_STEP_FAILED;
}

/* --- chunks --- */

MusterStatement *
muster_rollup_file_find_chunks (MusterSampleFile *file,
                                MusterRollupLevel level,
                                guint32           device,
                                gint64            from,
                                gint64            to,
                                GError          **error)
{
  return find (
    file, "SELECT id, until, directory, data FROM rollup WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
    NUMBERS (get_id (level, device, from), get_id (level, device, to)), error);
}

void
muster_rollup_file_get_chunk (MusterStatement *statement, MusterRollupChunk *chunk)
{
  gint64            id = muster_statement_get_integer (statement, 0);
  MusterRollupLevel level = (MusterRollupLevel)(id >> CHUNK_BITS & ((1 << LEVEL_BITS) - 1));

  *chunk =
    (MusterRollupChunk){ .device = id >> (CHUNK_BITS + LEVEL_BITS),
                         .level = level,
                         .start = (id & ((1 << CHUNK_BITS) - 1)) * muster_rollup_get_span (level),
                         .until = muster_statement_get_integer (statement, 1) };
  chunk->directory = muster_statement_get_static_blob (statement, 2, &chunk->directory_length);
  chunk->data = muster_statement_get_static_blob (statement, 3, &chunk->data_length);
}

gboolean
muster_rollup_file_put_chunk (MusterSampleFile        *file,
                              const MusterRollupChunk *chunk,
                              GError                 **error)
{
  g_autoptr (MusterStatement) put =
              find (file, "INSERT OR REPLACE INTO rollup VALUES (?1, ?2, ?3, ?4)",
                    NUMBERS (get_id (chunk->level, chunk->device, chunk->start), chunk->until),
                    error);

  if (put == NULL)
    return FALSE;
  muster_statement_bind_static_blob (put, 3, chunk->directory, chunk->directory_length);
  muster_statement_bind_static_blob (put, 4, chunk->data_length > 0 ? chunk->data : "",
                                     chunk->data_length);
  return muster_statement_run (put, error);
}

gboolean
muster_rollup_file_delete_chunk (MusterSampleFile *file,
                                 MusterRollupLevel level,
                                 guint32           device,
                                 gint64            start,
                                 GError          **error)
{
  return run (file, "DELETE FROM rollup WHERE id = ?1", NUMBERS (get_id (level, device, start)),
              error);
}

/* --- cuts --- */

gboolean
muster_rollup_file_cut (MusterSampleFile *file,
                        guint32           device,
                        guint32           metric,
                        MusterRollupLevel level,
                        gint64            until,
                        GError          **error)
{
  return run (
    file,
    "INSERT INTO rollup_cut VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET until = MAX (until, ?4)",
    NUMBERS (device, metric, level, until), error);
}

gboolean
muster_rollup_file_has_cuts (MusterSampleFile *file, gboolean *has_cuts, GError **error)
{
  gint64 found;

  if (!muster_connection_query_integer (muster_sample_file_get_connection (file),
                                        "SELECT EXISTS (SELECT 1 FROM rollup_cut)", &found, error))
    return FALSE;
  *has_cuts = found != 0;
  return TRUE;
}

gboolean
muster_rollup_file_list_cuts (MusterSampleFile *file, guint32 device, GArray *cuts, GError **error)
{
  g_autoptr (MusterStatement) list =
              find (file, "SELECT metric, level, until FROM rollup_cut WHERE device = ?1",
                    NUMBERS (device), error);
  MusterStep step = MUSTER_STEP_FAILED;

  while (list != NULL && (step = muster_statement_step (list, error)) == MUSTER_STEP_ROW)
    {
      MusterRollupCut cut = { muster_statement_get_integer (list, 0),
                              (MusterRollupLevel)muster_statement_get_integer (list, 1),
                              muster_statement_get_integer (list, 2) };

      g_array_append_val (cuts, cut);
    }
  return step == MUSTER_STEP_DONE;
}

gboolean
muster_rollup_file_forget (MusterSampleFile *file, guint32 device, GError **error)
{
  gint64 first = (gint64)device << (LEVEL_BITS + CHUNK_BITS);

  return run (file, "DELETE FROM rollup WHERE id BETWEEN ?1 AND ?2",
              NUMBERS (first, first + (1 << (LEVEL_BITS + CHUNK_BITS)) - 1), error) &&
         run (file, "DELETE FROM rollup_mark WHERE device = ?1", NUMBERS (device), error) &&
         run (file, "DELETE FROM rollup_cut WHERE device = ?1", NUMBERS (device), error);
}
