/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-error.h"
#include "muster-barcode.h"

/* The finder pattern of ISO/IEC 18004, 6.3.3: rings of 7, 5 and 3 modules. */
static void
assert_finder (MusterBarcode *barcode, unsigned left, unsigned top)
{
  for (unsigned y = 0; y < 7; y++)
    for (unsigned x = 0; x < 7; x++)
      {
        unsigned ring = MAX (ABS ((int)x - 3), ABS ((int)y - 3));

        g_assert_cmpint (muster_barcode_is_dark (barcode, left + x, top + y), ==, ring != 2);
      }
}

static void
test_qr (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterBarcode) barcode =
              muster_barcode_new (MUSTER_BARCODE_QR,
                                  "MUSTER:1:SN-0001:0123456789ABCDEFGHJKMNPQRSTV", &error);
  unsigned size;

  g_assert_no_error (error);
  size = muster_barcode_get_columns (barcode);
  g_assert_cmpuint (size, ==, muster_barcode_get_rows (barcode));
  /* Alphanumeric at level M: 45 characters are version 3. */
  g_assert_cmpuint (size, ==, 29);
  g_assert_cmpuint (muster_barcode_get_quiet (barcode), ==, 4);
  assert_finder (barcode, 0, 0);
  assert_finder (barcode, size - 7, 0);
  assert_finder (barcode, 0, size - 7);
}

static void
test_code_128 (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterBarcode) barcode = muster_barcode_new (MUSTER_BARCODE_CODE_128, "AB", &error);
  /* ISO/IEC 15417: start B, A (33), B (34), check (104 + 33 + 68) mod 103 = 102, stop. */
  static const char expected[] = "11010010000"
                                 "10100011000"
                                 "10001011000"
                                 "11110101110"
                                 "1100011101011";

  g_assert_no_error (error);
  g_assert_cmpuint (muster_barcode_get_rows (barcode), ==, 1);
  g_assert_cmpuint (muster_barcode_get_columns (barcode), ==, sizeof expected - 1);
  for (unsigned i = 0; i < sizeof expected - 1; i++)
    g_assert_cmpint (muster_barcode_is_dark (barcode, i, 0), ==, expected[i] == '1');
}

static void
test_refuses (void)
{
  g_autofree char *too_long = g_strnfill (8000, 'x');

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) empty = NULL;
      g_autoptr (GError) large = NULL;

      g_assert_null (muster_barcode_new (i, "", &empty));
      g_assert_error (empty, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      g_assert_null (muster_barcode_new (i, too_long, &large));
      g_assert_error (large, MUSTER_ERROR, MUSTER_ERROR_INVALID);
    }
}

/* The symbol keeps its quiet zone and stays within its rectangle. */
static void
test_draw (void)
{
  g_autoptr (MusterBarcode) barcode = muster_barcode_new (MUSTER_BARCODE_QR, "A", NULL);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 58, 80);
  cairo_t         *cr = cairo_create (surface);
  unsigned         size = muster_barcode_get_columns (barcode);
  const guchar    *data;
  int              stride, n_wrong = 0;

  g_assert_cmpuint (size, ==, 21);
  muster_barcode_draw (barcode, cr, 0, 0, 58, 80);
  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  stride = cairo_image_surface_get_stride (surface);
  for (int y = 0; y < 80; y++)
    for (int x = 0; x < 58; x++)
      {
        int      column = x / 2 - 4, row = (y - 19) / 2;
        gboolean inside = column >= 0 && column < (int)size && y >= 19 && row < (int)size;
        gboolean dark = inside && muster_barcode_is_dark (barcode, column, row);

        n_wrong += (data[y * stride + x] > 127) != dark;
      }
  g_assert_cmpint (n_wrong, ==, 0);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/barcode/qr", test_qr);
  g_test_add_func ("/barcode/code-128", test_code_128);
  g_test_add_func ("/barcode/refuses", test_refuses);
  g_test_add_func ("/barcode/draw", test_draw);
  return g_test_run ();
}
