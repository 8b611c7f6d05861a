/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-journal"

#include "config.h"

#include <glib/gstdio.h>

#include "muster-sample-journal.h"

#define SCHEMA_VERSION 1
/* The sequence goes on though the table was emptied: AUTOINCREMENT. */
static const char schema[] =
  "CREATE TABLE owner (store_id INTEGER NOT NULL) STRICT;"
  "CREATE TABLE entry (sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, data BLOB NOT NULL) STRICT;"
  "PRAGMA application_id = 0x4d75736a; PRAGMA user_version = 1;";

/* "Musj" */
static const MusterFileFormat format = { .application_id = 0x4d75736a,
                                         .newest_version = SCHEMA_VERSION,
                                         .shrinks = TRUE };

struct _MusterSampleJournal
{
  MusterConnection *connection;
  gint64            size;
  gint64            pending; /* of the transaction under way */
};

void
muster_sample_journal_close (MusterSampleJournal *self)
{
  if (self == NULL)
    return;
  if (self->connection != NULL)
    muster_connection_execute (self->connection, "PRAGMA incremental_vacuum", NULL);
  g_clear_pointer (&self->connection, muster_connection_close);
  g_free (self);
}

static gboolean
make_schema (MusterSampleJournal *self, gint64 store_id, GError **error)
{
  g_autofree char *owner =
    g_strdup_printf ("INSERT INTO owner VALUES (%" G_GINT64_FORMAT ")", store_id);

  if (muster_connection_execute (self->connection, "BEGIN IMMEDIATE", error) &&
      muster_connection_execute (self->connection, schema, error) &&
      muster_connection_execute (self->connection, owner, error) &&
      muster_connection_execute (self->connection, "COMMIT", error))
    return TRUE;
  muster_sample_journal_rollback (self);
  return FALSE;
}

static MusterSampleJournal *
open_file (const char *path, gint64 store_id, gint64 *owner, GError **error)
{
  g_autoptr (MusterSampleJournal) self = g_new0 (MusterSampleJournal, 1);
  gint64 version;

  self->connection = muster_connection_open (path, MUSTER_CONNECTION_WRITE, &format, error);
  if (self->connection == NULL ||
      !muster_connection_query_integer (self->connection, "PRAGMA user_version", &version, error) ||
      (version < SCHEMA_VERSION && !make_schema (self, store_id, error)) ||
      !muster_connection_query_integer (self->connection, "SELECT store_id FROM owner", owner,
                                        error) ||
      !muster_connection_query_integer (self->connection,
                                        "SELECT IFNULL (SUM (LENGTH (data)), 0) FROM entry",
                                        &self->size, error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
set_aside (const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  for (unsigned i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *from = g_strconcat (path, suffixes[i], NULL);
      g_autofree char *to = g_strconcat (path, ".other", suffixes[i], NULL);

      g_rename (from, to);
    }
}

MusterSampleJournal *
muster_sample_journal_open (const char *path, gint64 store_id, GError **error)
{
  g_autoptr (MusterSampleJournal) self = NULL;
  gint64 owner;

  g_return_val_if_fail (path != NULL, NULL);

  self = open_file (path, store_id, &owner, error);
  if (self == NULL || owner == store_id)
    return g_steal_pointer (&self);
  g_warning ("%s belongs to other samples than those beside it: it is set aside", path);
  g_clear_pointer (&self, muster_sample_journal_close);
  set_aside (path);
  return open_file (path, store_id, &owner, error);
}

gboolean
muster_sample_journal_replay (MusterSampleJournal  *self,
                              MusterSampleEntryFunc func,
                              gpointer              user_data,
                              GError              **error)
{
  g_autoptr (MusterStatement) statement =
              muster_statement_new (self->connection,
                                    "SELECT sequence, kind, data FROM entry ORDER BY sequence",
                                    error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      g_autoptr (GBytes) data = muster_statement_get_blob (statement, 2);
      gsize         length;
      gconstpointer bytes = g_bytes_get_data (data, &length);

      if (!func (muster_statement_get_integer (statement, 0),
                 (MusterSampleEntryKind)muster_statement_get_integer (statement, 1), bytes, length,
                 user_data, error))
        return FALSE;
    }
  return step == MUSTER_STEP_DONE;
}

gboolean
muster_sample_journal_begin (MusterSampleJournal *self, GError **error)
{
  self->pending = 0;
  return muster_connection_run (self->connection, "BEGIN IMMEDIATE", error);
}

gboolean
muster_sample_journal_append (MusterSampleJournal  *self,
                              MusterSampleEntryKind kind,
                              gconstpointer         data,
                              gsize                 length,
                              gint64               *sequence,
                              GError              **error)
{
  g_autoptr (MusterStatement) insert =
              muster_statement_new (self->connection,
                                    "INSERT INTO entry (kind, data) VALUES (?1, ?2)", error);

  if (insert == NULL)
    return FALSE;
  muster_statement_bind_integer_at (insert, 1, kind);
  muster_statement_bind_static_blob (insert, 2, data, length);
  if (!muster_statement_run (insert, error))
    return FALSE;
  self->pending += length;
  *sequence = sqlite3_last_insert_rowid (muster_connection_get_handle (self->connection));
  return TRUE;
}

gboolean
muster_sample_journal_commit (MusterSampleJournal *self, GError **error)
{
  if (muster_connection_run (self->connection, "COMMIT", error))
    {
      self->size += self->pending;
      return TRUE;
    }
  muster_sample_journal_rollback (self);
  return FALSE;
}

void
muster_sample_journal_rollback (MusterSampleJournal *self)
{
  if (muster_connection_in_transaction (self->connection))
    muster_connection_execute (self->connection, "ROLLBACK", NULL);
}

gboolean
muster_sample_journal_trim (MusterSampleJournal *self, gint64 sequence, GError **error)
{
  g_autofree char *sum = g_strdup_printf (
    "SELECT IFNULL (SUM (LENGTH (data)), 0) FROM entry WHERE sequence < %" G_GINT64_FORMAT,
    sequence);
  g_autofree char *delete =
    g_strdup_printf ("DELETE FROM entry WHERE sequence < %" G_GINT64_FORMAT, sequence);
  gint64 size;

  if (!muster_connection_query_integer (self->connection, sum, &size, error) ||
      !muster_connection_execute (self->connection, delete, error))
    return FALSE;
  self->size -= size;
  return TRUE;
}

gint64
muster_sample_journal_get_size (MusterSampleJournal *self)
{
  return self->size;
}
