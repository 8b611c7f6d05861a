/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>

#include "core/muster-core-test-util.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ROUNDS 3000

static const char *const seeds[] = {
  "{\"name\":\"r\",\"kind\":\"threshold\",\"metric\":\"*/t\",\"operator\":\"ge\",\"value\":80,"
  "\"hysteresis\":2,\"steps\":[{\"severity\":\"error\",\"value\":90}],"
  "\"quiet_hours\":[{\"days\":[1,7],\"from\":\"22:00\",\"to\":\"06:00\"}]}",
  "{\"name\":\"r\",\"kind\":\"range\",\"metric\":\"t\",\"value\":1,\"value_high\":9,\"steps\":[{"
  "\"severity\":\"error\",\"value\":0,\"value_high\":10}],\"for_seconds\":60}",
  "{\"name\":\"r\",\"kind\":\"rate\",\"metric\":\"t\",\"value\":5,\"rate_seconds\":60}",
  "{\"name\":\"r\",\"kind\":\"expression\",\"expression\":\"a - b > 5\",\"severity\":\"info\"}",
  "{\"name\":\"r\",\"kind\":\"missing\",\"metric\":\"t\",\"missing_seconds\":60,\"quiet_hours\":[{"
  "\"from\":\"00:00\",\"to\":\"00:00\"},{\"from\":\"23:59\",\"to\":\"23:58\"}]}",
  "{\"name\":\"r\",\"kind\":\"state\",\"metric\":\"t\",\"text\":\"fault\",\"operator\":\"ne\"}",
};

/* The fuzz target with seeds of its own, so that it always runs. */
static void
test_mutations (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (seeds); i++)
    for (unsigned round = 0; round < ROUNDS; round++)
      {
        g_autoptr (GString) text = g_string_new (seeds[i]);

        for (int n = g_test_rand_int_range (0, 4); n > 0; n--)
          muster_test_mutate (text);
        g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)text->str, text->len), ==, 0);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alert-rule/mutations", test_mutations);
  return g_test_run ();
}
