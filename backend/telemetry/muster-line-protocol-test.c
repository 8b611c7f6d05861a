/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

/* Lines made of anything come back as what they were made of, and bodies of anything do no harm.
 * What single lines mean and how refusals read is in tests/blackbox/line-protocol.py. */

#include <stdint.h>

#include "core/muster-core-test-util.h"
#include "muster-line-protocol.h"

#define NOW G_GINT64_CONSTANT (1767225600000000)
#define DEVICE "01980000-0000-7000-8000-000000000001"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char *
look_up (const char *key, gpointer user_data)
{
  return g_str_equal (key, "lamp 1") ? DEVICE : NULL;
}

static MusterLines *
decode (const char *body)
{
  MusterIngestSender sender = { .lookup = look_up, .now = NOW };

  return muster_lines_decode (body, strlen (body), 1, 1000, &sender);
}

/* --- made lines --- */

/* A text of what gives parsers trouble; a backslash stands before a letter only, as else it would
 * say something. */
static char *
draw_text (GRand *random, gboolean is_string)
{
  static const char *const pieces[] = {
    "a", "bc", "1", ",", " ", "=", "\\n", "ü", "\"", "t", "\xf0\x9f\x94\xa5", "#", "/", "1i"
  };
  GString *text = g_string_new ("m");

  for (int i = g_rand_int_range (random, 0, 6); i > 0; i--)
    g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
  if (is_string && g_rand_boolean (random))
    g_string_append (text, "\\");
  return g_string_free_and_steal (text);
}

static void
append_escaped (GString *line, const char *text, const char *special)
{
  for (; *text != '\0'; text++)
    {
      if (strchr (special, *text) != NULL)
        g_string_append_c (line, '\\');
      g_string_append_c (line, *text);
    }
}

/* What a field must become. */
typedef struct
{
  char      *metric;
  unsigned   kind;
  MusterCell cell;
  char      *text; /* (nullable) */
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->metric);
  g_free (wanted->text);
  g_free (wanted);
}

static void
append_value (GRand *random, GString *line, Wanted *wanted)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  wanted->kind = (const unsigned[]){ MUSTER_CELL_INTEGER, MUSTER_CELL_DOUBLE, MUSTER_CELL_BOOLEAN,
                                     MUSTER_CELL_TEXT }[g_rand_int_range (random, 0, 4)];
  switch (wanted->kind)
    {
    case MUSTER_CELL_INTEGER:
      wanted->cell.integer = (gint64)((guint64)g_rand_int (random) << 32 | g_rand_int (random)) >>
                             g_rand_int_range (random, 0, 64);
      g_string_append_printf (line, "%" G_GINT64_FORMAT "i", wanted->cell.integer);
      return;
    case MUSTER_CELL_DOUBLE:
      wanted->cell.number = g_rand_boolean (random)
                              ? g_rand_int_range (random, -100000, 100000) / 100.0
                              : g_rand_double_range (random, -1e18, 1e18);
      g_string_append (line, g_ascii_dtostr (buffer, sizeof buffer, wanted->cell.number));
      return;
    case MUSTER_CELL_BOOLEAN:
      wanted->cell.integer = g_rand_boolean (random);
      g_string_append (line, wanted->cell.integer ? "true" : "F");
      return;
    case MUSTER_CELL_TEXT:
    default:
      wanted->text = draw_text (random, TRUE);
      g_string_append_c (line, '"');
      append_escaped (line, wanted->text, "\"\\");
      g_string_append_c (line, '"');
    }
}

/* A line of one device, with one tag more; what it must become goes into ALL. */
static void
append_line (GRand *random, GString *body, gint64 time, GPtrArray *all)
{
  g_autofree char *measurement = draw_text (random, FALSE), *key = draw_text (random, FALSE),
                  *value = draw_text (random, FALSE);
  int n_fields = g_rand_int_range (random, 1, 5);

  append_escaped (body, measurement, ", ");
  g_string_append (body, g_rand_boolean (random) ? ",serial=lamp\\ 1," : ",host=lamp\\ 1,");
  append_escaped (body, key, ",= ");
  g_string_append_c (body, '=');
  append_escaped (body, value, ",= ");
  for (int i = 0; i < n_fields; i++)
    {
      Wanted          *wanted = g_new0 (Wanted, 1);
      g_autofree char *drawn = draw_text (random, FALSE);
      g_autofree char *field = g_strdup_printf ("%s%d", drawn, i);

      g_string_append_c (body, i == 0 ? ' ' : ',');
      append_escaped (body, field, ",= ");
      g_string_append_c (body, '=');
      append_value (random, body, wanted);
      wanted->metric = g_strdup_printf ("%s/%s=%s/%s", measurement, key, value, field);
      g_ptr_array_add (all, wanted);
    }
  g_string_append_printf (body, " %" G_GINT64_FORMAT "000%s", time,
                          g_rand_boolean (random) ? "\n" : "\r\n");
}

static void
check_cell (const MusterSampleChunk *chunk, guint i, const Wanted *wanted)
{
  MusterCell cell = g_array_index (chunk->cells, MusterCell, i);

  g_assert_cmpstr (chunk->metrics->pdata[g_array_index (chunk->cell_metrics, guint16, i)], ==,
                   wanted->metric);
  g_assert_cmpuint (muster_cell_get_kind (chunk->cell_tags->data[i]), ==, wanted->kind);
  if (wanted->kind == MUSTER_CELL_TEXT)
    g_assert_cmpstr (chunk->texts->pdata[cell.bits], ==, wanted->text);
  else
    g_assert_cmphex (cell.bits, ==, wanted->cell.bits);
}

static void
test_made_lines (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  for (int round = 0; round < 400; round++)
    {
      g_autoptr (GString) body = g_string_new (NULL);
      g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (wanted_free);
      g_autoptr (MusterLines) lines = NULL;
      int n_lines = g_rand_int_range (random, 1, 20);

      for (int i = 0; i < n_lines; i++)
        append_line (random, body, NOW - 1000 + i, all);
      lines = decode (body->str);
      g_assert_cmpstr (lines->reasons->str, ==, "");
      g_assert_cmpuint (lines->chunk->rows->len, ==, n_lines);
      for (int i = 0; i < n_lines; i++)
        g_assert_cmpint (g_array_index (lines->chunk->rows, MusterChunkRow, i).time, ==,
                         NOW - 1000 + i);
      g_assert_cmpuint (lines->chunk->cells->len, ==, all->len);
      for (guint i = 0; i < all->len; i++)
        check_cell (lines->chunk, i, all->pdata[i]);
    }
}

/* Numbers as g_ascii_strtod reads them, however they are written. */
static void
test_numbers (void)
{
  static const char *const texts[] = {
    "0.1",
    "123456789.123456789",
    "1e-7",
    "0.30000000000000004",
    "9007199254740993",
    "1e22",
    "1e23",
    "4.35",
    "8.41",
    "2.2250738585072011e-308",
    "5e-324",
    "1.7976931348623157e308",
    "0.000000000000000000000000000001",
    "100000000000000000000000",
    "-0.0",
    "+5.25",
    "3.14159265358979323846264338327950288",
    "00012.5",
    "1E5",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *body = g_strdup_printf ("m,host=lamp\\ 1 a=%s 1", texts[i]);
      g_autoptr (MusterLines) lines = decode (body);
      MusterCell wanted = { .number = g_ascii_strtod (texts[i], NULL) };

      g_assert_cmpstr (lines->reasons->str, ==, "");
      g_assert_cmpuint (muster_cell_get_kind (lines->chunk->cell_tags->data[0]), ==,
                        MUSTER_CELL_DOUBLE);
      g_assert_cmphex (g_array_index (lines->chunk->cells, MusterCell, 0).bits, ==, wanted.bits);
    }
}

static void
test_mutated (void)
{
  static const char seed[] =
    "m,serial=lamp\\ 1,room=a\\,b temperature=21.5,on=t,n=-5i,u=7u,s=\"te\\\"xt\" 1767225600000000000\n"
    "# comment\r\n\nm\\ n,host=x value=1e5 12\nm,device=y a=\"two\nlines\",b=2\n";

  for (unsigned round = 0; round < 5000; round++)
    {
      g_autoptr (GString) bytes = g_string_new_len (seed, sizeof seed - 1);

      for (int i = g_test_rand_int_range (1, 6); i > 0; i--)
        muster_test_mutate (bytes);
      LLVMFuzzerTestOneInput ((const uint8_t *)bytes->str, bytes->len);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/line-protocol/made-lines", test_made_lines);
  g_test_add_func ("/line-protocol/numbers", test_numbers);
  g_test_add_func ("/line-protocol/mutated", test_mutated);
  return g_test_run ();
}
