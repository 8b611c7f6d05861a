/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-device.h"
#include "model/muster-location.h"
#include "muster-core-test-util.h"
#include "muster-journal.h"
#include "muster-rows.h"

/* Two devices, one of them in a rack. */
static gboolean
fill_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) rack = muster_entity_new (&muster_location_info);
  g_autoptr (MusterEntity) lamp = muster_entity_new (&muster_device_info);
  g_autoptr (MusterEntity) pump = muster_entity_new (&muster_device_info);

  muster_entity_set_string (rack, "name", "Rack");
  muster_entity_set_string (rack, "path", "Hall › Rack");
  if (!muster_transaction_insert (transaction, rack, error))
    return FALSE;
  muster_entity_set_string (lamp, "name", "Lamp");
  muster_entity_set_enum (lamp, "status", MUSTER_DEVICE_STATUS_DEPLOYED);
  muster_entity_set_string (lamp, "location_id", muster_entity_get_id (rack));
  muster_entity_set_string (pump, "name", "Pump");
  return muster_transaction_insert (transaction, pump, error) &&
         muster_transaction_insert (transaction, lamp, error);
}

/* --- columns --- */

static void
test_columns (void)
{
  static const char *const good[] = { "name",           "id", "location_id", "location_id.path",
                                      "product_id.sku", NULL };
  static const char *const bad[] = {
    "nothing", "secret", "serial.name", "location_id.nothing", "", "location_id.id.x", NULL
  };
  g_autoptr (MusterTestStore) self = muster_test_store_new ();

  for (unsigned i = 0; good[i] != NULL; i++)
    {
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
      g_autofree char *name = NULL;
      MusterColumn     column;

      g_assert_true (muster_column_parse (self->database, &muster_device_info, good[i], "/columns",
                                          &column, errors));
      name = muster_column_dup_name (&column);
      g_assert_cmpstr (name, ==, good[i]);
      g_assert_cmpuint (muster_field_errors_get_count (errors), ==, 0);
    }
  for (unsigned i = 0; bad[i] != NULL; i++)
    {
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
      MusterColumn column;

      g_assert_false (muster_column_parse (self->database, &muster_device_info, bad[i], "/columns",
                                           &column, errors));
      g_assert_cmpuint (muster_field_errors_get_count (errors), ==, 1);
    }
}

/* All that anybody may see. */
static void
test_all_columns (void)
{
  g_autoptr (GArray) columns = muster_columns_list_all (&muster_device_info);
  unsigned n_secret = 0;

  for (unsigned i = 0; i < muster_device_info.n_fields; i++)
    n_secret += (muster_device_info.fields[i].flags & MUSTER_FIELD_SECRET) != 0;
  g_assert_cmpuint (n_secret, >, 0);
  g_assert_cmpuint (columns->len, ==, muster_device_info.n_fields - n_secret);
  for (guint i = 0; i < columns->len; i++)
    g_assert_cmpstr (g_array_index (columns, MusterColumn, i).field->name, !=, "secret");
}

/* --- rows --- */

typedef struct
{
  GArray  *columns; /* (element-type MusterColumn) */
  GString *text;    /* what came: "a,b|a,b" */
  unsigned n_rows;
  unsigned max; /* so many, and an error */
} Reading;

static gboolean
take_row (const MusterValue *values, gpointer data, GError **error)
{
  Reading *self = data;

  if (self->n_rows == self->max)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "enough");
      return FALSE;
    }
  g_string_append (self->text, self->n_rows++ > 0 ? "|" : "");
  for (guint i = 0; i < self->columns->len; i++)
    {
      const MusterField *field = g_array_index (self->columns, MusterColumn, i).field;

      g_string_append (self->text, i > 0 ? "," : "");
      muster_field_encode_value (field, &values[i], self->text);
    }
  return TRUE;
}

static gboolean
read_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Reading *self = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);

  muster_query_set_sort (query, "name");
  /* Ignored: a table has all of them. */
  muster_query_set_limit (query, 1);
  return muster_transaction_each_row (transaction, query, self->columns, take_row, self, error);
}

static void
begin_reading (MusterTestStore *self, Reading *reading)
{
  static const char *const names[] = { "name", "status", "location_id.path", NULL };
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_test_await (muster_database_write (self->database, actor, NULL, fill_job, NULL, NULL));
  *reading = (Reading){ .columns = g_array_new (FALSE, FALSE, sizeof (MusterColumn)),
                        .text = g_string_new (NULL),
                        .max = G_MAXUINT };
  for (unsigned i = 0; names[i] != NULL; i++)
    {
      MusterColumn column;

      g_assert_true (muster_column_parse (self->database, &muster_device_info, names[i], "/columns",
                                          &column, errors));
      g_array_append_val (reading->columns, column);
    }
}

static void
end_reading (Reading *reading)
{
  g_array_unref (reading->columns);
  g_string_free (reading->text, TRUE);
}

/* In the query's order, with what a field points at, one step away. */
static void
test_rows (void)
{
  g_autoptr (MusterTestStore) self = muster_test_store_new ();
  Reading reading;

  begin_reading (self, &reading);
  muster_test_await (muster_database_read (self->database, read_job, &reading, NULL));
  g_assert_cmpstr (reading.text->str, ==,
                   "\"Lamp\",\"deployed\",\"Hall › Rack\"|\"Pump\",\"in_stock\",null");
  end_reading (&reading);
}

static void
test_stopped (void)
{
  g_autoptr (MusterTestStore) self = muster_test_store_new ();
  g_autoptr (GError) error = NULL;
  Reading reading;

  begin_reading (self, &reading);
  reading.max = 1;
  error = muster_test_await_error (muster_database_read (self->database, read_job, &reading, NULL),
                                   MUSTER_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, "enough");
  g_assert_cmpuint (reading.n_rows, ==, 1);
  end_reading (&reading);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/rows/columns", test_columns);
  g_test_add_func ("/rows/all-columns", test_all_columns);
  muster_test_add_fiber ("/rows/rows", test_rows);
  muster_test_add_fiber ("/rows/stopped", test_stopped);
  return g_test_run ();
}
