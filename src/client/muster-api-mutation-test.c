/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-mutation-test"

#include "config.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "core/muster-core-test-util.h"

/* tests/fuzz/fuzz-api.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ROUNDS 4000

static const char *const seeds[] = {
  "{\"type\":\"/docs#problem-conflict\",\"status\":409,\"detail\":\"not now\",\"errors\":[{\"pointer\":\"/name\",\"detail\":\"is needed\"}],\"allowed\":[\"sold\"],\"blockers\":[17,\"18\"]}",
  "{\"op\":\"event\",\"id\":\"s1\",\"topic\":\"telemetry\",\"subject\":\"d\",\"sequence\":12,\"data\":{\"device_id\":\"d\",\"samples\":[{\"metric\":\"t\",\"points\":[[1767225600000,21.5],[1767225601000,null],[1767225602000,true],[1767225603000,\"x\"]]}]}}",
  "{\"op\":\"subscribed\",\"id\":\"s1\",\"sequence\":1300}",
  "{\"op\":\"lagged\",\"id\":\"s2\",\"dropped\":17}",
  "{\"op\":\"error\",\"id\":\"s1\",\"problem\":{\"status\":404,\"detail\":\"no\"}}",
  "{\"items\":[{\"id\":\"0190c0de-0000-7000-8000-000000000001\",\"revision\":3,\"name\":\"Pump\",\"kind\":\"actuator\",\"status\":\"in_stock\",\"created_at\":\"2026-01-31T08:00:00.000Z\"}],\"total\":1,\"next\":\"abc\"}",
  "{\"sequence\":9,\"at\":\"2026-01-31T08:00:00.000Z\",\"actor\":\"me\",\"entity\":\"device\",\"entity_id\":\"x\",\"action\":\"update\",\"before\":{\"name\":\"a\"},\"after\":{\"name\":\"b\"},\"undoes\":null,\"undone_by\":11}",
  "{\"time\":1767225600000,\"value\":21.5,\"quality\":\"stale\"}",
};

static void
test_mutations (gconstpointer data)
{
  const char *seed = data;

  LLVMFuzzerTestOneInput ((const uint8_t *)seed, strlen (seed));
  for (unsigned round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GString) text = g_string_new (seed);
      int n_changes = g_test_rand_int_range (1, 5);

      for (int i = 0; i < n_changes; i++)
        muster_test_mutate (text);
      g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)text->str, text->len), ==, 0);
    }
}

static void
test_deep (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; i < 100000; i++)
    g_string_append (text, "[{\"a\":");
  g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)text->str, text->len), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (unsigned i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/api-mutation/seed-%u", i);

      g_test_add_data_func (path, seeds[i], test_mutations);
    }
  g_test_add_func ("/api-mutation/deep", test_deep);
  return g_test_run ();
}
