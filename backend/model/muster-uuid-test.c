/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-uuid.h"

#define T0 G_GINT64_CONSTANT (1767225600123456)

static void
test_form (void)
{
  g_autofree char *id = muster_uuid_new (T0);

  g_assert_cmpuint (strlen (id), ==, MUSTER_UUID_LENGTH);
  g_assert_true (muster_uuid_is_valid (id));
  g_assert_cmpint (id[14], ==, '7');
  g_assert_nonnull (strchr ("89ab", id[19]));
  g_assert_cmpint (muster_uuid_get_time_ms (id), ==, T0 / 1000);
}

static void
test_order (void)
{
  g_autofree char *last = muster_uuid_new (T0 + 1000000);

  /* The same microsecond many times, and a clock that goes back a second. */
  for (int i = 0; i < 20000; i++)
    {
      g_autofree char *id = muster_uuid_new (i < 10000 ? T0 + 1000000 : T0);

      g_assert_cmpstr (last, <, id);
      g_free (g_steal_pointer (&last));
      last = g_steal_pointer (&id);
    }
}

static gpointer
make_ids_thread (gpointer data)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < 5000; i++)
    g_ptr_array_add (ids, muster_uuid_new (g_get_real_time ()));
  return ids;
}

static void
test_threads (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GThread *threads[4];

  for (int i = 0; i < 4; i++)
    threads[i] = g_thread_new ("ids", make_ids_thread, NULL);
  for (int i = 0; i < 4; i++)
    {
      g_autoptr (GPtrArray) ids = g_thread_join (threads[i]);

      for (guint j = 0; j < ids->len; j++)
        g_assert_true (g_hash_table_add (seen, g_strdup (ids->pdata[j])));
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 20000);
}

static void
test_invalid (void)
{
  static const char *const bad[] = { "",
                                     "x",
                                     "0192e4a0-7b1c-7def-8abc-0123456789a",
                                     "0192e4a0-7b1c-7def-8abc-0123456789abc",
                                     "0192E4A0-7b1c-7def-8abc-0123456789ab",
                                     "0192e4a007b1c-7def-8abc-0123456789ab",
                                     "0192e4a0-7b1c-7def-8abc-0123456789ag" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (muster_uuid_is_valid (bad[i]));
  g_assert_cmpint (muster_uuid_get_time_ms ("x"), ==, -1);
  g_assert_true (muster_uuid_is_valid ("9b2d1c3e-0000-4000-8000-000000000000"));
  g_assert_cmpint (muster_uuid_get_time_ms ("9b2d1c3e-0000-4000-8000-000000000000"), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uuid/form", test_form);
  g_test_add_func ("/uuid/order", test_order);
  g_test_add_func ("/uuid/threads", test_threads);
  g_test_add_func ("/uuid/invalid", test_invalid);
  return g_test_run ();
}
