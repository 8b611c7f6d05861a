/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-search-queue"

#include "config.h"

#include "muster-connection-private.h"
#include "muster-search-queue.h"

/* What is to be done for one kind of record, in this order. */
typedef struct
{
  char *forget;
  char *learn;
  char *clear;
} Kind;

static void
kind_free (gpointer data)
{
  Kind *self = data;

  g_free (self->forget);
  g_free (self->learn);
  g_free (self->clear);
  g_free (self);
}

/* The index itself says which columns it has. One whose content is kept elsewhere must be told the
 * old texts, letter by letter. */
static Kind *
kind_new (MusterConnection *connection, const char *table, GError **error)
{
  g_autoptr (MusterStatement) columns = muster_statement_new (
    connection, "SELECT name FROM pragma_table_info (:table || '_search') ORDER BY cid", error);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) olds = g_string_new (NULL);
  g_autoptr (GString) news = g_string_new (NULL);
  Kind      *self = NULL;
  MusterStep step;

  if (columns == NULL)
    return NULL;
  muster_statement_bind_text (columns, ":table", table);
  for (int i = 0; (step = muster_statement_step (columns, error)) == MUSTER_STEP_ROW; i++)
    {
      const char *name = muster_statement_get_text (columns, 0);

      g_string_append_printf (names, ", %s", name);
      g_string_append_printf (olds, ", was ->> %d", i);
      g_string_append_printf (news, ", record.%s", name);
    }
  if (step == MUSTER_STEP_FAILED)
    return NULL;
  self = g_new0 (Kind, 1);
  self->forget = g_strdup_printf (
    "INSERT INTO %s_search (%s_search, rowid%s) SELECT 'delete', row%s FROM search_queue WHERE kind = '%s' AND was IS NOT NULL",
    table, table, names->str, olds->str, table);
  self->learn = g_strdup_printf (
    "INSERT INTO %s_search (rowid%s) SELECT record.row%s FROM search_queue AS queue JOIN %s AS record ON record.row = queue.row WHERE queue.kind = '%s'",
    table, names->str, news->str, table, table);
  self->clear = g_strdup_printf ("DELETE FROM search_queue WHERE kind = '%s'", table);
  return self;
}

static Kind *
find_kind (MusterConnection *connection, const char *table, GError **error)
{
  Kind *kind = NULL;

  if (connection->search_kinds == NULL)
    connection->search_kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, kind_free);
  kind = g_hash_table_lookup (connection->search_kinds, table);
  if (kind != NULL)
    return kind;
  kind = kind_new (connection, table, error);
  if (kind != NULL)
    g_hash_table_insert (connection->search_kinds, g_strdup (table), kind);
  return kind;
}

/* The kind of a row that waits; NULL without ERROR when none does. */
static char *
next_table (MusterConnection *connection, GError **error)
{
  g_autoptr (MusterStatement) next =
              muster_statement_new (connection, "SELECT kind FROM search_queue LIMIT 1", error);

  if (next == NULL || muster_statement_step (next, error) != MUSTER_STEP_ROW)
    return NULL;
  return g_strdup (muster_statement_get_text (next, 0));
}

gboolean
muster_search_queue_drain (MusterConnection *connection, GError **error)
{
  GError *cause = NULL;

  for (;;)
    {
      g_autofree char *table = next_table (connection, &cause);
      Kind            *kind = table != NULL ? find_kind (connection, table, &cause) : NULL;

      if (table == NULL && cause == NULL)
        return TRUE;
      if (kind == NULL || !muster_connection_run (connection, kind->forget, &cause) ||
          !muster_connection_run (connection, kind->learn, &cause) ||
          !muster_connection_run (connection, kind->clear, &cause))
        {
          g_propagate_error (error, cause);
          return FALSE;
        }
    }
}

static gboolean
muster_search_queue_await (MusterConnection *connection, GError **error)
{
  g_autofree char *table = NULL;
  GError          *cause = NULL;

  table = next_table (connection, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, cause);
      return FALSE;
    }
  if (table != NULL && connection->await_search != NULL)
    connection->await_search (connection, connection->await_search_data);
  return TRUE;
}

gboolean
muster_search_queue_settle (MusterConnection *connection, GError **error)
{
  g_return_val_if_fail (connection != NULL, FALSE);

  return sqlite3_db_readonly (connection->handle, "main") == 1
           ? muster_search_queue_await (connection, error)
           : muster_search_queue_drain (connection, error);
}
