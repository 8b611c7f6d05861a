/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "muster-document-print.h"

static const MusterDocumentColumn columns[] = { { "", 0.4, MUSTER_COLUMN_TICK },
                                                { "Product", 4, MUSTER_COLUMN_START },
                                                { "Quantity", 1, MUSTER_COLUMN_END },
                                                { NULL, 0, 0 } };

static MusterDocumentPrint *
make_document (unsigned n_rows)
{
  MusterDocumentPrint *print = muster_document_print_new ("Plant 7", "Pick list", "SO-2026-000001");

  muster_document_print_add_pair (print, "Customer", "Example Ltd");
  muster_document_print_add_pair (print, "Left out", NULL);
  muster_document_print_add_table (print, columns);
  for (unsigned i = 0; i < n_rows; i++)
    {
      const char *cells[] = { NULL, "Boiler sensor", "1" };

      muster_document_print_add_row (print, cells);
    }
  return print;
}

/* How much ink is on the page, in the rectangle of points. */
static int
count_ink (MusterDocumentPrint *print, unsigned page, int x, int y, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 700, 900);
  cairo_t         *cr = cairo_create (surface);
  const guchar    *data;
  int              ink = 0;

  muster_printable_draw (MUSTER_PRINTABLE (print), cr, page);
  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  for (int i = y; i < y + height; i++)
    for (int j = x; j < x + width; j++)
      ink += data[i * cairo_image_surface_get_stride (surface) + j] > 64;
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return ink;
}

static void
test_pages (void)
{
  g_autoptr (MusterDocumentPrint) one = make_document (3);
  g_autoptr (MusterDocumentPrint) many = make_document (500);
  const MusterPaper *a4 = muster_paper_find ("iso_a4");
  const MusterPaper *a5 = muster_paper_find ("iso_a5");
  unsigned           n_a4, n_a5;

  muster_printable_set_paper (MUSTER_PRINTABLE (one), a4);
  g_assert_cmpuint (muster_printable_layout (MUSTER_PRINTABLE (one)), ==, 1);
  muster_printable_set_paper (MUSTER_PRINTABLE (many), a4);
  n_a4 = muster_printable_layout (MUSTER_PRINTABLE (many));
  g_assert_cmpuint (n_a4, >, 8);
  g_assert_cmpuint (n_a4, <, 20);
  muster_printable_set_paper (MUSTER_PRINTABLE (many), a5);
  n_a5 = muster_printable_layout (MUSTER_PRINTABLE (many));
  g_assert_cmpuint (n_a5, >, n_a4);
}

/* The header of the table is repeated: the bold rule and titles stand at the top of each page. */
static void
test_header_is_repeated (void)
{
  g_autoptr (MusterDocumentPrint) print = make_document (120);
  const MusterPaper *a4 = muster_paper_find ("iso_a4");
  unsigned           n_pages;
  int                margin = (int)a4->margin;

  muster_printable_set_paper (MUSTER_PRINTABLE (print), a4);
  n_pages = muster_printable_layout (MUSTER_PRINTABLE (print));
  g_assert_cmpuint (n_pages, >=, 3);
  for (unsigned page = 1; page < n_pages; page++)
    {
      int titles = count_ink (print, page, margin, margin, 490, 19);
      int second = count_ink (print, 1, margin, margin, 490, 19);

      g_assert_cmpint (titles, >, 100);
      g_assert_cmpint (titles, ==, second);
    }
}

/* Nothing is drawn in the margins, whatever the texts are. */
static void
test_margins (void)
{
  g_autoptr (MusterDocumentPrint) print = make_document (60);
  const MusterPaper *a4 = muster_paper_find ("iso_a4");
  g_autofree char   *endless = g_strnfill (600, 'W');
  const char        *cells[] = { NULL, endless, "1000000" };
  unsigned           n_pages;

  muster_document_print_add_row (print, cells);
  muster_document_print_add_text (print, endless);
  muster_document_print_add_signature (print, "Received", "A. Example", NULL);
  muster_printable_set_paper (MUSTER_PRINTABLE (print), a4);
  n_pages = muster_printable_layout (MUSTER_PRINTABLE (print));
  for (unsigned page = 0; page < n_pages; page++)
    {
      g_assert_cmpint (count_ink (print, page, 0, 0, (int)a4->margin - 3, 842), ==, 0);
      g_assert_cmpint (count_ink (print, page, 595 - (int)a4->margin + 3, 0, 48, 842), ==, 0);
      g_assert_cmpint (count_ink (print, page, 0, 842 - (int)a4->margin + 6, 595, 40), ==, 0);
    }
}

static void
test_signature_strokes (void)
{
  g_autoptr (JsonNode) strokes =
      json_from_string ("[[[0,0],[1,1]],[[0,1],[1,0]],[],[[\"x\"]],[[0.5]],7,[[9,-9],[0.5,0.5]]]",
                        NULL);
  g_autoptr (MusterDocumentPrint) empty = muster_document_print_new ("Plant 7", "Note", NULL);
  g_autoptr (MusterDocumentPrint) signed_print = muster_document_print_new ("Plant 7", "Note", NULL);

  muster_document_print_add_signature (empty, "Received", NULL, NULL);
  muster_document_print_add_signature (signed_print, "Received", NULL, strokes);
  muster_printable_layout (MUSTER_PRINTABLE (empty));
  muster_printable_layout (MUSTER_PRINTABLE (signed_print));
  g_assert_cmpint (count_ink (signed_print, 0, 0, 0, 600, 850), >,
                   count_ink (empty, 0, 0, 0, 600, 850) + 200);
}

static void
test_pdf (void)
{
  g_autoptr (MusterDocumentPrint) print = make_document (100);
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("muster-print-XXXXXX", &error);
  g_autofree char *path = g_build_filename (directory, "list.pdf", NULL);
  g_autofree char *nowhere = g_build_filename (directory, "missing", "list.pdf", NULL);
  g_autofree char *contents = NULL;
  gsize            length;

  g_assert_no_error (error);
  g_assert_true (muster_printable_write_pdf (MUSTER_PRINTABLE (print), path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_true (g_str_has_prefix (contents, "%PDF-"));
  g_assert_false (muster_printable_write_pdf (MUSTER_PRINTABLE (print), nowhere, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document-print/pages", test_pages);
  g_test_add_func ("/document-print/header-is-repeated", test_header_is_repeated);
  g_test_add_func ("/document-print/margins", test_margins);
  g_test_add_func ("/document-print/signature-strokes", test_signature_strokes);
  g_test_add_func ("/document-print/pdf", test_pdf);
  return g_test_run ();
}
