/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-sample.h"

static MusterSampleBatch *
make_batch (void)
{
  MusterSampleBatch *batch = muster_sample_batch_new ("d1");

  muster_sample_batch_add_double (batch, "temperature", 1000000, 21.5, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_boolean (batch, "relay", 1000000, TRUE, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (batch, "temperature", 2000000, NAN, MUSTER_SAMPLE_BAD);
  muster_sample_batch_add_integer (batch, "count", 2000000, G_MAXINT64, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_string (batch, "state", 2000000, "a\"b", MUSTER_SAMPLE_TRANSIENT);
  muster_sample_batch_add_null (batch, "state", 3000000, MUSTER_SAMPLE_HISTORICAL);
  return batch;
}

static void
test_contents (void)
{
  g_autoptr (MusterSampleBatch) batch = make_batch ();
  unsigned            n;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);

  g_assert_cmpuint (n, ==, 6);
  g_assert_true (samples[0].metric == samples[2].metric);
  g_assert_cmpint (samples[3].integer, ==, G_MAXINT64);
  g_assert_cmpstr (samples[4].text, ==, "a\"b");
  g_assert_cmpint (samples[5].type, ==, MUSTER_SAMPLE_NULL);
  g_assert_cmpint (samples[5].flags, ==, MUSTER_SAMPLE_HISTORICAL);
  g_assert_cmpstr (muster_sample_batch_get_device_id (batch), ==, "d1");
}

static void
test_encode (void)
{
  g_autoptr (MusterSampleBatch) batch = make_batch ();
  g_autoptr (GString) json = g_string_new (NULL);

  g_assert_true (muster_sample_batch_encode (batch, NULL, json));
  g_assert_cmpstr (json->str, ==,
                   "{\"device_id\":\"d1\",\"samples\":["
                   "{\"metric\":\"temperature\",\"points\":[[1000,21.5],[2000,null,\"bad\"]]},"
                   "{\"metric\":\"relay\",\"points\":[[1000,true]]},"
                   "{\"metric\":\"count\",\"points\":[[2000,9223372036854775807]]},"
                   "{\"metric\":\"state\",\"points\":[[2000,\"a\\\"b\"],[3000,null]]}]}");
}

static void
test_encode_some (void)
{
  g_autoptr (MusterSampleBatch) batch = make_batch ();
  g_autoptr (GHashTable) metrics = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) json = g_string_new ("before");

  g_hash_table_add (metrics, (gpointer) "humidity");
  g_assert_false (muster_sample_batch_encode (batch, metrics, json));
  g_assert_cmpstr (json->str, ==, "before");
  g_hash_table_add (metrics, (gpointer) "relay");
  g_assert_true (muster_sample_batch_encode (batch, metrics, json));
  g_assert_cmpstr (
    json->str, ==,
    "before{\"device_id\":\"d1\",\"samples\":[{\"metric\":\"relay\",\"points\":[[1000,true]]}]}");
}

static void
test_empty (void)
{
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("d1");
  g_autoptr (GString) json = g_string_new (NULL);
  unsigned n = 7;

  muster_sample_batch_get (batch, &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_false (muster_sample_batch_encode (batch, NULL, json));
  g_assert_cmpstr (json->str, ==, "");
  g_assert_finalize_object (g_steal_pointer (&batch));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sample/contents", test_contents);
  g_test_add_func ("/sample/encode", test_encode);
  g_test_add_func ("/sample/encode-some", test_encode_some);
  g_test_add_func ("/sample/empty", test_empty);
  return g_test_run ();
}
