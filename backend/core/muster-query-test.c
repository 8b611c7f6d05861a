/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/muster-device-command.h"
#include "model/muster-device.h"
#include "model/muster-metric.h"
#include "muster-core-test-util.h"
#include "muster-query-private.h"

static MusterQuery *
parse (const MusterEntityInfo *info, const char *text, GError **error)
{
  g_autoptr (GHashTable) params = muster_test_parse_params (text);

  return muster_query_new_from_params (info, params, NULL, error);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *params, *pointer, *detail;
  } cases[] = {
    { "wings=2", "wings", "neither a field" },
    { "secret=x", "secret", "neither a field" },
    { "status=flying", "status", "one of" },
    { "status=", "status", "empty" },
    { "status=in_stock,", "status", "empty" },
    { "name.min=a", "name.min", "neither a field" },
    { "revision.min=x", "revision.min", "whole number" },
    { "created_at.min=yesterday", "created_at.min", "time" },
    { "id=1,2", "id", "UUID" },
    { "sort=wings", "sort", "wings" },
    { "sort=notes", "sort", "notes" },
    { "sort=secret", "sort", "secret" },
    { "sort=", "sort", "must not be empty" },
    { "sort=name,,id", "sort", "not a field" },
    { "sort=name,name,name,name,name,name,name,name,name", "sort", "at most" },
    { "limit=0", "limit", "from 1 to 1000" },
    { "limit=1001", "limit", "from 1 to 1000" },
    { "limit=ten", "limit", "from 1 to 1000" },
    { "limit=-1", "limit", "from 1 to 1000" },
    { "limit=", "limit", "from 1 to 1000" },
    { "cursor=", "cursor", "not from a list" },
    { "cursor=!!!", "cursor", "not from a list" },
    { "cursor=AAAA", "cursor", "not from a list" },
    { "cursor=W10", "cursor", "not from a list" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterQuery) query = parse (&muster_device_info, cases[i].params, &error);
      const MusterFieldError *row = NULL;

      g_test_message ("%s", cases[i].params);
      g_assert_null (query);
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      row = muster_error_get_fields (error)->pdata[0];
      g_assert_cmpstr (row->pointer, ==, cases[i].pointer);
      g_assert_nonnull (strstr (row->detail, cases[i].detail));
    }
}

static void
test_all_refusals_at_once (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterQuery) query =
              parse (&muster_device_info, "wings=2&limit=0&status=flying&sort=x", &error);

  g_assert_null (query);
  g_assert_cmpuint (muster_error_get_fields (error)->len, ==, 4);
}

static void
test_too_much (void)
{
  g_autoptr (GString) many = g_string_new ("id=01890000-0000-7000-8000-000000000000");
  g_autoptr (GString) text = g_string_new ("q=");
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterQuery) query = NULL;

  for (int i = 0; i < 1000; i++)
    {
      g_string_append (many, ",01890000-0000-7000-8000-000000000000");
      g_string_append_c (text, 'x');
    }
  query = parse (&muster_device_info, many->str, &error);
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  g_clear_error (&error);
  query = parse (&muster_device_info, text->str, &error);
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  g_clear_error (&error);
  query = parse (&muster_device_command_info, "q=lamp", &error);
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
}

static void
test_invalid_utf8 (void)
{
  g_autoptr (GHashTable) params = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (params, (gpointer) "q", (gpointer) "\xff\xfe");
  g_hash_table_insert (params, (gpointer) "name", (gpointer) "\xff\xfe");
  g_hash_table_insert (params, (gpointer) "\xff", (gpointer) "x");
  query = muster_query_new_from_params (&muster_device_info, params, NULL, &error);
  g_assert_null (query);
  g_assert_cmpuint (muster_error_get_fields (error)->len, ==, 3);
}

static void
test_ignored (void)
{
  static const char *const ignored[] = { "format", "entity", NULL };
  g_autoptr (GHashTable) params = muster_test_parse_params ("format=csv&limit=7");
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterQuery) query =
              muster_query_new_from_params (&muster_device_info, params, ignored, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (query->limit, ==, 7);
  g_assert_true (muster_query_get_info (query) == &muster_device_info);
}

static void
test_sort_ends_with_id (void)
{
  static const struct
  {
    const char *params;
    unsigned    n_keys;
    gboolean    last_descending;
  } cases[] = {
    { "", 1, TRUE },
    { "sort=id", 1, FALSE },
    { "sort=-name", 2, TRUE },
    { "sort=-name,kind", 3, FALSE },
    { "sort=name,-name", 2, FALSE },
    { "sort=name,-id", 2, TRUE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterQuery) query = parse (&muster_device_info, cases[i].params, &error);
      const MusterSortKey *last = NULL;

      g_assert_no_error (error);
      g_assert_cmpuint (query->sort->len, ==, cases[i].n_keys);
      last = &g_array_index (query->sort, MusterSortKey, query->sort->len - 1);
      g_assert_cmpuint (last->index, ==, MUSTER_ENTITY_FIELD_ID);
      g_assert_cmpint (last->descending, ==, cases[i].last_descending);
    }
}

static MusterQuery *
parse_cursor (const char *sort, const char *cursor, GError **error)
{
  g_autofree char *params = g_strdup_printf ("sort=%s&cursor=%s", sort, cursor);

  return parse (&muster_metric_info, params, error);
}

static void
test_cursor (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterQuery) query =
              parse (&muster_metric_info, "sort=minimum,unit,created_at,writable,datatype", &error);
  g_autoptr (MusterQuery) again = NULL;
  g_autoptr (MusterQuery) other = NULL;
  g_autofree char *cursor = NULL;
  MusterValue      values[6] = {
    { .number = 0.1 },
    { .text = (char *)"µ\"m/,&" },
    { .integer = G_GINT64_CONSTANT (1767225600123456) },
    { .integer = TRUE },
    { .integer = 3 },
    { .text = (char *)"01890000-0000-7000-8000-000000000000" },
  };

  g_assert_no_error (error);
  cursor = muster_query_format_cursor (query, values);
  g_assert_cmpuint (strspn (cursor,
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                    ==, strlen (cursor));
  again = parse_cursor ("minimum,unit,created_at,writable,datatype", cursor, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      const MusterField *field =
        &muster_metric_info.fields[g_array_index (again->sort, MusterSortKey, i).index];

      g_assert_true (
        muster_value_equal (field, &g_array_index (again->cursor, MusterValue, i), &values[i]));
    }
  /* It belongs to this order alone. */
  other = parse_cursor ("minimum,unit,created_at,-writable,datatype", cursor, &error);
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
}

/* Whatever stands in a cursor is read or refused, without harm. */
static void
test_cursor_mutations (void)
{
  g_autoptr (MusterQuery) query =
              parse (&muster_metric_info, "sort=minimum,unit,created_at,datatype", NULL);
  g_autofree char *cursor = NULL;
  MusterValue      values[5] = {
    { .number = -3e5 },
    { .is_null = TRUE },
    { .integer = 1767225600123456 },
    { .integer = 3 },
    { .text = (char *)"01890000-0000-7000-8000-000000000000" },
  };
  gsize    length;
  unsigned n_read = 0;

  cursor = muster_query_format_cursor (query, values);
  length = strlen (cursor);
  for (int i = 0; i < 20000; i++)
    {
      g_autofree char *mutated = g_strdup (cursor);
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterQuery) read = NULL;

      for (int j = g_test_rand_int_range (1, 4); j > 0; j--)
        mutated[g_test_rand_int_range (0, length)] = "ABCabc019-_"[g_test_rand_int_range (0, 11)];
      if (i % 5 == 0)
        mutated[g_test_rand_int_range (0, length)] = '\0';
      read = parse_cursor ("minimum,unit,created_at,datatype", mutated, &error);
      if (read == NULL)
        g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      else
        {
          n_read++;
          g_assert_cmpuint (read->cursor->len, ==, 5);
        }
    }
  g_test_message ("%u of 20000 could still be read", n_read);
}

static void
test_in_code (void)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);

  muster_query_where (query, "name", "a, b\\c");
  muster_query_where (query, "location", NULL);
  muster_query_where (query, "revision.min", "3");
  muster_query_set_text (query, "lamp");
  muster_query_set_sort (query, "-name");
  muster_query_set_limit (query, 0);
  g_assert_cmpuint (query->conditions->len, ==, 3);
  /* Taken as it is: no commas, no backslashes. */
  g_assert_cmpstr (
    g_array_index (((MusterCondition *)query->conditions->pdata[0])->values, MusterValue, 0).text,
    ==, "a, b\\c");
  g_assert_true (((MusterCondition *)query->conditions->pdata[1])->or_null);
  muster_query_set_sort (query, NULL);
  g_assert_cmpuint (query->sort->len, ==, 1);
}

static void
test_wrong_name_in_code (void)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);

  g_test_expect_message ("muster-query", G_LOG_LEVEL_CRITICAL, "*found != NULL*");
  muster_query_where (query, "wings", "2");
  g_test_assert_expected_messages ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/refused", test_refused);
  g_test_add_func ("/query/all-refusals-at-once", test_all_refusals_at_once);
  g_test_add_func ("/query/too-much", test_too_much);
  g_test_add_func ("/query/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/query/ignored", test_ignored);
  g_test_add_func ("/query/sort-ends-with-id", test_sort_ends_with_id);
  g_test_add_func ("/query/cursor", test_cursor);
  g_test_add_func ("/query/cursor-mutations", test_cursor_mutations);
  g_test_add_func ("/query/in-code", test_in_code);
  g_test_add_func ("/query/wrong-name-in-code", test_wrong_name_in_code);
  return g_test_run ();
}
