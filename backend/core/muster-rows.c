/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rows"

#include "config.h"

#include "muster-journal.h"
#include "muster-query-private.h"
#include "muster-rows.h"
#include "muster-transaction-private.h"

static const MusterField *
find_field (const MusterEntityInfo *info, const char *name)
{
  int index = muster_entity_info_find (info, name);

  return index >= 0 && !(info->fields[index].flags & MUSTER_FIELD_SECRET) ? &info->fields[index]
                                                                          : NULL;
}

gboolean
muster_column_parse (MusterDatabase         *database,
                     const MusterEntityInfo *info,
                     const char             *text,
                     const char             *pointer,
                     MusterColumn           *column,
                     MusterFieldErrors      *errors)
{
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (MUSTER_IS_DATABASE (database), FALSE);
  g_return_val_if_fail (info != NULL && text != NULL && column != NULL, FALSE);

  *column = (MusterColumn){ NULL };
  parts = g_strsplit (text, ".", 2);
  column->field = parts[0] != NULL ? find_field (info, parts[0]) : NULL;
  if (column->field != NULL && parts[1] != NULL)
    {
      column->via = column->field;
      column->target = column->via->references != NULL
                         ? muster_database_find_entity (database, column->via->references)
                         : NULL;
      column->field = column->target != NULL ? find_field (column->target, parts[1]) : NULL;
    }
  if (column->field == NULL)
    muster_field_errors_add (errors, pointer,
                             "%s is neither a field of %s nor FIELD.FIELD of what one points at",
                             text, info->schema);
  return column->field != NULL;
}

GArray *
muster_columns_list_all (const MusterEntityInfo *info)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (MusterColumn));

  g_return_val_if_fail (info != NULL, columns);

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      const MusterColumn column = { &info->fields[i] };

      if (!(column.field->flags & MUSTER_FIELD_SECRET))
        g_array_append_val (columns, column);
    }
  return columns;
}

char *
muster_column_dup_name (const MusterColumn *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->via == NULL ? g_strdup (self->field->name)
                           : g_strconcat (self->via->name, ".", self->field->name, NULL);
}

static char *
list_columns (const MusterEntityInfo *info, GArray *columns)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  for (guint i = 0; i < columns->len; i++)
    {
      const MusterColumn *column = &g_array_index (columns, MusterColumn, i);

      g_string_append (sql, i > 0 ? ", " : "");
      if (column->via == NULL)
        g_string_append (sql, column->field->name);
      else
        g_string_append_printf (sql, "(SELECT target.%s FROM %s AS target WHERE target.id = %s.%s)",
                                column->field->name, column->target->table, info->table,
                                column->via->name);
    }
  return g_string_free_and_steal (g_steal_pointer (&sql));
}

gboolean
muster_transaction_each_row (MusterTransaction *self,
                             MusterQuery       *query,
                             GArray            *columns,
                             MusterRowFunc      func,
                             gpointer           data,
                             GError           **error)
{
  g_autofree char        *list = NULL;
  g_autofree MusterValue *values = NULL;
  g_autoptr (MusterStatement) statement = NULL;
  MusterStep step;

  g_return_val_if_fail (self != NULL && query != NULL, FALSE);
  g_return_val_if_fail (columns != NULL && columns->len > 0 && func != NULL, FALSE);

  list = list_columns (query->info, columns);
  statement = muster_query_prepare (query, self->connection, MUSTER_QUERY_ALL, list, 0, error);
  if (statement == NULL)
    return FALSE;
  values = g_new0 (MusterValue, columns->len);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      for (guint i = 0; i < columns->len; i++)
        muster_statement_get_value (statement, i, g_array_index (columns, MusterColumn, i).field,
                                    &values[i]);
      if (!func (values, data, error))
        return FALSE;
    }
  return step == MUSTER_STEP_DONE;
}
