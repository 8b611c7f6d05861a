/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "model/muster-error.h"
#include "muster-serials.h"

#define ROUNDS 2000

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* --- what each text stands for --- */

static const struct
{
  const char *text;
  const char *highest; /* (nullable) */
  unsigned    quantity;
  const char *expected; /* parted by spaces */
} good[] = {
  { "A10", NULL, 0, "A10" },
  { "A10-15", NULL, 0, "A10 A11 A12 A13 A14 A15" },
  { "A10-A12", NULL, 0, "A10 A11 A12" },
  { "A08-11", NULL, 0, "A08 A09 A10 A11" },
  { "A8-11", NULL, 0, "A8 A9 A10 A11" },
  { "0098-0101", NULL, 0, "0098 0099 0100 0101" },
  { "98-101", NULL, 0, "98 99 100 101" },
  { "SN-0012", NULL, 0, "SN-0012" },
  { "SN-0012-0014", NULL, 0, "SN-0012 SN-0013 SN-0014" },
  { "SN-0012-SN-0014", NULL, 0, "SN-0012 SN-0013 SN-0014" },
  { "7-7", NULL, 0, "7" },
  { "100+3", NULL, 0, "100 101 102 103" },
  { "100+0", NULL, 0, "100" },
  { "100+", NULL, 4, "100 101 102 103" },
  { "A9*3", NULL, 0, "A9 A10 A11" },
  { "~", NULL, 0, "1" },
  { "~", "A009", 0, "A010" },
  { "~ ~", "A009", 0, "A010 A011" },
  { "~+2", "99", 0, "100 101 102" },
  { "~*2", "99", 0, "100 101" },
  { "~+", "99", 3, "100 101 102" },
  { "X1, ~", "99", 0, "X1 X2" },
  { "X1;X3\nX5\tX7  X9,", NULL, 0, "X1 X3 X5 X7 X9" },
  { "\"2024-17\" \"A+B\" \"~\"", NULL, 0, "2024-17 A+B ~" },
  { "A-B", NULL, 0, "A-B" },
  { "A+B", NULL, 0, "A+B" },
  { "-", NULL, 0, "-" },
  { "A-1B", NULL, 0, "A-1B" },
  { "Größe1-3", NULL, 0, "Größe1 Größe2 Größe3" },
  { "990000000000000000001+1", NULL, 0, "990000000000000000001 990000000000000000002" },
};

static void
test_good (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) serials = muster_serials_expand (good[i].text, good[i].highest,
                                                     good[i].quantity, "/serials", &error);
      g_autofree char *text = serials != NULL ? g_strjoinv (" ", serials) : NULL;

      g_test_message ("%s", good[i].text);
      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, good[i].expected);
    }
}

static const struct
{
  const char *text;
  const char *highest; /* (nullable) */
  unsigned    quantity;
  const char *reason; /* a part of the message */
} bad[] = {
  { "", NULL, 0, "at least one" },
  { " , ;", NULL, 0, "at least one" },
  { "A1, A1", NULL, 0, "A1 occurs twice" },
  { "A1-3, A2", NULL, 0, "A2 occurs twice" },
  { "A15-10", NULL, 0, "runs backwards" },
  { "2024-17", NULL, 0, "quotation marks" },
  { "A1-10001", NULL, 0, "more than 10000" },
  { "A1+10000", NULL, 0, "more than 10000" },
  { "A1*99999999999999999999", NULL, 0, "more than 10000" },
  { "A1*0", NULL, 0, "begin with 1" },
  { "A1-5000 B1-5001", NULL, 0, "more than 10000" },
  { "~", "ABC", 0, "no number at its end" },
  { "\"A1", NULL, 0, "closing quotation mark" },
  { "\"\"", NULL, 0, "1 to 64 characters" },
  { "A1-3", NULL, 4, "are 3, but 4 are wanted" },
  { "A1", NULL, 4, "are 1, but 4 are wanted" },
  { "A999999999999999999+1", NULL, 0, "runs out of digits" },
  { "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1", NULL, 0,
    "1 to 64 characters" },
  { "\xff\xfe", NULL, 0, "UTF-8" },
};

static void
test_bad (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) serials = muster_serials_expand (bad[i].text, bad[i].highest, bad[i].quantity,
                                                     "/serials", &error);
      const MusterFieldError *row = NULL;

      g_test_message ("%u: %s", i, error != NULL ? error->message : "taken");
      g_assert_null (serials);
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      row = muster_error_get_fields (error)->pdata[0];
      g_assert_cmpstr (row->pointer, ==, "/serials");
      g_assert_nonnull (strstr (row->detail, bad[i].reason));
    }
}

static void
test_limits (void)
{
  g_autofree char *long_text = g_strnfill (MUSTER_SERIALS_TEXT_MAX + 1, 'A');
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) most = muster_serials_expand ("A00001*10000", NULL, 0, "/serials", NULL);
  g_auto (GStrv) none = muster_serials_expand (long_text, NULL, 0, "/serials", &error);

  g_assert_cmpuint (g_strv_length (most), ==, MUSTER_SERIALS_MAX);
  g_assert_cmpstr (most[MUSTER_SERIALS_MAX - 1], ==, "A10000");
  g_assert_null (none);
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
}

static void
test_order (void)
{
  static const char *const ordered[] = { "A",  "A9",  "A09", "A10",    "A0100", "B",
                                         "B1", "B-1", "C2",  "C10000", NULL };
  g_autofree char         *next = muster_serials_next ("A9");
  g_autofree char         *padded = muster_serials_next ("A09");
  g_autofree char         *none = muster_serials_next ("A");

  g_assert_cmpstr (next, ==, "A10");
  g_assert_cmpstr (padded, ==, "A10");
  g_assert_null (none);
  g_assert_cmpint (muster_serials_compare ("A9", "A10"), <, 0);
  g_assert_cmpint (muster_serials_compare ("A10", "A9"), >, 0);
  g_assert_cmpint (muster_serials_compare ("A10", "A10"), ==, 0);
  /* A total order: whatever two are compared, and whichever way round. */
  for (unsigned i = 0; ordered[i] != NULL; i++)
    for (unsigned j = 0; ordered[j] != NULL; j++)
      {
        int there = muster_serials_compare (ordered[i], ordered[j]);
        int back = muster_serials_compare (ordered[j], ordered[i]);

        g_assert_true ((there < 0) == (back > 0) && (there == 0) == (i == j));
      }
}

/* --- properties --- */

/* A list made at random, written in groups of every kind, reads back as the same list. */
static void
test_round_trip (void)
{
  for (unsigned round = 0; round < ROUNDS; round++)
    {
      static const char *const prefixes[] = { "", "A", "SN-", "x.y/", "Ä" };
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GPtrArray) expected = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) serials = NULL;
      int first = g_test_rand_int_range (0, 50);

      for (int group = 0; group < 6; group++, first += g_test_rand_int_range (60, 500))
        {
          const char *prefix = prefixes[g_test_rand_int_range (0, G_N_ELEMENTS (prefixes))];
          int         width = g_test_rand_int_range (1, 7);
          int         count = g_test_rand_int_range (1, 50);
          int         form = g_test_rand_int_range (0, 4);

          g_string_append_c (text, " ,;\n"[g_test_rand_int_range (0, 4)]);
          g_string_append_printf (text, "%s%0*d", prefix, width, first);
          if (form == 0)
            g_string_append_printf (text, "-%d", first + count - 1);
          else if (form == 1)
            g_string_append_printf (text, "-%s%0*d", prefix, width, first + count - 1);
          else if (form == 2)
            g_string_append_printf (text, "+%d", count - 1);
          else
            g_string_append_printf (text, "*%d", count);
          for (int i = 0; i < count; i++)
            g_ptr_array_add (expected, g_strdup_printf ("%s%0*d", prefix, width, first + i));
        }
      serials = muster_serials_expand (text->str, NULL, expected->len, "/serials", &error);
      g_assert_no_error (error);
      for (guint i = 0; i < expected->len; i++)
        g_assert_cmpstr (serials[i], ==, expected->pdata[i]);
      g_assert_null (serials[expected->len]);
    }
}

/* --- mutations: the fuzz target with seeds of its own, so that it always runs --- */

static void
test_mutations (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (good); i++)
    for (unsigned round = 0; round < ROUNDS / 20; round++)
      {
        g_autoptr (GString) text = g_string_new (good[i].text);

        for (int n = g_test_rand_int_range (0, 5); n > 0; n--)
          muster_test_mutate (text);
        g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)text->str, text->len), ==, 0);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/serials/good", test_good);
  g_test_add_func ("/serials/bad", test_bad);
  g_test_add_func ("/serials/limits", test_limits);
  g_test_add_func ("/serials/order", test_order);
  g_test_add_func ("/serials/round-trip", test_round_trip);
  g_test_add_func ("/serials/mutations", test_mutations);
  return g_test_run ();
}
