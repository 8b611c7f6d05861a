/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "muster-byte-ranges.h"

/* tests/fuzz/fuzz-byte-ranges.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ROUNDS 5000

/* What is asked of 1000 bytes, and what is given: "-" for all of them, "416", or the ranges. */
static const struct
{
  const char *text;
  const char *given;
} cases[] = {
  { NULL, "-" },
  { "", "-" },
  { "lines=1-2", "-" },
  { "bytes", "-" },
  { "bytes=0-499", "0-499" },
  { "BYTES=0-499", "0-499" },
  { "bytes=500-", "500-999" },
  { "bytes=-500", "500-999" },
  { "bytes=-5000", "0-999" },
  { "bytes=0-0", "0-0" },
  { "bytes=999-999", "999-999" },
  { "bytes=990-99999999999999999999999", "990-999" },
  { "bytes=-99999999999999999999999", "0-999" },
  { "bytes=1000-", "416" },
  { "bytes=1000-1001", "416" },
  { "bytes=99999999999999999999999-", "416" },
  { "bytes=-0", "416" },
  { "bytes=", "416" },
  { "bytes= , ", "416" },
  { "bytes=3-1", "416" },
  { "bytes=a-b", "416" },
  { "bytes=1", "416" },
  { "bytes=-", "416" },
  { "bytes=1-2-3", "416" },
  { "bytes=1-2;", "416" },
  { "bytes=0x1-2", "416" },
  { "bytes= 1 - 2", "416" },
  { "bytes=0-1,x", "416" },
  { "bytes=0-1,3-4", "0-1,3-4" },
  { "bytes= 0-1 ,\t3-4 , ", "0-1,3-4" },
  { "bytes=,,7-8", "7-8" },
  { "bytes=500-600,0-9,-1", "500-600,0-9,999-999" },
  { "bytes=0-9,2000-,20-29", "0-9,20-29" },
  { "bytes=5000-,2000-", "416" },
  { "bytes=0-9,10-19", "0-9,10-19" },
  { "bytes=500-600,0-9,550-700", "0-9,500-700" },
  { "bytes=0-,0-,0-,5-", "0-999" },
};

static char *
print_ranges (MusterByteRangesKind kind, GArray *ranges)
{
  GString *text = g_string_new (NULL);

  if (kind == MUSTER_BYTE_RANGES_WHOLE)
    g_string_append_c (text, '-');
  else if (kind == MUSTER_BYTE_RANGES_REFUSED)
    g_string_append (text, "416");
  for (guint i = 0; ranges != NULL && i < ranges->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, i > 0 ? "," : "",
                            g_array_index (ranges, MusterByteRange, i).first,
                            g_array_index (ranges, MusterByteRange, i).last);
  return g_string_free_and_steal (text);
}

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) ranges = NULL;
      MusterByteRangesKind kind = muster_byte_ranges_parse (cases[i].text, 1000, &ranges);
      g_autofree char     *given = print_ranges (kind, ranges);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (given, ==, cases[i].given);
    }
}

static void
test_empty_file (void)
{
  static const char *const texts[] = { "bytes=0-", "bytes=-1", "bytes=0-0" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GArray) ranges = NULL;

      g_assert_cmpint (muster_byte_ranges_parse (texts[i], 0, &ranges), ==,
                       MUSTER_BYTE_RANGES_REFUSED);
    }
}

static void
test_how_many (void)
{
  for (unsigned n = MUSTER_BYTE_RANGES_MAX - 1; n <= MUSTER_BYTE_RANGES_MAX + 1; n++)
    {
      g_autoptr (GString) text = g_string_new ("bytes=");
      g_autoptr (GArray) ranges = NULL;

      for (unsigned i = 0; i < n; i++)
        g_string_append_printf (text, "%u-%u,", 2 * i, 2 * i);
      g_assert_cmpint (muster_byte_ranges_parse (text->str, 1000, &ranges), ==,
                       n <= MUSTER_BYTE_RANGES_MAX ? MUSTER_BYTE_RANGES_PARTS
                                                   : MUSTER_BYTE_RANGES_REFUSED);
      g_assert_cmpuint (ranges != NULL ? ranges->len : n, ==, n);
    }
}

static void
run (const char *data, gsize length)
{
  g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)data, length), ==, 0);
}

static void
test_mutations (void)
{
  for (unsigned round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      g_string_append_c (text, (char)g_test_rand_int_range (0, 7));
      g_string_append (text, cases[2 + round % (G_N_ELEMENTS (cases) - 2)].text);
      run (text->str, text->len);
      for (int i = g_test_rand_int_range (1, 6); i > 0; i--)
        muster_test_mutate (text);
      run (text->str, text->len);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/byte-ranges/parse", test_parse);
  g_test_add_func ("/byte-ranges/empty-file", test_empty_file);
  g_test_add_func ("/byte-ranges/how-many", test_how_many);
  g_test_add_func ("/byte-ranges/mutations", test_mutations);
  return g_test_run ();
}
