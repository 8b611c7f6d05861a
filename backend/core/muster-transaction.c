/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-transaction"

#include "config.h"

#include "model/muster-uuid.h"
#include "muster-journal-words.h"
#include "muster-query-private.h"
#include "muster-transaction-private.h"

void
muster_record_change_free (gpointer data)
{
  MusterRecordChange *self = data;

  g_free (self->id);
  g_free (self);
}

void
muster_transaction_init (MusterTransaction *self,
                         MusterConnection  *connection,
                         MusterSchema      *schema,
                         gint64             now)
{
  *self = (MusterTransaction){ .connection = connection, .schema = schema };
  /* Times travel with milliseconds: what is stored is what everybody sees. */
  self->now = now - now % 1000;
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
  self->changes = g_ptr_array_new_with_free_func (muster_record_change_free);
}

void
muster_transaction_clear (MusterTransaction *self)
{
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->operation, g_free);
  g_clear_pointer (&self->summary, g_free);
  g_clear_pointer (&self->first_summary, g_free);
  g_clear_pointer (&self->empty, g_hash_table_unref);
  g_clear_pointer (&self->final, g_free);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_clear_pointer (&self->context, g_hash_table_unref);
}

const MusterTable *
muster_transaction_find_table (MusterTransaction *self, const MusterEntityInfo *info)
{
  const MusterTable *table = muster_schema_find (self->schema, info->name);

  if (table == NULL)
    g_critical ("the entity %s is not registered with the database", info->name);
  return table;
}

gint64
muster_transaction_get_now (MusterTransaction *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->now;
}

MusterActor *
muster_transaction_get_actor (MusterTransaction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->actor;
}

const char *
muster_transaction_get_operation (MusterTransaction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->operation;
}

void
muster_transaction_join_operation (MusterTransaction *self, const char *operation)
{
  g_return_if_fail (self != NULL && self->writable);
  g_return_if_fail (operation != NULL);
  g_return_if_fail (muster_transaction_count_entries (self) == 0);

  g_set_str (&self->operation, operation);
  self->joined = TRUE;
}

gint64
muster_transaction_get_first_sequence (MusterTransaction *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return muster_transaction_count_entries (self) > 0 ? self->head_first.sequence + 1 : 0;
}

gint64
muster_transaction_count_entries (MusterTransaction *self)
{
  return self->head != NULL ? self->head->sequence - self->head_first.sequence : 0;
}

void
muster_transaction_set_summary (MusterTransaction *self, const char *summary)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (summary != NULL);

  if (muster_transaction_get_context (self, MUSTER_CONTEXT_SUMMARY_STAYS) == NULL)
    g_set_str (&self->summary, summary);
}

void
muster_transaction_set_context (MusterTransaction *self, const char *key, gpointer data)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL);

  if (self->context == NULL)
    self->context = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (self->context, (gpointer)key, data);
}

gpointer
muster_transaction_get_context (MusterTransaction *self, const char *key)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return self->context != NULL ? g_hash_table_lookup (self->context, key) : NULL;
}

gboolean
muster_transaction_is_undoing (MusterTransaction *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->undoes != 0;
}

gboolean
muster_transaction_is_awaited (MusterTransaction *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->n_waiting != NULL && g_atomic_int_get (self->n_waiting) > 0;
}

gboolean
muster_transaction_try (MusterTransaction *self,
                        gboolean (*func) (MusterTransaction *, gpointer, GError **),
                        gpointer data,
                        GError **error)
{
  MusterChainHead head;
  guint           n_entries = 0, n_changes = 0;

  g_return_val_if_fail (self != NULL && self->writable, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  head = *self->head;
  n_entries = self->entries->len;
  n_changes = self->changes->len;
  if (!muster_connection_run (self->connection, "SAVEPOINT try", error))
    return FALSE;
  if (func (self, data, error))
    return muster_connection_run (self->connection, "RELEASE try", error);
  g_ptr_array_set_size (self->entries, MIN (n_entries, self->entries->len));
  g_ptr_array_set_size (self->changes, n_changes);
  g_clear_pointer (&self->empty, g_hash_table_unref);
  *self->head = head;
  if (muster_connection_in_transaction (self->connection))
    muster_connection_execute (self->connection, "ROLLBACK TO try; RELEASE try", NULL);
  return FALSE;
}

void
muster_transaction_set_final (MusterTransaction *self, const char *reason)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (reason != NULL);

  g_set_str (&self->final, reason);
}

gboolean
muster_transaction_finish (MusterTransaction *self, GError **error)
{
  if (muster_transaction_count_entries (self) == 0)
    return TRUE;
  return (self->final == NULL || muster_transaction_write_final (self, error)) &&
         muster_journal_note_operation (self, error);
}

void
muster_transaction_note_change (MusterTransaction      *self,
                                const MusterEntityInfo *info,
                                const char             *id)
{
  MusterRecordChange *change = g_new (MusterRecordChange, 1);

  *change = (MusterRecordChange){ info, g_strdup (id) };
  g_ptr_array_add (self->changes, change);
}

static void
bind_id (MusterStatement *statement, int position, const char *id)
{
  static const MusterField field = { .type = MUSTER_FIELD_UUID };
  const MusterValue        value = { .text = (char *)id };

  muster_statement_bind_value (statement, position, &field, &value);
}

gboolean
muster_transaction_load (MusterTransaction      *self,
                         const MusterEntityInfo *info,
                         const char             *id,
                         MusterEntity          **entity,
                         GError                **error)
{
  const MusterTable *table = muster_transaction_find_table (self, info);
  g_autoptr (MusterStatement) statement =
              table ? muster_statement_new (self->connection, table->select, error) : NULL;
  MusterStep step;

  *entity = NULL;
  if (statement == NULL)
    return FALSE;
  bind_id (statement, 1, id);
  step = muster_statement_step (statement, error);
  if (step == MUSTER_STEP_ROW)
    *entity = muster_statement_get_entity (statement, 0, info);
  return step != MUSTER_STEP_FAILED;
}

gboolean
muster_transaction_is_empty (MusterTransaction      *self,
                             const MusterEntityInfo *info,
                             gboolean               *is_empty,
                             GError                **error)
{
  g_autofree char *sql = NULL;
  gint64           found = 0;

  *is_empty = self->empty != NULL && g_hash_table_contains (self->empty, info);
  if (*is_empty)
    return TRUE;
  sql = g_strdup_printf ("SELECT EXISTS (SELECT 1 FROM %s)", info->table);
  if (!muster_connection_query_integer (self->connection, sql, &found, error))
    return FALSE;
  *is_empty = found == 0;
  if (self->empty == NULL)
    self->empty = g_hash_table_new (NULL, NULL);
  if (*is_empty)
    g_hash_table_add (self->empty, (gpointer)info);
  return TRUE;
}

gboolean
muster_transaction_is_referred (MusterTransaction     *self,
                                const MusterReference *reference,
                                const char            *id,
                                gboolean              *is_referred,
                                GError               **error)
{
  g_autoptr (MusterStatement) statement = NULL;
  MusterStep step;

  *is_referred = FALSE;
  /* Asked for each record that goes: most kinds that might point at it have no records at all. */
  if (self->empty != NULL && g_hash_table_contains (self->empty, reference->info))
    return TRUE;
  statement = muster_statement_new (self->connection, reference->probe, error);
  if (statement == NULL)
    return FALSE;
  bind_id (statement, 1, id);
  step = muster_statement_step (statement, error);
  *is_referred = step == MUSTER_STEP_ROW;
  return step != MUSTER_STEP_FAILED;
}

static void
set_not_found (const MusterEntityInfo *info, const char *id, GError **error)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no %s %s", info->name, id);
}

GString *
muster_transaction_encode (MusterTransaction      *self,
                           const MusterEntityInfo *info,
                           const char             *id,
                           gint64                 *revision,
                           GError                **error)
{
  const MusterTable *table = muster_transaction_find_table (self, info);
  g_autoptr (MusterStatement) statement =
              table ? muster_statement_new (self->connection, table->select_json, error) : NULL;
  GString   *json = NULL;
  MusterStep step;

  if (statement == NULL)
    return NULL;
  bind_id (statement, 1, id);
  step = muster_statement_step (statement, error);
  if (step == MUSTER_STEP_DONE)
    set_not_found (info, id, error);
  if (step != MUSTER_STEP_ROW)
    return NULL;
  *revision = muster_statement_get_integer (statement, MUSTER_ENTITY_FIELD_REVISION);
  json = g_string_sized_new (512);
  muster_statement_encode_row (statement, info, json);
  return json;
}

MusterEntity *
muster_transaction_get (MusterTransaction      *self,
                        const MusterEntityInfo *info,
                        const char             *id,
                        GError                **error)
{
  MusterEntity *entity = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (info != NULL, NULL);
  g_return_val_if_fail (id != NULL, NULL);

  if (muster_transaction_load (self, info, id, &entity, error) && entity == NULL)
    set_not_found (info, id, error);
  return entity;
}

MusterEntity *
muster_transaction_get_named (MusterTransaction      *self,
                              const MusterEntityInfo *info,
                              const char             *id,
                              const char             *pointer,
                              GError                **error)
{
  g_autoptr (MusterFieldErrors) errors = NULL;
  MusterEntity *entity = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (info != NULL, NULL);
  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (pointer != NULL, NULL);

  if (!muster_transaction_load (self, info, id, &entity, error) || entity != NULL)
    return entity;
  errors = muster_field_errors_new ();
  muster_field_errors_add (errors, pointer, "there is no %s %s", info->name, id);
  muster_field_errors_check (errors, error);
  return NULL;
}

GPtrArray *
muster_transaction_select (MusterTransaction *self, MusterQuery *query, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (query != NULL, NULL);

  return muster_query_select (query, self->connection, error);
}

gboolean
muster_transaction_has (MusterTransaction *self,
                        const char        *name,
                        const char        *id,
                        gboolean          *there,
                        GError           **error)
{
  const MusterTable *table = NULL;
  g_autoptr (MusterEntity) found = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (name != NULL && id != NULL && there != NULL, FALSE);

  *there = FALSE;
  table = muster_schema_find (self->schema, name);
  if (table == NULL)
    return TRUE;
  if (!muster_transaction_load (self, table->info, id, &found, error))
    return FALSE;
  *there = found != NULL;
  return TRUE;
}

MusterEntity *
muster_transaction_find (MusterTransaction *self, MusterQuery *query, GError **error)
{
  g_autoptr (MusterStatement) statement = NULL;
  g_autofree char *columns = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (query != NULL, NULL);

  columns = muster_entity_info_list_columns (query->info, TRUE);
  statement =
    muster_query_prepare (query, self->connection, MUSTER_QUERY_SELECT, columns, 0, error);
  if (statement == NULL || muster_statement_step (statement, error) != MUSTER_STEP_ROW)
    return NULL;
  return muster_statement_get_entity (statement, 0, query->info);
}

GPtrArray *
muster_transaction_select_ids (MusterTransaction *self, MusterQuery *query, GError **error)
{
  g_autoptr (MusterStatement) statement = NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  MusterStep step;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (query != NULL, NULL);

  statement = muster_query_prepare (query, self->connection, MUSTER_QUERY_ALL, "id", 0, error);
  if (statement == NULL)
    return NULL;
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    g_ptr_array_add (ids, g_strdup (muster_statement_get_text (statement, 0)));
  return step == MUSTER_STEP_DONE ? g_steal_pointer (&ids) : NULL;
}

gboolean
muster_transaction_for_each (MusterTransaction *self,
                             MusterQuery       *query,
                             MusterRecordFunc   func,
                             gpointer           data,
                             GError           **error)
{
  g_autoptr (MusterStatement) statement = NULL;
  g_autofree char *columns = NULL;
  MusterStep       step;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (query != NULL && func != NULL, FALSE);

  columns = muster_entity_info_list_columns (query->info, TRUE);
  statement = muster_query_prepare (query, self->connection, MUSTER_QUERY_ALL, columns, 0, error);
  if (statement == NULL)
    return FALSE;
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      g_autoptr (MusterEntity) entity = muster_statement_get_entity (statement, 0, query->info);

      if (!func (entity, data, error))
        return FALSE;
    }
  return step == MUSTER_STEP_DONE;
}

gint64
muster_transaction_count (MusterTransaction *self, MusterQuery *query, GError **error)
{
  gint64 count;

  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (query != NULL, -1);

  return muster_query_count (query, self->connection, &count, error) ? count : -1;
}

gboolean
muster_transaction_touch (MusterTransaction *self, MusterEntity *entity, GError **error)
{
  const MusterEntityInfo *info = NULL;
  const MusterTable      *table = NULL;
  g_autoptr (MusterStatement) statement = NULL;
  int position = 1;

  g_return_val_if_fail (self != NULL && self->writable, FALSE);
  g_return_val_if_fail (MUSTER_IS_ENTITY (entity), FALSE);

  info = muster_entity_get_info (entity);
  table = muster_transaction_find_table (self, info);
  g_return_val_if_fail (table != NULL && table->touch != NULL, FALSE);

  statement = muster_statement_new (self->connection, table->touch, error);
  if (statement == NULL)
    return FALSE;
  for (unsigned i = 0; i < info->n_fields; i++)
    {
      if (info->fields[i].flags & MUSTER_FIELD_VOLATILE)
        muster_statement_bind_value (statement, position++, &info->fields[i],
                                     muster_entity_peek (entity, i));
    }
  bind_id (statement, position, muster_entity_get_id (entity));
  if (!muster_statement_run (statement, error))
    return FALSE;
  if (sqlite3_changes (muster_connection_get_handle (self->connection)) == 0)
    {
      set_not_found (info, muster_entity_get_id (entity), error);
      return FALSE;
    }
  muster_transaction_note_change (self, info, muster_entity_get_id (entity));
  return TRUE;
}
