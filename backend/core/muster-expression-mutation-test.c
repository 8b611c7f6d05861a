/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "muster-core-test-util.h"

/* tests/fuzz/fuzz-expression.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ROUNDS 5000

static const char *const seeds[] = {
  "(a + b) / 2 - -c ^ 2 ^ x % 3",
  "\"power/active\" > 100 and not [door open] or 'x y' <= 1.5e-3 && !true || z != .5",
  "if (min (a, b, max (c, avg (d, 1))) >= clamp (round (e, 2), 0, 100), abs (f), sqrt (floor (g) + ceil (h)))",
  "((((((((((a))))))))))+größe*sum(1,2,3)",
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/expression-mutation/seed-%zu", i);

      g_test_add_data_func (path, seeds[i], test_mutations);
    }
  return g_test_run ();
}
