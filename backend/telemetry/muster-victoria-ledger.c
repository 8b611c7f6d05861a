/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria"

#include "config.h"

#include "core/muster-backup.h"
#include "model/muster-error.h"
#include "muster-latest-cache.h"
#include "muster-sample-chunk.h"
#include "muster-victoria-ledger.h"

#define SCHEMA_VERSION 1
static const char schema[] =
  "CREATE TABLE device (id TEXT NOT NULL PRIMARY KEY, life INTEGER NOT NULL, samples INTEGER NOT NULL, latest BLOB) STRICT;"
  "CREATE TABLE gone (device_id TEXT NOT NULL, life INTEGER NOT NULL, PRIMARY KEY (device_id, life)) STRICT;"
  "CREATE TABLE text (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;"
  "PRAGMA application_id = 0x4d757376; PRAGMA user_version = 1;";

/* "Musv" */
static const MusterFileFormat format = { .application_id = 0x4d757376,
                                         .newest_version = SCHEMA_VERSION };

/* Texts that are kept in memory with their numbers. */
#define MOST_TEXTS 10000

struct _MusterVictoriaLedger
{
  GMutex             lock;
  MusterConnection  *connection;
  GHashTable        *lives;  /* (element-type utf8 gint64): those that are not 0 */
  GHashTable        *counts; /* (element-type utf8 gint64): samples of each device */
  MusterLatestCache *latest;
  GHashTable        *codes; /* (element-type GRefString gint64) */
  GHashTable        *texts; /* (element-type gint64 GRefString) */
};

static void
put_number (GHashTable *table, const char *key, gint64 number)
{
  g_hash_table_insert (table, g_strdup (key), g_memdup2 (&number, sizeof number));
}

static gint64
get_number (GHashTable *table, const char *key)
{
  const gint64 *number = g_hash_table_lookup (table, key);

  return number != NULL ? *number : 0;
}

static gboolean
make_schema (MusterVictoriaLedger *self, GError **error)
{
  if (muster_connection_execute (self->connection, "BEGIN IMMEDIATE", error) &&
      muster_connection_execute (self->connection, schema, error) &&
      muster_connection_execute (self->connection, "COMMIT", error))
    return TRUE;
  if (muster_connection_in_transaction (self->connection))
    muster_connection_execute (self->connection, "ROLLBACK", NULL);
  return FALSE;
}

static void
load_latest (MusterVictoriaLedger *self, GBytes *blob)
{
  gsize         length;
  gconstpointer bytes = g_bytes_get_data (blob, &length);
  g_autoptr (MusterSampleChunk) chunk = NULL;
  g_autoptr (GPtrArray) batches = NULL;

  if (length == 0)
    return;
  chunk = muster_sample_chunk_unpack (bytes, length, NULL);
  if (chunk == NULL)
    return;
  batches = muster_sample_chunk_list_batches (chunk, G_MININT64);
  for (guint i = 0; i < batches->len; i++)
    muster_latest_cache_add (self->latest, batches->pdata[i]);
}

static gboolean
load (MusterVictoriaLedger *self, GError **error)
{
  g_autoptr (MusterStatement) statement =
              muster_statement_new (self->connection,
                                    "SELECT id, life, samples, latest FROM device", error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      const char *id = muster_statement_get_text (statement, 0);
      g_autoptr (GBytes) blob = muster_statement_get_blob (statement, 3);

      put_number (self->lives, id, muster_statement_get_integer (statement, 1));
      put_number (self->counts, id, muster_statement_get_integer (statement, 2));
      load_latest (self, blob);
    }
  return step == MUSTER_STEP_DONE;
}

MusterVictoriaLedger *
muster_victoria_ledger_open (const char *path, GError **error)
{
  g_autoptr (MusterVictoriaLedger) self = g_new0 (MusterVictoriaLedger, 1);
  gint64 version;

  g_return_val_if_fail (path != NULL, NULL);

  g_mutex_init (&self->lock);
  self->lives = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->latest = muster_latest_cache_new ();
  self->codes =
    g_hash_table_new_full (g_str_hash, g_str_equal, (GDestroyNotify)g_ref_string_release, g_free);
  self->texts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify)g_ref_string_release);
  self->connection = muster_connection_open (path, MUSTER_CONNECTION_WRITE, &format, error);
  if (self->connection == NULL ||
      !muster_connection_query_integer (self->connection, "PRAGMA user_version", &version, error) ||
      (version < SCHEMA_VERSION && !make_schema (self, error)) || !load (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
muster_victoria_ledger_close (MusterVictoriaLedger *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->connection, muster_connection_close);
  g_hash_table_unref (self->texts);
  g_hash_table_unref (self->codes);
  muster_latest_cache_free (self->latest);
  g_hash_table_unref (self->counts);
  g_hash_table_unref (self->lives);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* --- transactions --- */

static gboolean
begin (MusterVictoriaLedger *self, GError **error)
{
  return muster_connection_run (self->connection, "BEGIN IMMEDIATE", error);
}

static gboolean
end (MusterVictoriaLedger *self, gboolean is_good, GError **error)
{
  is_good = is_good && muster_connection_run (self->connection, "COMMIT", error);
  if (!is_good && muster_connection_in_transaction (self->connection))
    muster_connection_execute (self->connection, "ROLLBACK", NULL);
  return is_good;
}

static gboolean
put_device (MusterVictoriaLedger *self,
            const char           *id,
            gint64                life,
            gint64                samples,
            GBytes               *latest,
            GError              **error)
{
  g_autoptr (MusterStatement) statement = muster_statement_new (
    self->connection,
    "INSERT INTO device (id, life, samples, latest) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO "
    "UPDATE SET life = ?2, samples = ?3, latest = ?4",
    error);
  gsize         length = 0;
  gconstpointer data = latest != NULL ? g_bytes_get_data (latest, &length) : "";

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_static_text (statement, 1, id);
  muster_statement_bind_integer_at (statement, 2, life);
  muster_statement_bind_integer_at (statement, 3, samples);
  muster_statement_bind_static_blob (statement, 4, data, length);
  return muster_statement_run (statement, error);
}

/* --- lives --- */

gint64
muster_victoria_ledger_get_life (MusterVictoriaLedger *self, const char *device_id)
{
  gint64 life;

  g_mutex_lock (&self->lock);
  life = get_number (self->lives, device_id);
  g_mutex_unlock (&self->lock);
  return life;
}

static gboolean
run_gone (MusterVictoriaLedger *self,
          const char           *sql,
          const char           *device_id,
          gint64                life,
          GError              **error)
{
  g_autoptr (MusterStatement) statement = muster_statement_new (self->connection, sql, error);

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_static_text (statement, 1, device_id);
  muster_statement_bind_integer_at (statement, 2, life);
  return muster_statement_run (statement, error);
}

gboolean
muster_victoria_ledger_forget (MusterVictoriaLedger *self, const char *device_id, GError **error)
{
  gint64   life;
  gboolean is_good;

  g_mutex_lock (&self->lock);
  life = get_number (self->lives, device_id);
  is_good =
    begin (self, error) &&
    end (self,
         run_gone (self, "INSERT OR IGNORE INTO gone VALUES (?1, ?2)", device_id, life, error) &&
           put_device (self, device_id, life + 1, 0, NULL, error),
         error);
  if (is_good)
    {
      put_number (self->lives, device_id, life + 1);
      put_number (self->counts, device_id, 0);
      muster_latest_cache_forget (self->latest, device_id);
    }
  g_mutex_unlock (&self->lock);
  return is_good;
}

static void
gone_free (gpointer data)
{
  g_free (((MusterVictoriaGone *)data)->device_id);
  g_free (data);
}

GPtrArray *
muster_victoria_ledger_list_gone (MusterVictoriaLedger *self, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (gone_free);
  MusterStatement *statement;
  MusterStep       step = MUSTER_STEP_FAILED;

  g_mutex_lock (&self->lock);
  statement = muster_statement_new (self->connection, "SELECT device_id, life FROM gone", error);
  while (statement != NULL && (step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      MusterVictoriaGone *gone = g_new (MusterVictoriaGone, 1);

      gone->device_id = g_strdup (muster_statement_get_text (statement, 0));
      gone->life = muster_statement_get_integer (statement, 1);
      g_ptr_array_add (list, gone);
    }
  if (statement != NULL)
    muster_statement_release (statement);
  g_mutex_unlock (&self->lock);
  return step == MUSTER_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

gboolean
muster_victoria_ledger_drop_gone (MusterVictoriaLedger     *self,
                                  const MusterVictoriaGone *gone,
                                  GError                  **error)
{
  gboolean is_good;

  g_mutex_lock (&self->lock);
  is_good = run_gone (self, "DELETE FROM gone WHERE device_id = ?1 AND life = ?2", gone->device_id,
                      gone->life, error);
  g_mutex_unlock (&self->lock);
  return is_good;
}

/* --- the newest --- */

static GBytes *
pack_latest (MusterVictoriaLedger *self, const char *device_id)
{
  const char *const ids[] = { device_id, NULL };
  g_autoptr (GPtrArray) batches = muster_latest_cache_list (self->latest, ids);
  g_autoptr (MusterSampleChunk) chunk = muster_sample_chunk_new ();

  for (guint i = 0; i < batches->len; i++)
    muster_sample_chunk_add_batch (chunk, batches->pdata[i]);
  return muster_sample_chunk_pack (chunk);
}

static gboolean
put_devices (MusterVictoriaLedger *self, GHashTable *n_new, GError **error)
{
  GHashTableIter iter;
  gpointer       id, value;

  g_hash_table_iter_init (&iter, n_new);
  while (g_hash_table_iter_next (&iter, &id, &value))
    {
      const MusterVictoriaNew *some = value;
      g_autoptr (GBytes) latest = NULL;

      if (some->life != get_number (self->lives, id))
        continue; /* forgotten meanwhile */
      latest = pack_latest (self, id);
      put_number (self->counts, id, get_number (self->counts, id) + some->n);
      if (!put_device (self, id, get_number (self->lives, id), get_number (self->counts, id),
                       latest, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
muster_victoria_ledger_confirm (MusterVictoriaLedger *self,
                                GPtrArray            *latest,
                                GHashTable           *n_new,
                                GError              **error)
{
  gboolean is_good;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < latest->len; i++)
    muster_latest_cache_add (self->latest, latest->pdata[i]);
  is_good = begin (self, error) && end (self, put_devices (self, n_new, error), error);
  g_mutex_unlock (&self->lock);
  return is_good;
}

GPtrArray *
muster_victoria_ledger_list_latest (MusterVictoriaLedger *self, const char *const *device_ids)
{
  GPtrArray *batches;

  g_mutex_lock (&self->lock);
  batches = muster_latest_cache_list (self->latest, device_ids);
  g_mutex_unlock (&self->lock);
  return batches;
}

gint64
muster_victoria_ledger_count_samples (MusterVictoriaLedger *self)
{
  GHashTableIter iter;
  gpointer       n;
  gint64         sum = 0;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, NULL, &n))
    sum += *(gint64 *)n;
  g_mutex_unlock (&self->lock);
  return sum;
}

/* --- texts --- */

static void
note_text (MusterVictoriaLedger *self, gint64 code, const char *text)
{
  if (g_hash_table_size (self->codes) >= MOST_TEXTS)
    {
      g_hash_table_remove_all (self->codes);
      g_hash_table_remove_all (self->texts);
    }
  g_hash_table_insert (self->codes, g_ref_string_new (text), g_memdup2 (&code, sizeof code));
  g_hash_table_insert (self->texts, g_memdup2 (&code, sizeof code), g_ref_string_new (text));
}

/* A number that follows from the text alone, so that a ledger out of a backup goes on giving the
 * same ones; as great as a double holds. NTH: of the numbers that it may get when others have it.
 */
static gint64
make_code (const char *text, unsigned nth)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize  length = sizeof digest;
  gint64 code = 0;

  g_checksum_update (checksum, (const guchar *)text, -1);
  g_checksum_get_digest (checksum, digest, &length);
  for (unsigned i = 0; i < 6; i++)
    code = code << 8 | digest[i];
  return code + nth + 1;
}

/* (transfer full) (nullable): NULL without ERROR where no text has that number. */
static GRefString *
look_up (MusterVictoriaLedger *self, gint64 code, GError **error)
{
  g_autoptr (MusterStatement) select =
              muster_statement_new (self->connection, "SELECT text FROM text WHERE code = ?1",
                                    error);

  if (select == NULL)
    return NULL;
  muster_statement_bind_integer_at (select, 1, code);
  if (muster_statement_step (select, error) != MUSTER_STEP_ROW)
    return NULL;
  return g_ref_string_new (muster_statement_get_text (select, 0));
}

static gboolean
put_text (MusterVictoriaLedger *self, gint64 code, const char *text, GError **error)
{
  g_autoptr (MusterStatement) insert =
              muster_statement_new (self->connection,
                                    "INSERT INTO text (code, text) VALUES (?1, ?2)", error);

  if (insert == NULL)
    return FALSE;
  muster_statement_bind_integer_at (insert, 1, code);
  muster_statement_bind_static_text (insert, 2, text);
  return muster_statement_run (insert, error);
}

static gboolean
find_code (MusterVictoriaLedger *self, const char *text, gint64 *code, GError **error)
{
  for (unsigned nth = 0;; nth++)
    {
      g_autoptr (GRefString) known = NULL;
      g_autoptr (GError) cause = NULL;

      *code = make_code (text, nth);
      known = look_up (self, *code, &cause);
      if (cause != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      if (known != NULL && !g_str_equal (known, text))
        continue;
      if (known == NULL && !put_text (self, *code, text, error))
        return FALSE;
      note_text (self, *code, text);
      return TRUE;
    }
}

gboolean
muster_victoria_ledger_get_code (MusterVictoriaLedger *self,
                                 const char           *text,
                                 gint64               *code,
                                 GError              **error)
{
  const gint64 *known;
  gboolean      is_good = TRUE;

  g_mutex_lock (&self->lock);
  known = g_hash_table_lookup (self->codes, text);
  if (known != NULL)
    *code = *known;
  else
    is_good = find_code (self, text, code, error);
  g_mutex_unlock (&self->lock);
  return is_good;
}

/* (transfer full) (nullable) */
static GRefString *
find_text (MusterVictoriaLedger *self, gint64 code, GError **error)
{
  g_autoptr (GError) cause = NULL;
  GRefString *text = look_up (self, code, &cause);

  if (text != NULL)
    note_text (self, code, text);
  else if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT,
                 "a sample in VictoriaMetrics is of text number %" G_GINT64_FORMAT
                 ", which %s does not know: restore that file from a backup",
                 code, muster_connection_get_path (self->connection));
  return text;
}

GRefString *
muster_victoria_ledger_get_text (MusterVictoriaLedger *self, gint64 code, GError **error)
{
  GRefString *text;

  g_mutex_lock (&self->lock);
  text = g_hash_table_lookup (self->texts, &code);
  text = text != NULL ? g_ref_string_acquire (text) : find_text (self, code, error);
  g_mutex_unlock (&self->lock);
  return text;
}

gboolean
muster_victoria_ledger_backup (MusterVictoriaLedger *self,
                               const char           *path,
                               GCancellable         *cancellable,
                               GError              **error)
{
  return muster_backup_run (muster_connection_get_path (self->connection), path, &format,
                            cancellable, error);
}
