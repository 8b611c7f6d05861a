/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-journal-operations"

#include "config.h"

#include <string.h>

#include "model/muster-time.h"
#include "muster-database-private.h"
#include "muster-undo-private.h"

#define MAX_LIMIT 1000
/* How far a clock that was set may have put entries out of their order in time. */
#define SLACK G_TIME_SPAN_DAY

/* --- writing --- */

/* Counts by kind of record into CHANGES (element-type utf8 gint64): those of this transaction. */
static gboolean
count_changes (MusterTransaction *transaction, JsonObject *changes, GError **error)
{
  static const char sql[] =
    "SELECT entity, count(*) FROM journal WHERE sequence > :after GROUP BY entity";
  g_autoptr (MusterStatement) statement = NULL;
  MusterStep step;

  for (guint i = 0; i < transaction->entries->len; i++)
    {
      const char *entity = muster_journal_entry_get_entity (transaction->entries->pdata[i]);
      gint64      count = json_object_get_int_member_with_default (changes, entity, 0);

      json_object_set_int_member (changes, entity, count + 1);
    }
  if (!transaction->spilled)
    return TRUE;
  statement = muster_statement_new (transaction->connection, sql, error);
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":after", transaction->head_first.sequence);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      const char *entity = muster_statement_get_text (statement, 0);
      gint64      count = json_object_get_int_member_with_default (changes, entity, 0);

      json_object_set_int_member (changes, entity,
                                  count + muster_statement_get_integer (statement, 1));
    }
  return step == MUSTER_STEP_DONE;
}

/* The row that an earlier transaction of the operation wrote: its sequence, or 0, and its counts
 * into CHANGES (transfer full). */
static gboolean
load_earlier (MusterTransaction *transaction,
              gint64            *sequence,
              JsonObject       **changes,
              GError           **error)
{
  static const char sql[] =
    "SELECT first_sequence, changes FROM journal_operation WHERE first_sequence = "
    "(SELECT min (sequence) FROM journal WHERE operation = :operation)";
  g_autoptr (MusterStatement) statement = NULL;
  g_autoptr (JsonNode) node = NULL;
  MusterStep step;

  *sequence = 0;
  *changes = NULL;
  if (!transaction->joined)
    return TRUE;
  statement = muster_statement_new (transaction->connection, sql, error);
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":operation", transaction->operation);
  step = muster_statement_step (statement, error);
  if (step != MUSTER_STEP_ROW)
    return step == MUSTER_STEP_DONE;
  *sequence = muster_statement_get_integer (statement, 0);
  node = json_from_string (muster_statement_get_text (statement, 1), NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    *changes = json_node_dup_object (node);
  return TRUE;
}

static char *
encode_changes (JsonObject *changes)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), changes);

  return json_to_string (node, FALSE);
}

/* Of its first entry. */
static const char *
get_summary (MusterTransaction *transaction, const char *first_summary)
{
  return transaction->summary != NULL ? transaction->summary : first_summary;
}

gboolean
muster_journal_note_operation (MusterTransaction *transaction, GError **error)
{
  static const char insert[] =
    "INSERT INTO journal_operation (first_sequence, last_sequence, at, actor, summary, count, changes, final) "
    "VALUES (:first, :last, :at, :actor, :summary, :count, :changes, :final)";
  static const char update[] =
    "UPDATE journal_operation SET last_sequence = :last, count = count + :count, changes = :changes, "
    "final = coalesce (final, :final) WHERE first_sequence = :first";
  g_autoptr (JsonObject) changes = NULL;
  g_autoptr (MusterStatement) statement = NULL;
  g_autofree char *json = NULL;
  gint64           last = transaction->head->sequence;
  gint64           first = 0;

  if (!load_earlier (transaction, &first, &changes, error))
    return FALSE;
  if (changes == NULL)
    changes = json_object_new ();
  if (!count_changes (transaction, changes, error))
    return FALSE;
  json = encode_changes (changes);
  statement = muster_statement_new (transaction->connection, first > 0 ? update : insert, error);
  if (statement == NULL)
    return FALSE;
  if (first == 0)
    {
      muster_statement_bind_integer (statement, ":at", transaction->now);
      muster_statement_bind_text (statement, ":actor", muster_actor_to_string (transaction->actor));
      muster_statement_bind_text (statement, ":summary",
                                  get_summary (transaction, transaction->first_summary));
    }
  muster_statement_bind_integer (statement, ":first",
                                 first > 0 ? first : transaction->head_first.sequence + 1);
  muster_statement_bind_integer (statement, ":last", last);
  muster_statement_bind_integer (statement, ":count", last - transaction->head_first.sequence);
  muster_statement_bind_text (statement, ":changes", json);
  muster_statement_bind_text (statement, ":final", transaction->final);
  return muster_statement_run (statement, error);
}

/* --- reading --- */

typedef struct
{
  MusterOperationFilter filter; /* its texts are owned */
  gint64                only;   /* the operation of this entry alone, or 0 */
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_free ((char *)self->filter.entity);
  g_free ((char *)self->filter.actor);
  g_free ((char *)self->filter.text);
  g_free (self);
}

/* The last operation that began not after AT, as far as the clock is to be trusted. Their times
 * have no index of their own: they run with the sequence. */
static gboolean
find_bound (MusterConnection *connection, gint64 at, gint64 *bound, GError **error)
{
  static const char sql[] = "SELECT first_sequence, at FROM journal_operation WHERE first_sequence "
                            "<= :middle ORDER BY first_sequence DESC LIMIT 1";
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, sql, error);
  gint64 low = 0, high = 0;

  if (statement == NULL ||
      !muster_connection_query_integer (connection,
                                        "SELECT max (first_sequence) FROM journal_operation", &high,
                                        error))
    return FALSE;
  while (low < high)
    {
      gint64 middle = low + (high - low + 1) / 2;
      gint64 found, time;

      muster_statement_bind_integer (statement, ":middle", middle);
      if (muster_statement_step (statement, error) == MUSTER_STEP_FAILED)
        return FALSE;
      found = muster_statement_get_integer (statement, 0);
      time = muster_statement_get_integer (statement, 1);
      if (!muster_statement_run (statement, error))
        return FALSE;
      if (found <= low || time <= at)
        low = middle;
      else
        high = found - 1;
    }
  *bound = low;
  return TRUE;
}

#define SELECT_OPERATIONS                                                                                          \
  "SELECT o.first_sequence, j.operation, j.at, j.actor, p.name, j.summary, o.count, o.changes, "                   \
  "o.final, j.undoes, j.entity, j.title FROM journal_operation o JOIN journal j ON j.sequence = o.first_sequence " \
  "LEFT JOIN person p ON p.id = CASE WHEN j.actor LIKE 'person:%' THEN substr (j.actor, 8) END "

static char *
make_pattern (const char *text)
{
  GString *pattern = g_string_new ("%");

  for (; *text != '\0'; text++)
    {
      if (strchr ("%_\\", *text) != NULL)
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *text);
    }
  g_string_append_c (pattern, '%');
  return g_string_free_and_steal (pattern);
}

static GString *
make_list_sql (const MusterOperationFilter *filter)
{
  GString *sql = g_string_new (SELECT_OPERATIONS "WHERE 1");

  if (filter->before > 0)
    g_string_append (sql, " AND o.first_sequence < :before");
  if (filter->from > 0)
    g_string_append (sql, " AND o.at >= :from AND o.first_sequence >= :low");
  if (filter->to > 0)
    g_string_append (sql, " AND o.at <= :to AND o.first_sequence <= :high");
  if (filter->actor != NULL)
    g_string_append (sql, " AND o.actor = :actor");
  if (filter->entity != NULL)
    g_string_append (sql, " AND instr (o.changes, :entity) > 0");
  if (filter->text != NULL)
    g_string_append (sql, " AND o.summary LIKE :text ESCAPE '\\'");
  g_string_append (sql, " ORDER BY o.first_sequence DESC LIMIT :limit");
  return sql;
}

static gboolean
bind_times (MusterStatement             *statement,
            const MusterOperationFilter *filter,
            MusterConnection            *connection,
            GError                     **error)
{
  gint64 low = 0, high = 0;

  if (filter->from > 0)
    {
      if (!find_bound (connection, filter->from - SLACK, &low, error))
        return FALSE;
      muster_statement_bind_integer (statement, ":from", filter->from);
      muster_statement_bind_integer (statement, ":low", low);
    }
  if (filter->to > 0)
    {
      if (!find_bound (connection, filter->to + SLACK, &high, error))
        return FALSE;
      muster_statement_bind_integer (statement, ":to", filter->to);
      muster_statement_bind_integer (statement, ":high", high);
    }
  return TRUE;
}

static MusterStatement *
prepare_list (const MusterOperationFilter *filter, MusterConnection *connection, GError **error)
{
  g_autoptr (GString) sql = make_list_sql (filter);
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, sql->str, error);
  g_autofree char *entity =
    g_strdup_printf ("\"%s\":", filter->entity != NULL ? filter->entity : "");
  g_autofree char *pattern = make_pattern (filter->text != NULL ? filter->text : "");

  if (statement == NULL || !bind_times (statement, filter, connection, error))
    return NULL;
  if (filter->before > 0)
    muster_statement_bind_integer (statement, ":before", filter->before);
  if (filter->actor != NULL)
    muster_statement_bind_text (statement, ":actor", filter->actor);
  if (filter->entity != NULL)
    muster_statement_bind_text (statement, ":entity", entity);
  if (filter->text != NULL)
    muster_statement_bind_text (statement, ":text", pattern);
  muster_statement_bind_integer (statement, ":limit", (gint64)filter->limit + 1);
  return g_steal_pointer (&statement);
}

/* The first entry of the operation that entry SEQUENCE belongs to, or 0. */
static gboolean
find_first (MusterConnection *connection, gint64 sequence, gint64 *first, GError **error)
{
  g_autoptr (MusterStatement) statement = muster_statement_new (
    connection,
    "SELECT min (sequence) FROM journal WHERE operation = (SELECT operation FROM journal WHERE sequence = :sequence)",
    error);

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":sequence", sequence);
  if (muster_statement_step (statement, error) == MUSTER_STEP_FAILED)
    return FALSE;
  *first = muster_statement_get_integer (statement, 0);
  return TRUE;
}

static void
append_text (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, ",\"%s\":", name);
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

static void
append_sequence (GString *json, const char *name, gint64 sequence)
{
  if (sequence > 0)
    g_string_append_printf (json, ",\"%s\":%" G_GINT64_FORMAT, name, sequence);
  else
    g_string_append_printf (json, ",\"%s\":null", name);
}

/* STATEMENT's row as a JSON object. EXACT: whatever it costs to tell whether it can be undone. */
static gboolean
append_operation (MusterTransaction *transaction,
                  MusterStatement   *statement,
                  gboolean           exact,
                  GString           *json,
                  GError           **error)
{
  gint64           sequence = muster_statement_get_integer (statement, 0);
  gint64           count = muster_statement_get_integer (statement, 6);
  gint64           undone = muster_statement_get_integer (statement, 9), undoing = 0, first = 0;
  g_autofree char *reason = NULL;
  char             at[MUSTER_TIME_TEXT_LENGTH + 1];

  if (!muster_journal_find_undoing (transaction->connection, sequence, &undoing, error) ||
      (undone > 0 && !find_first (transaction->connection, undone, &first, error)) ||
      !muster_undo_judge (transaction, sequence, exact, &reason, error))
    return FALSE;
  g_string_append_printf (json, "{\"sequence\":%" G_GINT64_FORMAT, sequence);
  append_text (json, "operation", muster_statement_get_text (statement, 1));
  append_text (json, "at", muster_time_format (muster_statement_get_integer (statement, 2), at));
  append_text (json, "actor", muster_statement_get_text (statement, 3));
  append_text (json, "person", muster_statement_get_text (statement, 4));
  append_text (json, "entity", muster_statement_get_text (statement, 10));
  append_text (json, "title", muster_statement_get_text (statement, 11));
  append_text (json, "summary", muster_statement_get_text (statement, 5));
  g_string_append_printf (json, ",\"count\":%" G_GINT64_FORMAT ",\"changes\":%s", count,
                          muster_statement_get_text (statement, 7));
  append_text (json, "final", muster_statement_get_text (statement, 8));
  append_sequence (json, "undoes", first);
  append_sequence (json, "undone_by", undoing);
  g_string_append_printf (json, ",\"undoable\":%s", reason == NULL ? "true" : "false");
  append_text (json, "reason", reason);
  g_string_append_c (json, '}');
  return TRUE;
}

static gboolean
list_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const MusterOperationFilter *filter = &((Request *)data)->filter;
  g_autoptr (MusterStatement) statement = prepare_list (filter, transaction->connection, error);
  g_autoptr (GString) json = g_string_new ("{\"items\":[");
  unsigned   n_rows = 0;
  gint64     last = 0;
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW &&
         n_rows < filter->limit)
    {
      if (n_rows++ > 0)
        g_string_append_c (json, ',');
      if (!append_operation (transaction, statement, FALSE, json, error))
        return FALSE;
      last = muster_statement_get_integer (statement, 0);
    }
  if (step == MUSTER_STEP_FAILED)
    return FALSE;
  if (step == MUSTER_STEP_ROW)
    g_string_append_printf (json, "],\"next\":%" G_GINT64_FORMAT "}", last);
  else
    g_string_append (json, "],\"next\":null}");
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (g_steal_pointer (&json)));
  return TRUE;
}

DexFuture *
muster_journal_list_operations (MusterDatabase *database, const MusterOperationFilter *filter)
{
  Request *request = NULL;

  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));
  dex_return_error_if_fail (filter != NULL);

  request = g_new0 (Request, 1);
  request->filter = *filter;
  request->filter.entity = g_strdup (filter->entity);
  request->filter.actor = g_strdup (filter->actor);
  request->filter.text = g_strdup (filter->text);
  request->filter.limit = CLAMP (filter->limit, 1, MAX_LIMIT);
  return muster_database_read_as_of (database, filter->as_of, list_job, request, request_free);
}

static gboolean
get_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const Request *request = data;
  g_autoptr (MusterStatement) statement =
              muster_statement_new (transaction->connection,
                                    SELECT_OPERATIONS "WHERE o.first_sequence = :sequence", error);
  g_autoptr (GString) json = g_string_new (NULL);
  gint64     first = 0;
  MusterStep step;

  if (statement == NULL || !find_first (transaction->connection, request->only, &first, error))
    return FALSE;
  muster_statement_bind_integer (statement, ":sequence", first);
  step = muster_statement_step (statement, error);
  if (step == MUSTER_STEP_DONE)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                 "there is no journal entry %" G_GINT64_FORMAT, request->only);
  if (step != MUSTER_STEP_ROW || !append_operation (transaction, statement, TRUE, json, error))
    return FALSE;
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (g_steal_pointer (&json)));
  return TRUE;
}

DexFuture *
muster_journal_get_operation (MusterDatabase *database, gint64 sequence, gint64 as_of)
{
  Request *request = NULL;

  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));

  request = g_new0 (Request, 1);
  request->only = sequence;
  return muster_database_read_as_of (database, as_of, get_job, request, request_free);
}
