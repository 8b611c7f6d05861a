/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-journal-past"

#include "config.h"

#include "muster-database-private.h"
#include "muster-journal-private.h"

#define MAX_LIMIT 1000

/* Records as they were are the records as they are, with every later change taken back, the newest
 * first. What has not changed since costs one look into an index. */

typedef struct
{
  const MusterEntityInfo *info;
  gint64                  at;
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

/* One integer of SQL, whose only parameter is VALUE; 0 without a row. */
static gboolean
query_integer (MusterConnection *connection,
               const char       *sql,
               gint64            value,
               gint64           *result,
               GError          **error)
{
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, sql, error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":value", value);
  step = muster_statement_step (statement, error);
  *result = step == MUSTER_STEP_ROW ? muster_statement_get_integer (statement, 0) : 0;
  return step != MUSTER_STEP_FAILED;
}

/* The last entry that was written at AT or before, 0 where there is none. Entries are in order of
 * time, for which there is no index of its own: bisected. */
static gboolean
find_sequence (MusterConnection *connection, gint64 at, gint64 *sequence, GError **error)
{
  gint64 low = 0, high, time;

  if (!query_integer (connection, "SELECT max(sequence) + :value FROM journal", 0, &high, error))
    return FALSE;
  while (low < high)
    {
      gint64 middle = low + (high - low + 1) / 2;

      if (!query_integer (
            connection, "SELECT at FROM journal WHERE sequence >= :value ORDER BY sequence LIMIT 1",
            middle, &time, error))
        return FALSE;
      if (time <= at)
        low = middle;
      else
        high = middle - 1;
    }
  *sequence = low;
  return TRUE;
}

/* Ids of all records of the page and one more: those that are there, and those that were deleted
 * since. */
static GPtrArray *
list_ids (MusterConnection *connection, const Request *request, gint64 since, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
    "SELECT id FROM (SELECT id FROM %s WHERE id > :cursor UNION SELECT entity_id FROM journal "
    "WHERE entity = :entity AND sequence > :since AND action = 'delete' AND entity_id > :cursor) "
    "ORDER BY id LIMIT :limit",
    request->info->table);
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, sql, error);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  MusterStep step;

  if (statement == NULL)
    return NULL;
  muster_statement_bind_text (statement, ":cursor", request->cursor);
  muster_statement_bind_text (statement, ":entity", request->info->name);
  muster_statement_bind_integer (statement, ":since", since);
  muster_statement_bind_integer (statement, ":limit", request->limit + 1);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    g_ptr_array_add (ids, g_strdup (muster_statement_get_text (statement, 0)));
  return step == MUSTER_STEP_DONE ? g_steal_pointer (&ids) : NULL;
}

/* Puts the members of TEXT, a JSON object, over those of RECORD. */
static gboolean
put_back (JsonObject *record, const char *text, GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (text, error);
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return node != NULL;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &member))
    json_object_set_member (record, name, json_node_copy (member));
  return TRUE;
}

/* Nobody wrote down how it was. */
static gboolean
is_volatile (const MusterField *field)
{
  return (field->flags & MUSTER_FIELD_VOLATILE) == MUSTER_FIELD_VOLATILE;
}

/* (element-type utf8 MusterEntity): those of IDS that are there, all read at once. */
static GHashTable *
read_page (MusterTransaction *transaction, const Request *request, GPtrArray *ids, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (request->info);
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  g_autoptr (GPtrArray) found = NULL;
  GHashTable *records = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);

  for (guint i = 0; i < ids->len; i++)
    g_ptr_array_add (list, ids->pdata[i]);
  g_ptr_array_add (list, NULL);
  muster_query_where_any (query, "id", (const char *const *)list->pdata);
  muster_query_set_limit (query, 0);
  found = ids->len > 0 ? muster_transaction_select (transaction, query, error) : g_ptr_array_new ();
  if (found == NULL)
    {
      g_hash_table_unref (records);
      return NULL;
    }
  for (guint i = 0; i < found->len; i++)
    g_hash_table_insert (records, (char *)muster_entity_get_id (found->pdata[i]),
                         g_object_ref (found->pdata[i]));
  return records;
}

/* Appends ENTITY as it is now, without secrets; "{}" when it is not there (NULL). */
static void
append_present (const Request *request, MusterEntity *entity, GString *json)
{
  if (entity == NULL)
    {
      g_string_append (json, "{}");
      return;
    }
  for (unsigned i = 0; i < request->info->n_fields; i++)
    if (is_volatile (&request->info->fields[i]))
      muster_entity_set_null (entity, request->info->fields[i].name);
  muster_entity_encode (entity, json);
}

static JsonObject *
read_present (const Request *request, MusterEntity *entity, GError **error)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;

  append_present (request, entity, json);
  node = json_from_string (json->str, error);
  return node != NULL ? json_node_dup_object (node) : NULL;
}

/* (element-type utf8): the ids of what was changed after SINCE. */
static GHashTable *
find_changed (MusterConnection *connection, const Request *request, gint64 since, GError **error)
{
  g_autoptr (MusterStatement) statement =
              muster_statement_new (connection,
                                    "SELECT entity_id FROM journal WHERE entity = :entity AND "
                                    "sequence > :since",
                                    error);
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  MusterStep step;

  if (statement == NULL)
    return NULL;
  muster_statement_bind_text (statement, ":entity", request->info->name);
  muster_statement_bind_integer (statement, ":since", since);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    g_hash_table_add (ids, g_strdup (muster_statement_get_text (statement, 0)));
  return step == MUSTER_STEP_DONE ? g_steal_pointer (&ids) : NULL;
}

/* Takes back what was done to ID after SINCE; FALSE in THERE when it was not there then. */
static gboolean
take_back (MusterTransaction *transaction,
           const Request     *request,
           const char        *id,
           gint64             since,
           JsonObject        *record,
           gboolean          *there,
           GError           **error)
{
  g_autoptr (MusterStatement) statement = muster_statement_new (
    transaction->connection,
    "SELECT action, before FROM journal WHERE entity_id = :id AND entity = :entity AND "
    "sequence > :since ORDER BY sequence DESC",
    error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  *there = json_object_get_size (record) > 0;
  muster_statement_bind_text (statement, ":id", id);
  muster_statement_bind_text (statement, ":entity", request->info->name);
  muster_statement_bind_integer (statement, ":since", since);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      const char *before = muster_statement_get_text (statement, 1);

      *there = !g_str_equal (muster_statement_get_text (statement, 0), "insert");
      if (before != NULL && !put_back (record, before, error))
        return FALSE;
    }
  return step == MUSTER_STEP_DONE;
}

/* Appends ID, which has changed since, as it was; nothing where it was not there. */
static gboolean
append_past (MusterTransaction *transaction,
             const Request     *request,
             MusterEntity      *entity,
             const char        *id,
             gint64             since,
             GString           *json,
             GError           **error)
{
  g_autoptr (JsonObject) record = read_present (request, entity, error);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  gboolean         there;

  if (record == NULL || !take_back (transaction, request, id, since, record, &there, error))
    return FALSE;
  if (!there)
    return TRUE;
  json_object_set_string_member (record, "id", id);
  for (unsigned i = 0; i < request->info->n_fields; i++)
    if (is_volatile (&request->info->fields[i]))
      json_object_set_null_member (record, request->info->fields[i].name);
  node = json_node_init_object (json_node_alloc (), record);
  text = json_to_string (node, FALSE);
  g_string_append (json, text);
  return TRUE;
}

/* What has not changed goes from the table into the answer as it is. */
static gboolean
append_records (MusterTransaction *transaction,
                const Request     *request,
                GPtrArray         *ids,
                guint              n_ids,
                gint64             since,
                GString           *json,
                GError           **error)
{
  g_autoptr (GHashTable) changed = find_changed (transaction->connection, request, since, error);
  g_autoptr (GHashTable) records = NULL;

  if (changed == NULL || (records = read_page (transaction, request, ids, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < n_ids; i++)
    {
      const char   *id = ids->pdata[i];
      MusterEntity *entity = g_hash_table_lookup (records, id);
      gsize         length;

      if (json->str[json->len - 1] != '[')
        g_string_append_c (json, ',');
      length = json->len;
      if (!g_hash_table_contains (changed, id))
        append_present (request, entity, json);
      else if (!append_past (transaction, request, entity, id, since, json, error))
        return FALSE;
      if (json->len == length && json->str[length - 1] == ',')
        g_string_truncate (json, length - 1);
    }
  return TRUE;
}

static gboolean
past_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const Request *request = data;
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (GString) json = NULL;
  gint64 since;
  guint  n_shown;

  if (!find_sequence (transaction->connection, request->at, &since, error) ||
      (ids = list_ids (transaction->connection, request, since, error)) == NULL)
    return FALSE;
  n_shown = MIN (ids->len, request->limit);
  json = g_string_new ("{\"items\":[");
  if (!append_records (transaction, request, ids, n_shown, since, json, error))
    return FALSE;
  g_string_append_printf (json, "],\"sequence\":%" G_GINT64_FORMAT ",\"next\":", since);
  if (ids->len > n_shown)
    muster_json_append_string (json, ids->pdata[n_shown - 1], -1);
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
  request->at = at;
  request->cursor = g_strdup (cursor != NULL ? cursor : "");
  request->limit = CLAMP (limit, 1, MAX_LIMIT);
  return muster_database_read (database, past_job, request, request_free);
}
