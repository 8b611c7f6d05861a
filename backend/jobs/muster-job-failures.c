/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-failures"

#include "config.h"

#include <string.h>

#include "model/muster-person.h"
#include "model/muster-rights.h"
#include "muster-job-service-private.h"

/* A cell of RFC 4180. */
static void
append_cell (GString *csv, const char *text)
{
  gboolean quoted = text != NULL && strpbrk (text, ",\"\r\n") != NULL;

  if (quoted)
    g_string_append_c (csv, '"');
  for (const char *p = text; p != NULL && *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *p);
    }
  if (quoted)
    g_string_append_c (csv, '"');
}

static JsonNode *
parse_input (MusterEntity *row)
{
  const char *text = muster_entity_get_string (row, "input");
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

static void
append_member (GString *csv, JsonObject *object, const char *name)
{
  JsonNode        *node = object != NULL ? json_object_get_member (object, name) : NULL;
  g_autofree char *text = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    text = g_strdup (json_node_get_string (node));
  else
    text = json_to_string (node, FALSE);
  append_cell (csv, text);
}

/* The file that was given, with the reason behind each row; of a job without one, the records. */
static void
append_header (GString *csv, GStrv columns)
{
  if (columns == NULL)
    g_string_append (csv, "position,id,title");
  for (unsigned i = 0; columns != NULL && columns[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (csv, ',');
      append_cell (csv, columns[i]);
    }
  g_string_append (csv, ",error\r\n");
}

static void
append_row (GString *csv, GStrv columns, MusterEntity *row)
{
  g_autoptr (JsonNode) input = columns != NULL ? parse_input (row) : NULL;
  JsonObject *object = input != NULL ? json_node_get_object (input) : NULL;

  if (columns == NULL)
    {
      g_string_append_printf (csv, "%" G_GINT64_FORMAT ",",
                              muster_entity_get_integer (row, "position"));
      append_cell (csv, muster_entity_get_string (row, "entity_id"));
      g_string_append_c (csv, ',');
      append_cell (csv, muster_entity_get_string (row, "title"));
    }
  for (unsigned i = 0; columns != NULL && columns[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (csv, ',');
      append_member (csv, object, columns[i]);
    }
  g_string_append_c (csv, ',');
  append_cell (csv, muster_entity_get_string (row, "error"));
  g_string_append (csv, "\r\n");
}

/* The names of the file's columns, by the first row; NULL where there was no file. Cells are text:
 * what else stands with them was not in the file. */
static GStrv
list_columns (GPtrArray *rows)
{
  g_autoptr (JsonNode) input = rows->len > 0 ? parse_input (rows->pdata[0]) : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonObjectIter iter;
  const char    *name = NULL;
  JsonNode      *cell = NULL;

  if (input == NULL)
    return NULL;
  json_object_iter_init_ordered (&iter, json_node_get_object (input));
  while (json_object_iter_next_ordered (&iter, &name, &cell))
    if (JSON_NODE_HOLDS_VALUE (cell) && json_node_get_value_type (cell) == G_TYPE_STRING)
      g_strv_builder_add (builder, name);
  return g_strv_builder_end (builder);
}

gboolean
muster_job_check_reader (MusterEntity *job, MusterActor *actor, GError **error)
{
  int role;

  g_return_val_if_fail (MUSTER_IS_JOB (job) && actor != NULL, FALSE);

  role = muster_actor_get_role (actor);
  if (g_strcmp0 (muster_entity_get_string (job, "entity"), muster_person_info.name) != 0 ||
      (role >= 0 && muster_rights_allow ("listUsers", role)))
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                       "what the job did to people is for those who may list people");
  return FALSE;
}

void
muster_job_reading_free (gpointer data)
{
  MusterJobReading *self = data;

  g_free (self->id);
  muster_actor_unref (self->actor);
  g_free (self);
}

gboolean
muster_job_failures_run (MusterTransaction *transaction,
                         gpointer           data,
                         GValue            *result,
                         GError           **error)
{
  const MusterJobReading *self = data;
  g_autoptr (MusterEntity) job =
              muster_transaction_get (transaction, &muster_job_info, self->id, error);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_job_row_info);
  g_autoptr (GPtrArray) rows = NULL;
  g_auto (GStrv) columns = NULL;
  g_autoptr (GString) csv = g_string_new (NULL);

  if (job == NULL || !muster_job_check_reader (job, self->actor, error))
    return FALSE;
  muster_query_where (query, "job_id", self->id);
  muster_query_where (query, "status", "failed");
  muster_query_set_sort (query, "position");
  muster_query_set_limit (query, 0);
  rows = muster_transaction_select (transaction, query, error);
  if (rows == NULL)
    return FALSE;
  columns = list_columns (rows);
  append_header (csv, columns);
  for (guint i = 0; i < rows->len; i++)
    append_row (csv, columns, rows->pdata[i]);
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (g_steal_pointer (&csv)));
  return TRUE;
}
