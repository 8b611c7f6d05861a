/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>

#include "core/muster-core-test-util.h"

/* tests/fuzz/fuzz-discovery.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ROUNDS 1500

static const struct
{
  const char *name, *data;
  gsize       length;
} seeds[] = {
#define SEED(name, text) { name, text, sizeof (text) - 1 }
  SEED ("pair", "\x00{\"serial\":\"S1\",\"mac\":\"24a160b1c2d3\",\"pairing\":1,\"state\":\"new\"}"),
  SEED ("shelly", "\x01{\"id\":\"shellyplus1-a8032ab12345\",\"mac\":\"A8032AB12345\",\"gen\":2}"),
  SEED (
    "tasmota",
    "\x03{\"Status\":{\"DeviceName\":\"Heater\"},\"StatusNET\":{\"Mac\":\"5C:CF:7F:01:02:03\"}}"),
  SEED ("node", "\x53\x05id=S1\x10mac=24a160b1c2d3\x04pv=1\x06st=new"),
  SEED ("binary", "\x10\x05xa=\x01\xff\x03rv=\x09xp=\xc3\xa4\"\\\n\x7f"),
#undef SEED
};

static void
test_mutations (gconstpointer data)
{
  gsize seed = GPOINTER_TO_SIZE (data);

  for (unsigned round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GString) text = g_string_new_len (seeds[seed].data, seeds[seed].length);

      for (unsigned i = round == 0 ? 0 : g_test_rand_int_range (1, 6); i > 0; i--)
        muster_test_mutate (text);
      g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)text->str, text->len), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      g_autofree char *path = g_strconcat ("/discovery-mutation/", seeds[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_mutations);
    }
  return g_test_run ();
}
