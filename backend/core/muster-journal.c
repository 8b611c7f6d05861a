/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-journal"

#include "config.h"

#include "muster-database-private.h"
#include "muster-journal-private.h"
#include "muster-undo-private.h"

#define MAX_LIMIT 1000

typedef struct
{
  char    *entity;    /* (nullable) */
  char    *entity_id; /* (nullable) */
  char    *operation; /* (nullable) */
  gint64   before;
  gint64   after;
  unsigned limit;
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_free (self->entity);
  g_free (self->entity_id);
  g_free (self->operation);
  g_free (self);
}

static Request *
request_new (const char *entity, const char *entity_id, gint64 before, gint64 after, unsigned limit)
{
  Request *self = g_new0 (Request, 1);

  self->entity = g_strdup (entity);
  self->entity_id = g_strdup (entity_id);
  self->before = before;
  self->after = after;
  self->limit = CLAMP (limit, 1, MAX_LIMIT);
  return self;
}

static gboolean
request_is_ascending (const Request *self)
{
  return self->after >= 0;
}

static MusterStatement *
request_prepare (const Request *self, MusterConnection *connection, GError **error)
{
  g_autoptr (GString) sql = g_string_new (muster_journal_select);
  MusterStatement *statement = NULL;
  const char      *separator = "WHERE";

  if (request_is_ascending (self))
    g_string_append (sql, "WHERE sequence > :after");
  else if (self->before > 0)
    g_string_append (sql, "WHERE sequence < :before");
  if (request_is_ascending (self) || self->before > 0)
    separator = " AND";
  if (self->entity != NULL)
    {
      g_string_append_printf (sql, "%s entity = :entity", separator);
      separator = " AND";
    }
  if (self->entity_id != NULL)
    {
      g_string_append_printf (sql, "%s entity_id = :entity_id", separator);
      separator = " AND";
    }
  if (self->operation != NULL)
    g_string_append_printf (sql, "%s operation = :operation", separator);
  g_string_append_printf (sql, " ORDER BY sequence %s LIMIT :limit",
                          request_is_ascending (self) ? "ASC" : "DESC");
  statement = muster_statement_new (connection, sql->str, error);
  if (statement == NULL)
    return NULL;
  if (request_is_ascending (self))
    muster_statement_bind_integer (statement, ":after", self->after);
  else if (self->before > 0)
    muster_statement_bind_integer (statement, ":before", self->before);
  if (self->entity != NULL)
    muster_statement_bind_text (statement, ":entity", self->entity);
  if (self->entity_id != NULL)
    muster_statement_bind_text (statement, ":entity_id", self->entity_id);
  if (self->operation != NULL)
    muster_statement_bind_text (statement, ":operation", self->operation);
  muster_statement_bind_integer (statement, ":limit", self->limit + 1);
  return statement;
}

/* One entry more than asked for, if there is one, tells that there are more. */
static GPtrArray *
request_run (const Request *self, MusterConnection *connection, GError **error)
{
  g_autoptr (MusterStatement) statement = request_prepare (self, connection, error);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_object_unref);
  MusterStep step;

  if (statement == NULL)
    return NULL;
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      MusterJournalEntry *entry = muster_journal_entry_new_from_row (statement);
      gint64              undoing;

      g_ptr_array_add (entries, entry);
      if (!muster_journal_find_undoing (connection, muster_journal_entry_get_sequence (entry),
                                        &undoing, error))
        return NULL;
      muster_journal_entry_set_undone_by (entry, undoing);
    }
  return step == MUSTER_STEP_DONE ? g_steal_pointer (&entries) : NULL;
}

/* Whether each of ENTRIES, the first N, can be undone: once for all that share an operation. */
static gboolean
judge (MusterTransaction *transaction, GPtrArray *entries, guint n, GError **error)
{
  g_autoptr (GHashTable) reasons = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (guint i = 0; i < n; i++)
    {
      MusterJournalEntry *entry = entries->pdata[i];
      const char         *operation = muster_journal_entry_get_operation (entry);
      gpointer            reason = NULL;

      if (!g_hash_table_lookup_extended (reasons, operation, NULL, &reason))
        {
          if (!muster_undo_judge (transaction, muster_journal_entry_get_sequence (entry), FALSE,
                                  (char **)&reason, error))
            return FALSE;
          g_hash_table_insert (reasons, (gpointer)operation, reason);
        }
      muster_journal_entry_set_verdict (entry, reason);
    }
  return TRUE;
}

static gboolean
list_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const Request *request = data;
  g_autoptr (GPtrArray) entries = request_run (request, transaction->connection, error);
  GString *json = NULL;
  guint    n_shown;

  if (entries == NULL)
    return FALSE;
  n_shown = MIN (entries->len, request->limit);
  if (!judge (transaction, entries, n_shown, error))
    return FALSE;
  json = g_string_new ("{\"items\":[");
  for (guint i = 0; i < n_shown; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      muster_journal_entry_encode (entries->pdata[i], json);
    }
  if (entries->len > n_shown)
    g_string_append_printf (json, "],\"next\":%" G_GINT64_FORMAT "}",
                            muster_journal_entry_get_sequence (entries->pdata[n_shown - 1]));
  else
    g_string_append (json, "],\"next\":null}");
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (json));
  return TRUE;
}

DexFuture *
muster_journal_list_json (MusterDatabase *database,
                          const char     *entity,
                          const char     *entity_id,
                          const char     *operation,
                          gint64          before,
                          gint64          after,
                          unsigned        limit,
                          gint64          as_of)
{
  Request *request = NULL;

  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));

  request = request_new (entity, entity_id, before, after, limit);
  request->operation = g_strdup (operation);
  return muster_database_read_as_of (database, as_of, list_job, request, request_free);
}

static gboolean
replay_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const Request *request = data;
  g_autoptr (GPtrArray) entries = request_run (request, transaction->connection, error);

  if (entries == NULL)
    return FALSE;
  if (entries->len > request->limit)
    g_ptr_array_set_size (entries, request->limit);
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&entries));
  return TRUE;
}

DexFuture *
muster_journal_replay (MusterDatabase *database, gint64 after, unsigned limit)
{
  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));

  return muster_database_read (database, replay_job,
                               request_new (NULL, NULL, 0, MAX (after, 0), limit), request_free);
}

#define PAGE 500

gboolean
muster_journal_page_run (MusterTransaction *transaction,
                         gpointer           data,
                         GValue            *result,
                         GError           **error)
{
  const gint64    *first = data;
  g_autofree char *sql =
    g_strconcat (muster_journal_select, "WHERE sequence >= :first ORDER BY sequence LIMIT :limit",
                 NULL);
  g_autoptr (MusterStatement) statement = muster_statement_new (transaction->connection, sql, error);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_object_unref);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":first", *first);
  muster_statement_bind_integer (statement, ":limit", PAGE);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    g_ptr_array_add (entries, muster_journal_entry_new_from_row (statement));
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&entries));
  return step == MUSTER_STEP_DONE;
}

static gboolean
undo_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const gint64 *sequence = data;

  if (!muster_transaction_undo (transaction, *sequence, error))
    return FALSE;
  if (muster_transaction_count_entries (transaction) == 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                           "there is nothing left to undo");
      return FALSE;
    }
  g_value_init (result, G_TYPE_INT64);
  g_value_set_int64 (result, muster_transaction_get_first_sequence (transaction));
  return TRUE;
}

DexFuture *
muster_journal_undo (MusterDatabase *database, MusterActor *actor, gint64 sequence)
{
  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));
  dex_return_error_if_fail (actor != NULL);

  return muster_database_write_large (database, actor, NULL, undo_job,
                                      g_memdup2 (&sequence, sizeof sequence), g_free);
}
