/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "muster-core-test-util.h"

/* tests/fuzz/fuzz-query.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ROUNDS 1500

/* The cursor is of the list in the order `name`. */
static const char *const seeds[] = {
  "q=boiler th-10 \"x\" %\nsort=-name,status\nlimit=10",
  "status=in_stock,reserved\nlocation=null,Hall 1\\, row 2\ncreated_at.min=2026-01-01T00:00:00Z",
  "revision.min=1\nrevision.max=9223372036854775807\nid=01980000-0000-7000-8000-000000000003",
  "sort=name\ncursor=WyJkZXZpY2UrbmFtZStpZCIsIkxhbXAiLCIwMTk4MDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDMiXQ",
  "q=a AND b OR NOT NEAR(c d) name:x * ^ -y",
};

static void
run (const char *data, gsize length)
{
  g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)data, length), ==, 0);
}

static void
test_mutations (gconstpointer data)
{
  run (data, strlen (data));
  for (unsigned round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GString) text = g_string_new (data);

      for (int i = g_test_rand_int_range (1, 5); i > 0; i--)
        muster_test_mutate (text);
      run (text->str, text->len);
    }
}

static void
test_deep_cursor (void)
{
  g_autofree char *deep = g_strnfill (12000, '[');
  g_autofree char *cursor = g_base64_encode ((const guchar *)deep, strlen (deep));
  g_autofree char *text = g_strdup_printf ("cursor=%s", cursor);

  run (text, strlen (text));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/query-mutation/seed-%zu", i);

      g_test_add_data_func (path, seeds[i], test_mutations);
    }
  muster_test_add_fiber ("/query-mutation/deep-cursor", test_deep_cursor);
  return g_test_run ();
}
