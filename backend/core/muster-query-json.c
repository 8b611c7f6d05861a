/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-query-json"

#include "config.h"

#include "muster-query-private.h"

void
muster_statement_encode_row (MusterStatement        *statement,
                             const MusterEntityInfo *info,
                             GString                *json)
{
  int  column = 0;
  char separator = '{';

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      const MusterField *field = &info->fields[i];
      MusterValue        value;

      if (field->flags & MUSTER_FIELD_SECRET)
        continue;
      g_string_append_c (json, separator);
      g_string_append_c (json, '"');
      g_string_append (json, field->name);
      g_string_append_len (json, "\":", 2);
      muster_statement_get_value (statement, column++, field, &value);
      muster_field_encode_value (field, &value, json);
      separator = ',';
    }
  g_string_append_c (json, '}');
}

/* Where the page ends if STATEMENT's row is its last. */
static char *
muster_query_make_cursor (MusterQuery *self, MusterStatement *statement)
{
  g_autofree MusterValue *values = g_new0 (MusterValue, self->sort->len);

  for (guint i = 0; i < self->sort->len; i++)
    {
      unsigned index = g_array_index (self->sort, MusterSortKey, i).index;
      int      column = 0;

      for (unsigned j = 0; j < index; j++)
        column += !(self->info->fields[j].flags & MUSTER_FIELD_SECRET);
      muster_statement_get_value (statement, column, &self->info->fields[index], &values[i]);
    }
  return muster_query_format_cursor (self, values);
}

static gboolean
muster_query_append_items (MusterQuery      *self,
                           MusterConnection *connection,
                           GString          *json,
                           char            **cursor,
                           GError          **error)
{
  g_autofree char *columns = muster_entity_info_list_columns (self->info, FALSE);
  /* One row more than asked for tells whether there is a next page. */
  g_autoptr (MusterStatement) statement =
              muster_query_prepare (self, connection, MUSTER_QUERY_SELECT, columns, 1, error);
  g_autofree char *end = NULL;
  unsigned         n_rows = 0;
  MusterStep       step;

  if (statement == NULL)
    return FALSE;
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      if (self->limit > 0 && n_rows == self->limit)
        {
          *cursor = g_steal_pointer (&end);
          return TRUE;
        }
      if (n_rows++ > 0)
        g_string_append_c (json, ',');
      muster_statement_encode_row (statement, self->info, json);
      if (n_rows == self->limit)
        end = muster_query_make_cursor (self, statement);
    }
  return step == MUSTER_STEP_DONE;
}

gboolean
muster_query_list_json (MusterQuery      *self,
                        MusterConnection *connection,
                        GString          *json,
                        GError          **error)
{
  g_autofree char *cursor = NULL;
  gint64           total;

  g_string_append (json, "{\"items\":[");
  if (!muster_query_plan (self, connection, &total, error) ||
      !muster_query_append_items (self, connection, json, &cursor, error))
    return FALSE;
  g_string_append_printf (json, "],\"total\":%" G_GINT64_FORMAT ",\"next\":", total);
  if (cursor != NULL)
    muster_json_append_string (json, cursor, -1);
  else
    g_string_append (json, "null");
  g_string_append_c (json, '}');
  return TRUE;
}

gboolean
muster_query_list_ids (MusterQuery      *self,
                       MusterConnection *connection,
                       GString          *json,
                       GError          **error)
{
  g_autoptr (MusterStatement) statement =
              muster_query_prepare (self, connection, MUSTER_QUERY_ALL, "id", 0, error);
  gint64     total = 0;
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  g_string_append (json, "{\"ids\":[");
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      g_string_append (json, total++ > 0 ? ",\"" : "\"");
      g_string_append (json,
                       muster_statement_get_text (statement, 0)); /* a UUID: nothing to escape */
      g_string_append_c (json, '"');
    }
  g_string_append_printf (json, "],\"total\":%" G_GINT64_FORMAT "}", total);
  return step == MUSTER_STEP_DONE;
}

GPtrArray *
muster_query_select (MusterQuery *self, MusterConnection *connection, GError **error)
{
  g_autofree char *columns = muster_entity_info_list_columns (self->info, TRUE);
  g_autoptr (MusterStatement) statement =
              muster_query_prepare (self, connection, MUSTER_QUERY_SELECT, columns, 0, error);
  g_autoptr (GPtrArray) entities = g_ptr_array_new_with_free_func (g_object_unref);
  MusterStep step;

  if (statement == NULL)
    return NULL;
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    g_ptr_array_add (entities, muster_statement_get_entity (statement, 0, self->info));
  return step == MUSTER_STEP_DONE ? g_steal_pointer (&entities) : NULL;
}
