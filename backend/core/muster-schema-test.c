/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-device-event.h"
#include "model/muster-device.h"
#include "model/muster-entities.h"
#include "model/muster-factory-batch.h"
#include "model/muster-metric.h"
#include "model/muster-product.h"
#include "model/muster-test-plan.h"
#include "muster-core-test-util.h"
#include "muster-migrations.h"
#include "muster-schema.h"
#include "muster-setting-record.h"

/* Tables that are no entity's. */
static const char *const own_tables[] = { "journal",     "journal_operation", "property",
                                          "idempotency", "search_queue",      "sqlite_sequence",
                                          NULL };

static MusterConnection *
open_migrated (MusterTestDir *dir)
{
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autoptr (GError) error = NULL;
  MusterConnection *connection =
    muster_connection_open (path, MUSTER_CONNECTION_WRITE, muster_migrations_get_format (), &error);

  g_assert_no_error (error);
  muster_migrations_apply (connection, &error);
  g_assert_no_error (error);
  return connection;
}

static GPtrArray *
list_entities (void)
{
  GPtrArray *entities = g_ptr_array_new ();

  for (unsigned i = 0; muster_entities[i] != NULL; i++)
    g_ptr_array_add (entities, (gpointer)muster_entities[i]);
  g_ptr_array_add (entities, (gpointer)&muster_setting_info);
  return entities;
}

static const char *
column_type (const MusterField *field)
{
  switch (field->type)
    {
    case MUSTER_FIELD_INTEGER:
    case MUSTER_FIELD_MONEY:
    case MUSTER_FIELD_BOOLEAN:
    case MUSTER_FIELD_TIME:
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

/* "name TYPE notnull" a line. */
static char *
describe_table (MusterConnection *connection, const char *table)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT name, type, \"notnull\" FROM pragma_table_info ('%s') ORDER BY cid",
                     table);
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, sql, NULL);
  GString *text = g_string_new (NULL);

  while (muster_statement_step (statement, NULL) == MUSTER_STEP_ROW)
    g_string_append_printf (text, "%s %s %d\n", muster_statement_get_text (statement, 0),
                            muster_statement_get_text (statement, 1),
                            (int)muster_statement_get_integer (statement, 2));
  return g_string_free_and_steal (text);
}

static char *
describe_entity (const MusterEntityInfo *info)
{
  GString *text = g_string_new ("row INTEGER 0\n");

  for (unsigned i = 0; i < info->n_fields; i++)
    g_string_append_printf (text, "%s %s %d\n", info->fields[i].name,
                            column_type (&info->fields[i]),
                            !(info->fields[i].flags & MUSTER_FIELD_NULLABLE));
  return g_string_free_and_steal (text);
}

static void
test_tables_match_entities (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterConnection) connection = open_migrated (dir);
  g_autoptr (GPtrArray) entities = list_entities ();

  for (guint i = 0; i < entities->len; i++)
    {
      const MusterEntityInfo *info = entities->pdata[i];
      g_autofree char        *table = describe_table (connection, info->table);
      g_autofree char        *entity = describe_entity (info);

      g_test_message ("%s", info->name);
      g_assert_cmpstr (table, ==, entity);
    }
}

static gboolean
has_unique_index (MusterConnection *connection, const char *table, const char *column)
{
  g_autofree char *sql = g_strdup_printf (
    "SELECT count(*) FROM pragma_index_list ('%s') AS list WHERE \"unique\" AND (SELECT group_concat (name) FROM pragma_index_info (list.name)) = '%s'",
    table, column);
  gint64 count = 0;

  g_assert_true (muster_connection_query_integer (connection, sql, &count, NULL));
  return count == 1;
}

static void
test_unique_fields_have_indexes (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterConnection) connection = open_migrated (dir);
  g_autoptr (GPtrArray) entities = list_entities ();

  for (guint i = 0; i < entities->len; i++)
    {
      const MusterEntityInfo *info = entities->pdata[i];

      g_assert_true (has_unique_index (connection, info->table, "id"));
      for (unsigned j = 0; j < info->n_fields; j++)
        {
          g_test_message ("%s.%s", info->name, info->fields[j].name);
          if (info->fields[j].flags & MUSTER_FIELD_UNIQUE)
            g_assert_true (has_unique_index (connection, info->table, info->fields[j].name));
        }
    }
}

static void
test_searchable_fields_are_indexed (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterConnection) connection = open_migrated (dir);
  g_autoptr (GPtrArray) entities = list_entities ();

  for (guint i = 0; i < entities->len; i++)
    {
      const MusterEntityInfo *info = entities->pdata[i];
      g_autofree char        *search = g_strconcat (info->table, "_search", NULL);
      g_autofree char        *table = describe_table (connection, search);
      g_autoptr (GString) expected = g_string_new (NULL);

      for (unsigned j = 0; j < info->n_fields; j++)
        {
          if (info->fields[j].flags & MUSTER_FIELD_SEARCHABLE)
            g_string_append_printf (expected, "%s  0\n", info->fields[j].name);
        }
      g_test_message ("%s", info->name);
      g_assert_cmpstr (table, ==, expected->str);
    }
}

static void
test_every_table_is_known (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterConnection) connection = open_migrated (dir);
  g_autoptr (GPtrArray) entities = list_entities ();
  g_autoptr (MusterStatement) statement = muster_statement_new (
    connection,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_search%' ESCAPE '\\'",
    NULL);
  unsigned n_tables = 0;

  for (; muster_statement_step (statement, NULL) == MUSTER_STEP_ROW; n_tables++)
    {
      const char *name = muster_statement_get_text (statement, 0);
      gboolean    known = g_strv_contains (own_tables, name);

      for (guint i = 0; !known && i < entities->len; i++)
        known = g_str_equal (name, ((const MusterEntityInfo *)entities->pdata[i])->table);
      g_test_message ("%s", name);
      g_assert_true (known);
    }
  g_assert_cmpuint (n_tables, ==, entities->len + g_strv_length ((char **)own_tables));
}

static gboolean
refers (const MusterTable *table, const MusterEntityInfo *info)
{
  for (guint i = 0; i < table->referrers->len; i++)
    if (((const MusterReference *)table->referrers->pdata[i])->info == info)
      return TRUE;
  return FALSE;
}

static void
test_referrers (void)
{
  static const MusterEntityInfo *const orders[][3] = {
    { &muster_device_info, &muster_metric_info, &muster_device_event_info },
    { &muster_metric_info, &muster_device_event_info, &muster_device_info },
  };

  /* In whatever order they are added. */
  for (size_t i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autoptr (MusterSchema) schema = muster_schema_new ();
      const MusterTable *device = NULL;

      for (size_t j = 0; j < G_N_ELEMENTS (orders[i]); j++)
        muster_schema_add (schema, orders[i][j]);
      muster_schema_add (schema, &muster_device_info);
      device = muster_schema_find (schema, "device");
      g_assert_nonnull (device);
      /* Metrics, and devices that took the place of others or are reached through them; not events,
       * which are observations. */
      g_assert_cmpuint (device->referrers->len, ==, 3);
      g_assert_true (refers (device, &muster_metric_info));
      g_assert_true (refers (device, &muster_device_info));
      g_assert_true (device->journalled);
      g_assert_false (muster_schema_find (schema, "device_event")->journalled);
      g_assert_null (muster_schema_find (schema, "metric")->touch);
      g_assert_null (muster_schema_find (schema, "unicorn"));
    }
}

/* A record that cannot be undone may still keep what it points at: a factory batch its product. */
static void
test_final_referrers_that_restrict (void)
{
  g_autoptr (MusterSchema) schema = muster_schema_new ();

  muster_schema_add (schema, &muster_product_info);
  muster_schema_add (schema, &muster_test_plan_info);
  muster_schema_add (schema, &muster_factory_batch_info);
  g_assert_true (refers (muster_schema_find (schema, "product"), &muster_factory_batch_info));
  g_assert_true (refers (muster_schema_find (schema, "test_plan"), &muster_factory_batch_info));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/tables-match-entities", test_tables_match_entities);
  g_test_add_func ("/schema/unique-fields", test_unique_fields_have_indexes);
  g_test_add_func ("/schema/searchable-fields", test_searchable_fields_are_indexed);
  g_test_add_func ("/schema/every-table-is-known", test_every_table_is_known);
  g_test_add_func ("/schema/referrers", test_referrers);
  g_test_add_func ("/schema/final-referrers", test_final_referrers_that_restrict);
  return g_test_run ();
}
