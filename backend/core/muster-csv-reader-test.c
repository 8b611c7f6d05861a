/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-error.h"
#include "muster-csv-reader.h"

/* Rows as "a|b\nc|d\n". */
static gboolean
append_row (char **cells, guint n_cells, gint64 number, gpointer data, GError **error)
{
  GString *text = data;

  for (guint i = 0; i < n_cells; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "|" : "", cells[i]);
  g_string_append_c (text, '\n');
  return TRUE;
}

/* What comes out of TEXT fed PIECE bytes at a time. */
static char *
read_rows (const char *text, gsize length, char delimiter, gsize piece, GError **error)
{
  g_autoptr (GString) rows = g_string_new (NULL);
  g_autoptr (MusterCsvReader) reader = muster_csv_reader_new (delimiter, append_row, rows);

  for (gsize at = 0; at < length; at += piece)
    if (!muster_csv_reader_feed (reader, text + at, MIN (piece, length - at), error))
      return NULL;
  return muster_csv_reader_finish (reader, error)
           ? g_string_free_and_steal (g_steal_pointer (&rows))
           : NULL;
}

static const struct
{
  const char *text;
  char        delimiter;
  const char *rows;
} cases[] = {
  { "a,b\nc,d\n", ',', "a|b\nc|d\n" },
  { "a,b\r\nc,d", ',', "a|b\nc|d\n" },
  { "a;b\rc;d\r", ';', "a|b\nc|d\n" },
  { "a\tb c\n", '\t', "a|b c\n" },
  { "\"a,1\",\"say \"\"hi\"\"\",\"two\nlines\"\n", ',', "a,1|say \"hi\"|two\nlines\n" },
  { "a,b\n\n,\n \nc,d\n", ',', "a|b\nc|d\n" },
  { "a,,\n", ',', "a||\n" },
  { "\xc3\xa4,\xe2\x80\xba\n", ',', "\xc3\xa4|\xe2\x80\xba\n" },
  { "", ',', "" },
};

static void
test_rows (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece <= 7; piece += 3)
      {
        g_autoptr (GError) error = NULL;
        g_autofree char *rows =
          read_rows (cases[i].text, strlen (cases[i].text), cases[i].delimiter, piece, &error);

        g_assert_no_error (error);
        g_assert_cmpstr (rows, ==, cases[i].rows);
      }
}

static void
assert_refused (const char *text, gsize length, const char *pattern)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = read_rows (text, length, ',', 1000, &error);

  g_assert_null (rows);
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
  g_assert_true (g_pattern_match_simple (pattern, error->message));
}

static void
test_limits (void)
{
  g_autofree char *cell = g_strnfill (MUSTER_CSV_MAX_CELL_BYTES + 1, 'x');
  g_autofree char *open = g_strconcat ("a\n\"", cell, cell, NULL);
  g_autofree char *wide = g_strnfill (MUSTER_CSV_MAX_COLUMNS, ',');

  assert_refused (cell, strlen (cell), "row 1 *64 KiB*");
  assert_refused (open, strlen (open), "row 2 *quote*");
  assert_refused (wide, strlen (wide), "row 1 *256 cells");
  assert_refused ("a,b\nc,\xff\n", 8, "row 2 *UTF-8");
  assert_refused ("a\0b\n", 4, "row 1 *UTF-8");
}

static void
test_delimiters (void)
{
  static const struct
  {
    const char *text;
    char        delimiter;
  } heads[] = {
    { "a,b,c\n1;2;3;4;5\n", ',' }, { "a;b\n", ';' }, { "a\tb\n", '\t' },
    { "\"a,b,c\";d;e\n", ';' },    { "a\n", ',' },   { "", ',' },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (heads); i++)
    g_assert_cmpint (muster_csv_guess_delimiter (heads[i].text, strlen (heads[i].text)), ==,
                     heads[i].delimiter);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv-reader/rows", test_rows);
  g_test_add_func ("/csv-reader/limits", test_limits);
  g_test_add_func ("/csv-reader/delimiters", test_delimiters);
  return g_test_run ();
}
