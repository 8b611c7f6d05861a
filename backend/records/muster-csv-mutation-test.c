/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "core/muster-core-test-util.h"

/* tests/fuzz/fuzz-csv.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ROUNDS 1000

static const char *const seeds[] = {
  "serial,name,mac\nA-1,Lamp,02:00:00:00:00:01\n",
  "Seriennummer;Bezeichnung;Preis\r\nS-1;\"Ger\xc3\xa4t; \"\"neu\"\"\";1.234,50 \xe2\x82\xac\r\n",
  "a\tb\n31.12.2026\t'=1+1\n2026-12-31T00:00:00Z\t-5\n",
  "x\n\"open",
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

      for (int i = g_test_rand_int_range (1, 6); i > 0; i--)
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
      g_autofree char *path = g_strdup_printf ("/csv-mutation/seed-%zu", i);

      g_test_add_data_func (path, seeds[i], test_mutations);
    }
  return g_test_run ();
}
