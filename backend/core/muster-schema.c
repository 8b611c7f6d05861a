/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-schema"

#include "config.h"

#include "muster-query-private.h"
#include "muster-schema.h"

typedef struct
{
  MusterUndoGuardFunc func;
  gpointer            data;
} UndoGuard;

struct _MusterSchema
{
  GHashTable *tables; /* (element-type utf8 MusterTable) */
  GArray     *guards; /* (element-type UndoGuard) */
};

static void
muster_reference_free (gpointer data)
{
  MusterReference *self = data;

  g_free (self->probe);
  g_free (self);
}

static void
muster_table_free (gpointer data)
{
  MusterTable *self = data;

  g_free (self->select);
  g_free (self->select_json);
  g_free (self->insert);
  g_free (self->remove);
  g_free (self->touch);
  g_hash_table_unref (self->past);
  g_ptr_array_unref (self->referrers);
  g_array_unref (self->rules);
  g_free (self);
}

MusterSchema *
muster_schema_new (void)
{
  MusterSchema *self = g_atomic_rc_box_new0 (MusterSchema);

  self->tables = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, muster_table_free);
  self->guards = g_array_new (FALSE, FALSE, sizeof (UndoGuard));
  return self;
}

MusterSchema *
muster_schema_ref (MusterSchema *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
muster_schema_clear (gpointer data)
{
  MusterSchema *self = data;

  g_hash_table_unref (self->tables);
  g_array_unref (self->guards);
}

void
muster_schema_unref (MusterSchema *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, muster_schema_clear);
}

static char *
make_insert (const MusterEntityInfo *info)
{
  g_autofree char *columns = muster_entity_info_list_columns (info, TRUE);
  GString         *sql = g_string_new (NULL);

  g_string_printf (sql, "INSERT INTO %s (%s) VALUES (?", info->table, columns);
  for (unsigned i = 1; i < info->n_fields; i++)
    g_string_append (sql, ", ?");
  g_string_append_c (sql, ')');
  return g_string_free_and_steal (sql);
}

static char *
make_touch (const MusterEntityInfo *info)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      if (!(info->fields[i].flags & MUSTER_FIELD_VOLATILE))
        continue;
      if (sql->len == 0)
        g_string_printf (sql, "UPDATE %s SET %s = ?", info->table, info->fields[i].name);
      else
        g_string_append_printf (sql, ", %s = ?", info->fields[i].name);
    }
  if (sql->len == 0)
    return NULL;
  g_string_append (sql, " WHERE id = ?");
  return g_string_free_and_steal (g_steal_pointer (&sql));
}

static MusterTable *
muster_table_new (const MusterEntityInfo *info)
{
  g_autofree char *all = muster_entity_info_list_columns (info, TRUE);
  g_autofree char *public = muster_entity_info_list_columns (info, FALSE);
  MusterTable *self = g_new0 (MusterTable, 1);

  self->info = info;
  self->select = g_strdup_printf ("SELECT %s FROM %s WHERE id = ?", all, info->table);
  self->select_json = g_strdup_printf ("SELECT %s FROM %s WHERE id = ?", public, info->table);
  self->insert = make_insert (info);
  self->remove = g_strdup_printf ("DELETE FROM %s WHERE id = ?", info->table);
  self->touch = make_touch (info);
  self->journalled = !(info->flags & MUSTER_ENTITY_UNJOURNALLED);
  self->past = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->referrers = g_ptr_array_new_with_free_func (muster_reference_free);
  self->rules = g_array_new (FALSE, FALSE, sizeof (MusterRule));
  return self;
}

/* Observations and what cannot be undone stay as they are when what they point at goes, where they
 * do not keep it from going. */
static void
add_referrers (MusterTable *target, const MusterEntityInfo *info)
{
  gboolean stays = info->flags & (MUSTER_ENTITY_UNJOURNALLED | MUSTER_ENTITY_FINAL);

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      MusterReference *reference = NULL;

      if (g_strcmp0 (info->fields[i].references, target->info->name) != 0 ||
          (stays && !(info->fields[i].flags & MUSTER_FIELD_RESTRICT)))
        continue;
      reference = g_new (MusterReference, 1);
      *reference = (MusterReference){
        info,
        &info->fields[i],
        g_strdup_printf ("SELECT 1 FROM %s WHERE %s = ? LIMIT 1", info->table,
                         info->fields[i].name),
      };
      g_ptr_array_add (target->referrers, reference);
    }
}

void
muster_schema_add (MusterSchema *self, const MusterEntityInfo *info)
{
  MusterTable   *table = NULL;
  GHashTableIter iter;
  gpointer       other;

  g_return_if_fail (self != NULL);
  g_return_if_fail (info != NULL);
  g_return_if_fail (!(info->flags & MUSTER_ENTITY_TRANSIENT));

  if (g_hash_table_contains (self->tables, info->name))
    return;
  table = muster_table_new (info);
  g_hash_table_iter_init (&iter, self->tables);
  while (g_hash_table_iter_next (&iter, NULL, &other))
    {
      add_referrers (other, info);
      add_referrers (table, ((MusterTable *)other)->info);
    }
  add_referrers (table, info);
  g_hash_table_insert (self->tables, (gpointer)info->name, table);
}

const MusterTable *
muster_schema_find (MusterSchema *self, const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_hash_table_lookup (self->tables, name);
}

void
muster_schema_add_rule (MusterSchema *self, const MusterEntityInfo *info, const MusterRule *rule)
{
  MusterTable *table = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (info != NULL);
  g_return_if_fail (rule != NULL && rule->func != NULL);

  table = g_hash_table_lookup (self->tables, info->name);
  g_return_if_fail (table != NULL);
  g_array_append_val (table->rules, *rule);
}

void
muster_schema_add_past (MusterSchema           *self,
                        const MusterEntityInfo *info,
                        const char             *field,
                        const char             *sql)
{
  MusterTable *table = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (info != NULL && sql != NULL);
  g_return_if_fail (field == NULL || muster_entity_info_find (info, field) >= 0);

  table = g_hash_table_lookup (self->tables, info->name);
  g_return_if_fail (table != NULL);
  g_hash_table_replace (table->past, g_strdup (field != NULL ? field : ""), g_strdup (sql));
}

GPtrArray *
muster_schema_list (MusterSchema *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_hash_table_get_values_as_ptr_array (self->tables);
}

void
muster_schema_add_undo_guard (MusterSchema *self, MusterUndoGuardFunc func, gpointer data)
{
  const UndoGuard guard = { func, data };

  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  g_array_append_val (self->guards, guard);
}

gboolean
muster_schema_may_undo (MusterSchema      *self,
                        MusterTransaction *transaction,
                        const char        *operation,
                        GError           **error)
{
  for (guint i = 0; i < self->guards->len; i++)
    {
      const UndoGuard *guard = &g_array_index (self->guards, UndoGuard, i);

      if (!guard->func (transaction, operation, guard->data, error))
        return FALSE;
    }
  return TRUE;
}

unsigned
muster_table_get_generation (const MusterTable *self)
{
  return (unsigned)g_atomic_int_get (&self->generation);
}

void
muster_schema_note_changed (MusterSchema *self, const MusterEntityInfo *info)
{
  MusterTable *table = g_hash_table_lookup (self->tables, info->name);

  if (table != NULL)
    g_atomic_int_inc (&table->generation);
}
