/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-connection"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>

#include "muster-connection-private.h"

#define MAX_STATEMENTS 200

static MusterConnection *
muster_connection_alloc (const char *path)
{
  MusterConnection *self = g_new0 (MusterConnection, 1);

  self->path = g_strdup (path);
  self->statements = muster_lru_new (MAX_STATEMENTS, muster_statement_drop);
  return self;
}

void
muster_connection_close (MusterConnection *self)
{
  g_return_if_fail (self != NULL);

  muster_lru_free (self->statements);
  g_clear_pointer (&self->search_kinds, g_hash_table_unref);
  g_clear_pointer (&self->counts, muster_lru_free);
  if (sqlite3_close (self->handle) != SQLITE_OK)
    g_critical ("%s: a statement is still in use", self->path);
  g_free (self->path);
  g_free (self);
}

sqlite3 *
muster_connection_get_handle (MusterConnection *self)
{
  return self->handle;
}

const char *
muster_connection_get_path (MusterConnection *self)
{
  return self->path;
}

gboolean
muster_connection_in_transaction (MusterConnection *self)
{
  return !sqlite3_get_autocommit (self->handle);
}

gboolean
muster_connection_execute (MusterConnection *self, const char *sql, GError **error)
{
  int code;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (sql != NULL, FALSE);

  code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);
  if (code != SQLITE_OK)
    muster_connection_set_error (self, code, error);
  return code == SQLITE_OK;
}

gboolean
muster_connection_query_integer (MusterConnection *self,
                                 const char       *sql,
                                 gint64           *value,
                                 GError          **error)
{
  g_autoptr (MusterStatement) statement = muster_statement_new (self, sql, error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  step = muster_statement_step (statement, error);
  *value = step == MUSTER_STEP_ROW ? muster_statement_get_integer (statement, 0) : 0;
  return step != MUSTER_STEP_FAILED;
}

gboolean
muster_connection_get_size (MusterConnection *self, gint64 *size, GError **error)
{
  gint64 n_pages, page_size;

  if (!muster_connection_query_integer (self, "PRAGMA page_count", &n_pages, error) ||
      !muster_connection_query_integer (self, "PRAGMA page_size", &page_size, error))
    return FALSE;
  *size = n_pages * page_size;
  return TRUE;
}

gboolean
muster_connection_check (MusterConnection *self, gboolean full, GError **error)
{
  g_autoptr (MusterStatement) statement =
              muster_statement_new (self,
                                    full ? "PRAGMA integrity_check (1)" : "PRAGMA quick_check (1)",
                                    error);
  const char *fault = NULL;

  if (statement == NULL)
    return FALSE;
  if (muster_statement_step (statement, error) == MUSTER_STEP_FAILED)
    return FALSE;
  fault = muster_statement_get_text (statement, 0);
  if (g_strcmp0 (fault, "ok") == 0)
    return TRUE;
  muster_connection_set_corrupt (self, fault, error);
  return FALSE;
}

/* The records hold secrets, and SQLite would make the file readable to all. */
static gboolean
muster_connection_create_file (MusterConnection *self, GError **error)
{
  int fd = g_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      int saved = errno;

      g_set_error (error, MUSTER_ERROR,
                   saved == ENOSPC || saved == EDQUOT ? MUSTER_ERROR_STORAGE_FULL
                                                      : MUSTER_ERROR_FAILED,
                   "cannot open the database %s: %s", self->path, g_strerror (saved));
      return FALSE;
    }
  return g_close (fd, error);
}

/* Whether this is one of ours, or empty. */
static gboolean
muster_connection_check_identity (MusterConnection       *self,
                                  const MusterFileFormat *format,
                                  GError                **error)
{
  gint64 application, version, n_tables;

  if (!muster_connection_query_integer (self, "PRAGMA application_id", &application, error) ||
      !muster_connection_query_integer (self, "PRAGMA user_version", &version, error) ||
      !muster_connection_query_integer (self, "SELECT count(*) FROM sqlite_schema", &n_tables,
                                        error))
    return FALSE;
  if (application == 0 && version == 0 && n_tables == 0)
    return TRUE;
  if (application != format->application_id)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "the database %s belongs to another program: choose another data directory",
                   self->path);
      return FALSE;
    }
  if (version > format->newest_version)
    {
      g_set_error (
        error, MUSTER_ERROR, MUSTER_ERROR_SCHEMA_TOO_NEW,
        "the database %s was written by a newer version (schema %d, this version knows %d): install that version or restore an older backup",
        self->path, (int)version, format->newest_version);
      return FALSE;
    }
  return TRUE;
}

/* In KiB, negative. */
#define SMALL_CACHE "-2048"
#define LARGE_CACHE "-131072"

/* The log is long enough that a page which many transactions change is brought home once for them
 * all; after a large import it gives its space back. The caches are small: there are several
 * connections, and behind them the system keeps the file's pages once for all. */
static const char write_setup[] =
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432; PRAGMA cache_size = " SMALL_CACHE
  ";";
static const char common_setup[] =
  "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -1024;";

static gboolean
muster_connection_set_up (MusterConnection       *self,
                          MusterConnectionMode    mode,
                          const MusterFileFormat *format,
                          GError                **error)
{
  sqlite3_extended_result_codes (self->handle, TRUE);
  sqlite3_busy_timeout (self->handle, 5000);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  if (!muster_connection_execute (self, common_setup, error) ||
      !muster_connection_check_identity (self, format, error))
    return FALSE;
  if (mode != MUSTER_CONNECTION_WRITE)
    return TRUE;
  if (format->page_size != 0)
    {
      g_autofree char *page_size = g_strdup_printf ("PRAGMA page_size = %d", format->page_size);

      if (!muster_connection_execute (self, page_size, error))
        return FALSE;
    }
  if (format->shrinks &&
      !muster_connection_execute (self, "PRAGMA auto_vacuum = INCREMENTAL", error))
    return FALSE;
  return muster_connection_execute (self, write_setup, error);
}

MusterConnection *
muster_connection_open (const char             *path,
                        MusterConnectionMode    mode,
                        const MusterFileFormat *format,
                        GError                **error)
{
  g_autoptr (MusterConnection) self = NULL;
  int flags = mode == MUSTER_CONNECTION_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  int code;

  g_return_val_if_fail (path != NULL && format != NULL, NULL);

  self = muster_connection_alloc (path);
  if (mode == MUSTER_CONNECTION_WRITE && !muster_connection_create_file (self, error))
    return NULL;
  /* Each connection stays on its thread, so SQLite need not lock it. */
  code = sqlite3_open_v2 (path, &self->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                          NULL);
  if (code != SQLITE_OK)
    {
      muster_connection_set_error (self, code, error);
      return NULL;
    }
  if (!muster_connection_set_up (self, mode, format, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
muster_connection_set_large (MusterConnection *self, gboolean is_large)
{
  if (self->is_large == is_large)
    return;
  self->is_large = is_large;
  muster_connection_execute (self,
                             is_large ? "PRAGMA cache_size = " LARGE_CACHE
                                      : "PRAGMA cache_size = " SMALL_CACHE,
                             NULL);
  if (!is_large)
    sqlite3_db_release_memory (self->handle);
}

gboolean
muster_connection_is_large (MusterConnection *self)
{
  return self->is_large;
}
