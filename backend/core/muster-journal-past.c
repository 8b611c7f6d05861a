/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-journal-past"

#include "config.h"

#include "muster-database-private.h"
#include "muster-journal-private.h"
#include "muster-query-private.h"

#define MAX_LIMIT 1000

typedef struct
{
  const MusterEntityInfo *info;
  char                   *cursor; /* id of the last record of the page before, "" */
  unsigned                limit;
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_free (self->cursor);
  g_free (self);
}

/* Appends the page, and the id where it ends into LAST when there are more. */
static gboolean
append_page (MusterConnection *connection,
             const Request    *request,
             GString          *json,
             char            **last,
             GError          **error)
{
  g_autofree char *columns = muster_entity_info_list_columns (request->info, FALSE);
  g_autofree char *sql =
    g_strdup_printf ("SELECT %s FROM %s WHERE id > :cursor ORDER BY id LIMIT :limit", columns,
                     request->info->table);
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, sql, error);
  g_autofree char *id = NULL;
  unsigned         n_rows = 0;
  MusterStep       step;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":cursor", request->cursor);
  muster_statement_bind_integer (statement, ":limit", (gint64)request->limit + 1);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      if (n_rows == request->limit)
        {
          *last = g_steal_pointer (&id);
          return TRUE;
        }
      if (n_rows++ > 0)
        g_string_append_c (json, ',');
      muster_statement_encode_row (statement, request->info, json);
      g_set_str (&id, muster_statement_get_text (statement, MUSTER_ENTITY_FIELD_ID));
    }
  return step == MUSTER_STEP_DONE;
}

static gboolean
past_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (GString) json = g_string_new ("{\"items\":[");
  g_autofree char *last = NULL;
  gint64           sequence;

  if (!append_page (transaction->connection, data, json, &last, error) ||
      !muster_connection_query_integer (transaction->connection,
                                        "SELECT sequence FROM temp.past_moment", &sequence, error))
    return FALSE;
  g_string_append_printf (json, "],\"sequence\":%" G_GINT64_FORMAT ",\"next\":", sequence);
  if (last != NULL)
    muster_json_append_string (json, last, -1);
  else
    g_string_append (json, "null");
  g_string_append_c (json, '}');
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (g_steal_pointer (&json)));
  return TRUE;
}

static DexFuture *
refuse_entity (const char *entity, gboolean is_known)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GError) error = NULL;

  if (is_known)
    muster_field_errors_add (errors, "entity", "changes of “%s” are not written down", entity);
  else
    muster_field_errors_add (errors, "entity", "there are no records called “%s”", entity);
  muster_field_errors_check (errors, &error);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
muster_journal_list_as_of (MusterDatabase *database,
                           const char     *entity,
                           gint64          at,
                           const char     *cursor,
                           unsigned        limit)
{
  const MusterEntityInfo *info;
  Request                *request = NULL;

  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));

  info = muster_database_find_entity (database, entity);
  if (info == NULL)
    return refuse_entity (entity, FALSE);
  if ((info->flags & MUSTER_ENTITY_UNJOURNALLED) != 0)
    return refuse_entity (entity, TRUE);
  request = g_new0 (Request, 1);
  request->info = info;
  request->cursor = g_strdup (cursor != NULL ? cursor : "");
  request->limit = CLAMP (limit, 1, MAX_LIMIT);
  return muster_database_read_as_of (database, MAX (at, 1), past_job, request, request_free);
}
