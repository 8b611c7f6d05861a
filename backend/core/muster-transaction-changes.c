/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-transaction-changes"

#include "config.h"

#include "model/muster-uuid.h"
#include "muster-transaction-private.h"

static void
set_integer (MusterEntity *entity, unsigned index, gint64 integer)
{
  MusterValue value = { .integer = integer };

  muster_entity_take (entity, index, &value);
}

/* SOURCE's value of the field into ENTITY. */
static void
copy_value (MusterEntity *entity, MusterEntity *source, unsigned index)
{
  MusterValue value = *muster_entity_peek (source, index);

  if (!value.is_null && muster_field_is_text (&muster_entity_get_info (source)->fields[index]))
    value.text = g_strdup (value.text);
  muster_entity_take (entity, index, &value);
}

/* Times to whole milliseconds: finer ones would be lost on their way through JSON, and undo would
 * not restore them. */
static void
round_times (MusterEntity *entity)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      const MusterValue *value = muster_entity_peek (entity, i);

      if (info->fields[i].type == MUSTER_FIELD_TIME && !value->is_null)
        set_integer (entity, i, value->integer - value->integer % 1000);
    }
}

/* What the rules of the room that keeps such records say to the change. PHASE: MUSTER_RULE_BEFORE
 * or MUSTER_RULE_PLAIN. */
static gboolean
muster_transaction_apply_rules (MusterTransaction *self,
                                const MusterTable *table,
                                MusterRuleFlags    phase,
                                MusterEntity      *before,
                                MusterEntity      *after,
                                GError           **error)
{
  for (guint i = 0; i < table->rules->len; i++)
    {
      const MusterRule *rule = &g_array_index (table->rules, MusterRule, i);

      if ((rule->flags & MUSTER_RULE_BEFORE) == phase &&
          (self->undoes == 0 || (rule->flags & MUSTER_RULE_ON_UNDO)) &&
          !rule->func (self, before, after, rule->data, error))
        return FALSE;
    }
  return TRUE;
}

/* The journal entry of a change that is written, and what follows from it. */
static gboolean
muster_transaction_conclude (MusterTransaction *self,
                             const MusterTable *table,
                             MusterEntity      *before,
                             MusterEntity      *after,
                             GError           **error)
{
  muster_transaction_note_change (self, table->info,
                                  muster_entity_get_id (after != NULL ? after : before));
  return (!table->journalled || muster_transaction_journal (self, before, after, error)) &&
         muster_transaction_apply_rules (self, table, MUSTER_RULE_PLAIN, before, after, error);
}

/* What ENTITY points at must be there; observations may outlive it. */
static gboolean
muster_transaction_check_references (MusterTransaction *self,
                                     MusterEntity      *entity,
                                     MusterEntity      *stored,
                                     GError           **error)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (info->flags & MUSTER_ENTITY_UNJOURNALLED)
    return TRUE;
  for (unsigned i = 0; i < info->n_fields; i++)
    {
      const MusterField *field = &info->fields[i];
      const MusterValue *value = muster_entity_peek (entity, i);
      const MusterTable *target = NULL;
      g_autoptr (MusterEntity) found = NULL;

      if (field->references == NULL || value->is_null ||
          (stored != NULL && muster_value_equal (field, value, muster_entity_peek (stored, i))))
        continue;
      target = muster_schema_find (self->schema, field->references);
      if (target == NULL)
        continue;
      if (!muster_transaction_load (self, target->info, value->text, &found, error))
        return FALSE;
      if (found == NULL)
        {
          g_autofree char *pointer = g_strconcat ("/", field->name, NULL);

          muster_field_errors_add (errors, pointer, "there is no %s %s", field->references,
                                   value->text);
        }
    }
  return muster_field_errors_check (errors, error);
}

gboolean
muster_transaction_insert_full (MusterTransaction *self,
                                MusterEntity      *entity,
                                MusterChangeFlags  flags,
                                GError           **error)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  const MusterTable      *table = muster_transaction_find_table (self, info);
  g_autoptr (MusterStatement) statement = NULL;
  gboolean keeps_history = (flags & MUSTER_CHANGE_KEEPS_HISTORY) != 0;

  if (table == NULL)
    return FALSE;
  if (muster_entity_get_id (entity) == NULL)
    {
      MusterValue id = { .text = muster_uuid_new (self->now) };

      muster_entity_take (entity, MUSTER_ENTITY_FIELD_ID, &id);
    }
  if (!keeps_history)
    set_integer (entity, MUSTER_ENTITY_FIELD_CREATED_AT, self->now);
  set_integer (entity, MUSTER_ENTITY_FIELD_UPDATED_AT, self->now);
  set_integer (entity, MUSTER_ENTITY_FIELD_REVISION,
               keeps_history ? muster_entity_get_revision (entity) + 1 : 1);
  if (!muster_transaction_apply_rules (self, table, MUSTER_RULE_BEFORE, NULL, entity, error))
    return FALSE;
  round_times (entity);
  if (!muster_transaction_check_references (self, entity, NULL, error))
    return FALSE;
  statement = muster_statement_new (self->connection, table->insert, error);
  if (statement == NULL)
    return FALSE;
  for (unsigned i = 0; i < info->n_fields; i++)
    muster_statement_bind_value (statement, i + 1, &info->fields[i],
                                 muster_entity_peek (entity, i));
  if (!muster_statement_run (statement, error))
    return FALSE;
  if (self->empty != NULL)
    g_hash_table_remove (self->empty, info);
  return muster_transaction_conclude (self, table, NULL, entity, error);
}

gboolean
muster_transaction_insert (MusterTransaction *self, MusterEntity *entity, GError **error)
{
  g_return_val_if_fail (self != NULL && self->writable, FALSE);
  g_return_val_if_fail (MUSTER_IS_ENTITY (entity), FALSE);

  return muster_transaction_insert_full (self, entity, MUSTER_CHANGE_PLAIN, error);
}

/* The stored record, checked against what the caller has seen of it. */
static MusterEntity *
muster_transaction_load_expected (MusterTransaction      *self,
                                  const MusterEntityInfo *info,
                                  const char             *id,
                                  gint64                  expected_revision,
                                  GError                **error)
{
  g_autoptr (MusterEntity) stored = muster_transaction_get (self, info, id, error);

  if (stored == NULL)
    return NULL;
  if (expected_revision != 0 && expected_revision != muster_entity_get_revision (stored))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PRECONDITION,
                   "the %s has changed meanwhile (revision %" G_GINT64_FORMAT
                   ", not %" G_GINT64_FORMAT "): read it again",
                   info->name, muster_entity_get_revision (stored), expected_revision);
      return NULL;
    }
  return g_steal_pointer (&stored);
}

static gboolean
check_machine (MusterEntity *stored, MusterEntity *entity, GError **error)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);

  if (info->machine == NULL)
    return TRUE;
  return muster_state_machine_check (info->machine,
                                     muster_entity_get_enum (stored, info->machine_field),
                                     muster_entity_get_enum (entity, info->machine_field), error);
}

/* Positions of the fields, base ones aside, in which ENTITY differs from what is stored. Volatile
 * ones are not the business of updates: the stored ones are newer. */
static GArray *
list_differences (MusterEntity *entity, MusterEntity *stored)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  GArray                 *indexes = g_array_new (FALSE, FALSE, sizeof (unsigned));

  for (unsigned i = MUSTER_ENTITY_FIELD_REVISION + 1; i < info->n_fields; i++)
    {
      if (info->fields[i].flags & MUSTER_FIELD_VOLATILE)
        copy_value (entity, stored, i);
      else if (!muster_value_equal (&info->fields[i], muster_entity_peek (entity, i),
                                    muster_entity_peek (stored, i)))
        g_array_append_val (indexes, i);
    }
  return indexes;
}

static gboolean
muster_transaction_write_fields (MusterTransaction *self,
                                 MusterEntity      *entity,
                                 GArray            *indexes,
                                 GError           **error)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (MusterStatement) statement = NULL;
  unsigned base[] = { MUSTER_ENTITY_FIELD_UPDATED_AT, MUSTER_ENTITY_FIELD_REVISION,
                      MUSTER_ENTITY_FIELD_ID };

  g_array_append_vals (indexes, base, G_N_ELEMENTS (base));
  g_string_printf (sql, "UPDATE %s SET ", info->table);
  for (guint i = 0; i + 1 < indexes->len; i++)
    g_string_append_printf (sql, "%s%s = ?", i > 0 ? ", " : "",
                            info->fields[g_array_index (indexes, unsigned, i)].name);
  g_string_append (sql, " WHERE id = ?");
  statement = muster_statement_new (self->connection, sql->str, error);
  if (statement == NULL)
    return FALSE;
  for (guint i = 0; i < indexes->len; i++)
    {
      unsigned index = g_array_index (indexes, unsigned, i);

      muster_statement_bind_value (statement, i + 1, &info->fields[index],
                                   muster_entity_peek (entity, index));
    }
  return muster_statement_run (statement, error);
}

gboolean
muster_transaction_update_full (MusterTransaction *self,
                                MusterEntity      *entity,
                                gint64             expected_revision,
                                MusterChangeFlags  flags,
                                GError           **error)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  const MusterTable      *table = muster_transaction_find_table (self, info);
  g_autoptr (MusterEntity) stored = NULL;
  g_autoptr (GArray) differences = NULL;

  if (table == NULL)
    return FALSE;
  stored = muster_transaction_load_expected (self, info, muster_entity_get_id (entity),
                                             expected_revision, error);
  if (stored == NULL ||
      !muster_transaction_apply_rules (self, table, MUSTER_RULE_BEFORE, stored, entity, error))
    return FALSE;
  round_times (entity);
  copy_value (entity, stored, MUSTER_ENTITY_FIELD_CREATED_AT);
  copy_value (entity, stored, MUSTER_ENTITY_FIELD_UPDATED_AT);
  copy_value (entity, stored, MUSTER_ENTITY_FIELD_REVISION);
  differences = list_differences (entity, stored);
  if (differences->len == 0)
    return TRUE;
  if (!(flags & MUSTER_CHANGE_ANY_STATE) && !check_machine (stored, entity, error))
    return FALSE;
  if (!muster_transaction_check_references (self, entity, stored, error))
    return FALSE;
  set_integer (entity, MUSTER_ENTITY_FIELD_UPDATED_AT, self->now);
  set_integer (entity, MUSTER_ENTITY_FIELD_REVISION, muster_entity_get_revision (stored) + 1);
  if (!muster_transaction_write_fields (self, entity, differences, error))
    return FALSE;
  return muster_transaction_conclude (self, table, stored, entity, error);
}

gboolean
muster_transaction_update (MusterTransaction *self,
                           MusterEntity      *entity,
                           gint64             expected_revision,
                           GError           **error)
{
  g_return_val_if_fail (self != NULL && self->writable, FALSE);
  g_return_val_if_fail (MUSTER_IS_ENTITY (entity), FALSE);
  g_return_val_if_fail (muster_entity_get_id (entity) != NULL, FALSE);

  return muster_transaction_update_full (self, entity, expected_revision, MUSTER_CHANGE_PLAIN,
                                         error);
}

/* "12 devices, 3 stock moves" of those that keep the record from being deleted; "" without any. */
static GString *
muster_transaction_list_restrictions (MusterTransaction *self,
                                      const MusterTable *table,
                                      const char        *id,
                                      GError           **error)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < table->referrers->len; i++)
    {
      const MusterReference *reference = table->referrers->pdata[i];
      g_autoptr (MusterQuery) query = NULL;
      gboolean is_referred = FALSE;
      gint64   count = 0;

      if (!(reference->field->flags & MUSTER_FIELD_RESTRICT))
        continue;
      if (!muster_transaction_is_referred (self, reference, id, &is_referred, error))
        return NULL;
      if (!is_referred)
        continue;
      query = muster_query_new (reference->info);
      muster_query_where (query, reference->field->name, id);
      count = muster_transaction_count (self, query, error);
      if (count < 0)
        return NULL;
      if (count > 0)
        {
          g_autofree char *noun =
            g_strdelimit (g_strdup (count == 1 ? reference->info->name : reference->info->path),
                          "_-", ' ');

          g_string_append_printf (list, "%s%" G_GINT64_FORMAT " %s", list->len > 0 ? ", " : "",
                                  count, noun);
        }
    }
  return g_steal_pointer (&list);
}

static gboolean
muster_transaction_check_restrictions (MusterTransaction *self,
                                       const MusterTable *table,
                                       MusterEntity      *stored,
                                       GError           **error)
{
  const MusterEntityInfo *info = table->info;
  g_autoptr (GString) list =
              muster_transaction_list_restrictions (self, table, muster_entity_get_id (stored),
                                                    error);

  if (list == NULL || list->len == 0)
    return list != NULL;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "the %s %s cannot be deleted: still named by %s%s%s", info->name,
               info->title_field != NULL ? muster_entity_get_string (stored, info->title_field)
                                         : muster_entity_get_id (stored),
               list->str, info->instead != NULL ? "; " : "",
               info->instead != NULL ? info->instead : "");
  return FALSE;
}

/* What points at the record goes with it, or, where it may, points at nothing from now on: each
 * with an entry of its own, so that undoing the operation brings all of it back. */
static gboolean
muster_transaction_release_referrers (MusterTransaction *self,
                                      const MusterTable *table,
                                      const char        *id,
                                      GError           **error)
{
  for (guint i = 0; i < table->referrers->len; i++)
    {
      const MusterReference *reference = table->referrers->pdata[i];
      g_autoptr (MusterQuery) query = NULL;
      g_autoptr (GPtrArray) records = NULL;
      gboolean is_referred = FALSE;

      if (!muster_transaction_is_referred (self, reference, id, &is_referred, error))
        return FALSE;
      if (!is_referred)
        continue;
      query = muster_query_new (reference->info);
      muster_query_where (query, reference->field->name, id);
      muster_query_set_limit (query, 0);
      records = muster_transaction_select (self, query, error);
      if (records == NULL)
        return FALSE;
      for (guint j = 0; j < records->len; j++)
        {
          MusterEntity *record = records->pdata[j];
          gboolean      done;

          if ((reference->field->flags & MUSTER_FIELD_NULLABLE) &&
              !(reference->field->flags & MUSTER_FIELD_CASCADE))
            {
              muster_entity_set_null (record, reference->field->name);
              done = muster_transaction_update_full (self, record, 0, MUSTER_CHANGE_PLAIN, error);
            }
          else
            done = muster_transaction_delete (self, reference->info, muster_entity_get_id (record),
                                              0, error);
          if (!done)
            return FALSE;
        }
    }
  return TRUE;
}

gboolean
muster_transaction_delete (MusterTransaction      *self,
                           const MusterEntityInfo *info,
                           const char             *id,
                           gint64                  expected_revision,
                           GError                **error)
{
  const MusterTable       *table = NULL;
  static const MusterField id_field = { .type = MUSTER_FIELD_UUID };
  const MusterValue        id_value = { .text = (char *)id };
  g_autoptr (MusterEntity) stored = NULL;
  g_autoptr (MusterStatement) statement = NULL;

  g_return_val_if_fail (self != NULL && self->writable, FALSE);
  g_return_val_if_fail (info != NULL, FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  table = muster_transaction_find_table (self, info);
  if (table == NULL)
    return FALSE;
  stored = muster_transaction_load_expected (self, info, id, expected_revision, error);
  if (stored == NULL ||
      !muster_transaction_apply_rules (self, table, MUSTER_RULE_BEFORE, stored, NULL, error) ||
      !muster_transaction_check_restrictions (self, table, stored, error) ||
      !muster_transaction_release_referrers (self, table, id, error))
    return FALSE;
  statement = muster_statement_new (self->connection, table->remove, error);
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_value (statement, 1, &id_field, &id_value);
  if (!muster_statement_run (statement, error))
    return FALSE;
  return muster_transaction_conclude (self, table, stored, NULL, error);
}
