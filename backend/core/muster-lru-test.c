/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-lru.h"

static unsigned n_freed;

static void
count_free (gpointer value)
{
  n_freed++;
  g_free (value);
}

static void
test_oldest_use_goes_first (void)
{
  g_autoptr (MusterLru) lru = muster_lru_new (3, count_free);

  n_freed = 0;
  muster_lru_insert (lru, "a", g_strdup ("A"), 1);
  muster_lru_insert (lru, "b", g_strdup ("B"), 1);
  muster_lru_insert (lru, "c", g_strdup ("C"), 1);
  g_assert_cmpstr (muster_lru_lookup (lru, "a"), ==, "A");
  muster_lru_insert (lru, "d", g_strdup ("D"), 1);
  g_assert_cmpuint (n_freed, ==, 1);
  g_assert_null (muster_lru_lookup (lru, "b"));
  g_assert_cmpstr (muster_lru_lookup (lru, "a"), ==, "A");
  g_assert_cmpuint (muster_lru_get_count (lru), ==, 3);
}

static void
test_budget (void)
{
  g_autoptr (MusterLru) lru = muster_lru_new (10, count_free);

  n_freed = 0;
  muster_lru_insert (lru, "a", g_strdup ("A"), 6);
  muster_lru_insert (lru, "b", g_strdup ("B"), 4);
  g_assert_cmpuint (muster_lru_get_cost (lru), ==, 10);
  muster_lru_insert (lru, "c", g_strdup ("C"), 5);
  g_assert_cmpuint (muster_lru_get_cost (lru), ==, 9);
  g_assert_cmpuint (n_freed, ==, 1);
  /* Too dear to be kept at all. */
  muster_lru_insert (lru, "d", g_strdup ("D"), 11);
  g_assert_cmpuint (n_freed, ==, 2);
  g_assert_null (muster_lru_lookup (lru, "d"));
  g_assert_nonnull (muster_lru_lookup (lru, "c"));
}

static void
test_replace (void)
{
  g_autoptr (MusterLru) lru = muster_lru_new (10, count_free);

  n_freed = 0;
  muster_lru_insert (lru, "a", g_strdup ("A"), 6);
  muster_lru_insert (lru, "a", g_strdup ("B"), 2);
  g_assert_cmpuint (n_freed, ==, 1);
  g_assert_cmpstr (muster_lru_lookup (lru, "a"), ==, "B");
  g_assert_cmpuint (muster_lru_get_cost (lru), ==, 2);
}

static void
test_steal_and_remove (void)
{
  g_autoptr (MusterLru) lru = muster_lru_new (10, count_free);
  g_autofree char *stolen = NULL;

  n_freed = 0;
  muster_lru_insert (lru, "a", g_strdup ("A"), 1);
  muster_lru_insert (lru, "b", g_strdup ("B"), 1);
  stolen = muster_lru_steal (lru, "a");
  g_assert_cmpstr (stolen, ==, "A");
  g_assert_cmpuint (n_freed, ==, 0);
  g_assert_null (muster_lru_steal (lru, "a"));
  muster_lru_remove (lru, "a");
  muster_lru_remove (lru, "b");
  g_assert_cmpuint (n_freed, ==, 1);
  g_assert_cmpuint (muster_lru_get_count (lru), ==, 0);
  g_assert_cmpuint (muster_lru_get_cost (lru), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lru/oldest-use-goes-first", test_oldest_use_goes_first);
  g_test_add_func ("/lru/budget", test_budget);
  g_test_add_func ("/lru/replace", test_replace);
  g_test_add_func ("/lru/steal-and-remove", test_steal_and_remove);
  return g_test_run ();
}
