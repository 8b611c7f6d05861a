/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-latest-cache.h"

static const MusterSample *
only_sample (MusterLatestCache *cache, const char *device_id)
{
  const char *ids[] = { device_id, NULL };
  g_autoptr (GPtrArray) batches = muster_latest_cache_list (cache, ids);
  static MusterSample copy;
  unsigned            n;

  g_assert_cmpuint (batches->len, ==, 1);
  copy = *muster_sample_batch_get (batches->pdata[0], &n);
  g_assert_cmpuint (n, ==, 1);
  return &copy;
}

static void
test_newest_wins (void)
{
  g_autoptr (MusterLatestCache) cache = muster_latest_cache_new ();
  g_autoptr (MusterSampleBatch) first = muster_sample_batch_new ("a");
  g_autoptr (MusterSampleBatch) second = muster_sample_batch_new ("a");

  muster_sample_batch_add_double (first, "t", 2000, 2, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (first, "t", 1000, 1, MUSTER_SAMPLE_PLAIN);
  muster_latest_cache_add (cache, first);
  g_assert_cmpfloat (only_sample (cache, "a")->number, ==, 2);
  muster_sample_batch_add_double (second, "t", 2000, 2.5, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (second, "t", 9000, 9, MUSTER_SAMPLE_HISTORICAL);
  muster_latest_cache_add (cache, second);
  g_assert_cmpfloat (only_sample (cache, "a")->number, ==, 2.5);
  g_assert_cmpuint (muster_latest_cache_count (cache), ==, 1);
}

static void
test_outdate (void)
{
  g_autoptr (MusterLatestCache) cache = muster_latest_cache_new ();
  g_autoptr (MusterSampleBatch) known = muster_sample_batch_new ("a");
  g_autoptr (MusterSampleBatch) older = muster_sample_batch_new ("a");
  g_autoptr (MusterSampleBatch) newer = muster_sample_batch_new ("a");

  muster_sample_batch_add_double (known, "t", 2000, 2, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (older, "t", 1999, 1, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (older, "t", 9000, 9, MUSTER_SAMPLE_HISTORICAL);
  muster_sample_batch_add_double (newer, "t", 2000, 3, MUSTER_SAMPLE_PLAIN);
  muster_latest_cache_add (cache, known);
  muster_latest_cache_outdate (cache, older);
  g_assert_cmpuint (muster_latest_cache_count (cache), ==, 1);
  muster_latest_cache_outdate (cache, newer);
  g_assert_cmpuint (muster_latest_cache_count (cache), ==, 0);
}

static void
test_texts_are_kept (void)
{
  g_autoptr (MusterLatestCache) cache = muster_latest_cache_new ();

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("a");
      g_autofree char *text = g_strdup_printf ("text %d", i);

      muster_sample_batch_add_string (batch, "s", i, text, MUSTER_SAMPLE_PLAIN);
      muster_latest_cache_add (cache, batch);
    }
  g_assert_cmpint (only_sample (cache, "a")->type, ==, MUSTER_SAMPLE_STRING);
  g_assert_cmpint (only_sample (cache, "a")->time, ==, 2);
}

static void
test_list_and_forget (void)
{
  g_autoptr (MusterLatestCache) cache = muster_latest_cache_new ();
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  const char *ids[] = { "b", "nobody", NULL };

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (MusterSampleBatch) batch =
                  muster_sample_batch_new ((const char *[]){ "a", "b", "c" }[i]);

      muster_sample_batch_add_boolean (batch, "x", 1, TRUE, MUSTER_SAMPLE_PLAIN);
      muster_sample_batch_add_boolean (batch, "y", 1, FALSE, MUSTER_SAMPLE_PLAIN);
      muster_latest_cache_add (cache, batch);
    }
  all = muster_latest_cache_list (cache, NULL);
  g_assert_cmpuint (all->len, ==, 3);
  muster_latest_cache_forget (cache, "b");
  muster_latest_cache_forget (cache, "nobody");
  g_assert_cmpuint (muster_latest_cache_count (cache), ==, 4);
  rest = muster_latest_cache_list (cache, ids);
  g_assert_cmpuint (rest->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/latest-cache/newest-wins", test_newest_wins);
  g_test_add_func ("/latest-cache/outdate", test_outdate);
  g_test_add_func ("/latest-cache/texts-are-kept", test_texts_are_kept);
  g_test_add_func ("/latest-cache/list-and-forget", test_list_and_forget);
  return g_test_run ();
}
