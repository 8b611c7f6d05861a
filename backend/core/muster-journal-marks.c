/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-journal-marks"

#include "config.h"

#include "model/muster-time.h"
#include "muster-database-private.h"
#include "muster-journal.h"
#include "muster-past.h"

/* More of a kind are not told apart on a line. */
#define MAX_MARKS 300
#define MAX_POINTS 2000

typedef struct
{
  gint64   from, to;
  unsigned n_points;
} Request;

/* What stands out among the changes: a kind, and the SQL that finds it between :after and :to. */
static const struct
{
  const char *kind;
  const char *sql;
} kinds[] = {
  { "alert",
    "SELECT sequence, at, entity, entity_id, title, json_extract (after, '$.severity') FROM journal "
    "WHERE entity = 'alert' AND action = 'insert' AND sequence > :after AND sequence <= :to "
    "ORDER BY sequence DESC LIMIT :limit" },
  { "firmware",
    "SELECT sequence, at, entity, entity_id, title, json_extract (after, '$.firmware_version') "
    "FROM journal WHERE entity = 'device' AND action = 'update' AND "
    "instr (after, '\"firmware_version\"') > 0 AND sequence > :after AND sequence <= :to "
    "ORDER BY sequence DESC LIMIT :limit" },
};

static void
append_member (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, ",\"%s\":", name);
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

static void
append_mark (GString *json, const char *kind, MusterStatement *statement)
{
  char time[MUSTER_TIME_TEXT_LENGTH + 1];

  g_string_append_printf (json,
                          "%s{\"sequence\":%" G_GINT64_FORMAT ",\"at\":\"%s\",\"kind\":\"%s\"",
                          json->str[json->len - 1] == '[' ? "" : ",",
                          muster_statement_get_integer (statement, 0),
                          muster_time_format (muster_statement_get_integer (statement, 1), time),
                          kind);
  append_member (json, "entity", muster_statement_get_text (statement, 2));
  append_member (json, "entity_id", muster_statement_get_text (statement, 3));
  append_member (json, "title", muster_statement_get_text (statement, 4));
  append_member (json, "detail", muster_statement_get_text (statement, 5));
  g_string_append_c (json, '}');
}

static gboolean
append_marks (MusterConnection *connection,
              unsigned          index,
              gint64            after,
              gint64            to,
              GString          *json,
              GError          **error)
{
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, kinds[index].sql, error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":after", after);
  muster_statement_bind_integer (statement, ":to", to);
  muster_statement_bind_integer (statement, ":limit", MAX_MARKS);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    append_mark (json, kinds[index].kind, statement);
  return step == MUSTER_STEP_DONE;
}

/* How much was done in each of the stretches of time that the points stand for. */
static gboolean
append_density (MusterConnection *connection,
                const Request    *request,
                gint64            after,
                gint64            to,
                GString          *json,
                GError          **error)
{
  g_autoptr (MusterStatement) statement = muster_statement_new (
    connection,
    "SELECT at, count FROM journal_operation WHERE first_sequence > :after AND first_sequence <= "
    ":to",
    error);
  g_autofree gint64 *sums = g_new0 (gint64, request->n_points);
  gint64             span = MAX (request->to - request->from, 1);
  MusterStep         step;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":after", after);
  muster_statement_bind_integer (statement, ":to", to);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      double share = (double)(muster_statement_get_integer (statement, 0) - request->from) / span;
      int    point = CLAMP ((int)(share * request->n_points), 0, (int)request->n_points - 1);

      sums[point] += muster_statement_get_integer (statement, 1);
    }
  for (unsigned i = 0; i < request->n_points; i++)
    g_string_append_printf (json, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", sums[i]);
  return step == MUSTER_STEP_DONE;
}

static gboolean
marks_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const Request    *request = data;
  MusterConnection *connection = transaction->connection;
  g_autoptr (GString) json = g_string_new ("{\"first\":");
  char   time[MUSTER_TIME_TEXT_LENGTH + 1];
  gint64 after, to, first;

  if (!muster_past_find_sequence (connection, request->from - 1, &after, error) ||
      !muster_past_find_sequence (connection, request->to, &to, error) ||
      !muster_connection_query_integer (connection,
                                        "SELECT at FROM journal ORDER BY sequence LIMIT 1", &first,
                                        error))
    return FALSE;
  if (first > 0)
    g_string_append_printf (json, "\"%s\"", muster_time_format (first, time));
  else
    g_string_append (json, "null");
  g_string_append (json, ",\"changes\":[");
  if (!append_density (connection, request, after, to, json, error))
    return FALSE;
  g_string_append (json, "],\"marks\":[");
  for (unsigned i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (!append_marks (connection, i, after, to, json, error))
      return FALSE;
  g_string_append (json, "]}");
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (g_steal_pointer (&json)));
  return TRUE;
}

DexFuture *
muster_journal_list_marks (MusterDatabase *database, gint64 from, gint64 to, unsigned n_points)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GError) error = NULL;
  Request request = { from, to, CLAMP (n_points, 1, MAX_POINTS) };

  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));

  if (from > to)
    muster_field_errors_add (errors, "from", "must not be later than `to`");
  if (!muster_field_errors_check (errors, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return muster_database_read (database, marks_job, g_memdup2 (&request, sizeof request), g_free);
}
