/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-past-table"

#include "config.h"

#include "muster-past-private.h"
#include "muster-query-private.h"

static void
entity_free (gpointer data)
{
  if (data != NULL)
    g_object_unref (data);
}

static GHashTable *
then_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, (GDestroyNotify)g_ref_string_release,
                                entity_free);
}

/* "?, ?, ?": N of them. */
static void
append_places (GString *sql, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    g_string_append (sql, i > 0 ? ", ?" : "?");
}

MusterPastTable *
muster_past_table_new (const MusterEntityInfo *info)
{
  MusterPastTable *self = g_new0 (MusterPastTable, 1);
  g_autofree char *columns = muster_entity_info_list_columns (info, TRUE);
  GString         *write = g_string_new (NULL);

  self->info = info;
  self->read = g_strdup_printf ("SELECT %s FROM main.%s WHERE id = ?", columns, info->table);
  g_string_printf (write, "INSERT OR REPLACE INTO temp.past_%s (there, %s) VALUES (", info->table,
                   columns);
  append_places (write, info->n_fields + 1);
  g_string_append_c (write, ')');
  self->write = g_string_free_and_steal (write);
  self->then = then_new ();
  self->dirty = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->stretch = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
muster_past_table_free (MusterPastTable *self)
{
  GHashTableIter iter;
  gpointer       change;

  g_hash_table_iter_init (&iter, self->stretch);
  while (g_hash_table_iter_next (&iter, NULL, &change))
    muster_past_change_free (change, self->info);
  g_hash_table_unref (self->stretch);
  g_hash_table_unref (self->dirty);
  g_hash_table_unref (self->then);
  g_free (self->read);
  g_free (self->write);
  g_free (self);
}

GHashTable *
muster_past_table_copy (GHashTable *then)
{
  GHashTable    *copy = then_new ();
  GHashTableIter iter;
  gpointer       id, entity;

  g_hash_table_iter_init (&iter, then);
  while (g_hash_table_iter_next (&iter, &id, &entity))
    g_hash_table_insert (copy, g_ref_string_acquire (id),
                         entity != NULL ? g_object_ref (entity) : NULL);
  return copy;
}

void
muster_past_table_set (MusterPastTable *self, const char *id, MusterEntity *entity)
{
  g_hash_table_insert (self->then, g_ref_string_new (id),
                       entity != NULL ? g_object_ref (entity) : NULL);
  g_hash_table_add (self->dirty, g_strdup (id));
}

/* Rows of FROM that are others in TO, or gone there. */
static void
mark_differing (MusterPastTable *self, GHashTable *from, GHashTable *to)
{
  GHashTableIter iter;
  gpointer       id, entity, other;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &id, &entity))
    if (!g_hash_table_lookup_extended (to, id, NULL, &other) || other != entity)
      g_hash_table_add (self->dirty, g_strdup (id));
}

void
muster_past_table_load (MusterPastTable *self, GHashTable *then)
{
  mark_differing (self, self->then, then);
  mark_differing (self, then, self->then);
  g_hash_table_unref (self->then);
  self->then = then;
}

/* --- rows --- */

/* Entries say what a change made of `updated_at`, not what it was before. */
static gboolean
find_updated (MusterConnection *connection, MusterEntity *entity, gint64 sequence, GError **error)
{
  static const char sql[] =
    "SELECT at FROM main.journal WHERE entity_id = :id AND entity = :entity AND "
    "sequence <= :sequence ORDER BY sequence DESC LIMIT 1";
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, sql, error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":id", muster_entity_get_id (entity));
  muster_statement_bind_text (statement, ":entity", muster_entity_get_info (entity)->name);
  muster_statement_bind_integer (statement, ":sequence", sequence);
  step = muster_statement_step (statement, error);
  muster_entity_set_integer (entity, "updated_at",
                             step == MUSTER_STEP_ROW
                               ? muster_statement_get_integer (statement, 0)
                               : muster_entity_get_integer (entity, "created_at"));
  return step != MUSTER_STEP_FAILED;
}

static gboolean
write_row (MusterPastTable  *self,
           MusterConnection *connection,
           const char       *id,
           MusterEntity     *entity,
           gint64            sequence,
           GError          **error)
{
  g_autoptr (MusterStatement) statement = NULL;
  static const MusterValue nothing = { .is_null = TRUE };

  if (entity != NULL && !find_updated (connection, entity, sequence, error))
    return FALSE;
  statement = muster_statement_new (connection, self->write, error);
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer_at (statement, 1, entity != NULL);
  for (unsigned i = 0; i < self->info->n_fields; i++)
    muster_statement_bind_value (statement, i + 2, &self->info->fields[i],
                                 entity != NULL ? muster_entity_peek (entity, i) : &nothing);
  if (entity == NULL)
    muster_statement_bind_static_text (statement, MUSTER_ENTITY_FIELD_ID + 2, id);
  return muster_statement_run (statement, error);
}

static gboolean
erase_row (MusterPastTable *self, MusterConnection *connection, const char *id, GError **error)
{
  g_autofree char *sql =
    g_strdup_printf ("DELETE FROM temp.past_%s WHERE id = ?", self->info->table);
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_static_text (statement, 1, id);
  return muster_statement_run (statement, error);
}

gboolean
muster_past_table_flush (MusterPastTable  *self,
                         MusterConnection *connection,
                         gint64            sequence,
                         GError          **error)
{
  GHashTableIter iter;
  gpointer       id, entity;

  g_hash_table_iter_init (&iter, self->dirty);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      gboolean kept = g_hash_table_lookup_extended (self->then, id, NULL, &entity);

      if (kept ? !write_row (self, connection, id, entity, sequence, error)
               : !erase_row (self, connection, id, error))
        return FALSE;
    }
  g_hash_table_remove_all (self->dirty);
  return TRUE;
}

/* --- views --- */

static const char *
get_type (const MusterField *field)
{
  switch (field->type)
    {
    case MUSTER_FIELD_INTEGER:
    case MUSTER_FIELD_BOOLEAN:
    case MUSTER_FIELD_TIME:
    case MUSTER_FIELD_MONEY:
      return "INTEGER";
    case MUSTER_FIELD_DOUBLE:
      return "REAL";
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    case MUSTER_FIELD_ENUM:
    case MUSTER_FIELD_UUID:
    case MUSTER_FIELD_JSON:
    default:
      return "TEXT";
    }
}

static char *
make_table (const MusterEntityInfo *info)
{
  GString *sql = g_string_new (NULL);

  g_string_printf (sql, "CREATE TABLE temp.past_%s (there INTEGER NOT NULL", info->table);
  for (unsigned i = 0; i < info->n_fields; i++)
    g_string_append_printf (sql, ", %s %s%s", info->fields[i].name, get_type (&info->fields[i]),
                            i == MUSTER_ENTITY_FIELD_ID ? " NOT NULL PRIMARY KEY" : "");
  g_string_append (sql, ") WITHOUT ROWID;");
  return g_string_free_and_steal (sql);
}

/* The fields, volatile ones as they follow from what is written. */
static void
append_fields (GString *sql, const MusterTable *table)
{
  for (unsigned i = 0; i < table->info->n_fields; i++)
    {
      const MusterField *field = &table->info->fields[i];
      const char        *past = g_hash_table_lookup (table->past, field->name);

      if (past != NULL)
        g_string_append_printf (sql, ", (%s) AS %s", past, field->name);
      else if ((field->flags & MUSTER_FIELD_VOLATILE) != 0 && table->journalled)
        g_string_append_printf (sql, ", NULL AS %s", field->name);
      else
        g_string_append_printf (sql, ", %s", field->name);
    }
}

static char *
make_view (const MusterTable *table)
{
  const MusterEntityInfo *info = table->info;
  g_autofree char        *columns = muster_entity_info_list_columns (info, TRUE);
  GString                *sql = g_string_new (NULL);

  g_string_printf (sql, "CREATE TEMP VIEW %s AS SELECT row", info->table);
  append_fields (sql, table);
  if (!table->journalled)
    g_string_append_printf (sql,
                            " FROM main.%s AS this WHERE created_at <= (SELECT at FROM "
                            "temp.past_moment)",
                            info->table);
  else
    g_string_append_printf (sql,
                            " FROM (SELECT row, %s FROM main.%s WHERE id NOT IN (SELECT id FROM "
                            "temp.past_%s) UNION ALL SELECT NULL, %s FROM temp.past_%s WHERE "
                            "there) AS this",
                            columns, info->table, info->table, columns, info->table);
  return g_string_free_and_steal (sql);
}

gboolean
muster_past_table_make_view (MusterConnection *connection, const MusterTable *table, GError **error)
{
  const char      *own = g_hash_table_lookup (table->past, "");
  g_autofree char *make = table->journalled ? make_table (table->info) : NULL;
  g_autofree char *view = own != NULL
                            ? g_strdup_printf ("CREATE TEMP VIEW %s AS %s", table->info->table, own)
                            : make_view (table);

  return (make == NULL || muster_connection_execute (connection, make, error)) &&
         muster_connection_execute (connection, view, error);
}
