/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-raster.h"

static const MusterInk  red = { 1, 0, 0, 1, 2, 0, FALSE, 0 };
static const MusterView view = { 0, 100, 0, 100 };

#define RED 0xffff0000u

static MusterRaster *
draw (const MusterPoint *points, unsigned n_points, gint64 max_gap, const MusterInk *ink)
{
  MusterRaster *raster = muster_raster_new ();

  muster_raster_begin (raster, 100, 100);
  muster_raster_draw (raster, points, n_points, max_gap, &view, ink);
  return raster;
}

static unsigned
count_columns (MusterRaster *raster)
{
  unsigned count = 0;

  for (unsigned x = 0; x < 100; x++)
    {
      gboolean any = FALSE;

      for (unsigned y = 0; y < 100; y++)
        any |= muster_raster_get_pixel (raster, x, y) != 0;
      count += any;
    }
  return count;
}

static void
test_flat (void)
{
  const MusterPoint points[] = { { -50, 40 }, { 150, 40 } };
  g_autoptr (MusterRaster) raster = draw (points, 2, 0, &red);

  for (unsigned x = 0; x < 100; x++)
    {
      g_assert_cmphex (muster_raster_get_pixel (raster, x, 59), ==, RED);
      g_assert_cmphex (muster_raster_get_pixel (raster, x, 60), ==, RED);
      g_assert_cmphex (muster_raster_get_pixel (raster, x, 58), ==, 0);
      g_assert_cmphex (muster_raster_get_pixel (raster, x, 61), ==, 0);
    }
}

/* Where values stand, a wide gap is a step: level up to the next point, then straight to it. */
static void
test_hold (void)
{
  const MusterPoint points[] = { { 10, 40 }, { 60, 80 } };
  MusterInk         ink = red;
  g_autoptr (MusterRaster) raster = NULL;

  ink.holds = TRUE;
  raster = draw (points, 2, 5, &ink);
  g_assert_cmphex (muster_raster_get_pixel (raster, 30, 59), ==, RED);
  g_assert_cmphex (muster_raster_get_pixel (raster, 60, 40), ==, RED);
  g_assert_cmphex (muster_raster_get_pixel (raster, 5, 59), ==, 0);
  g_assert_cmphex (muster_raster_get_pixel (raster, 62, 19), ==, 0);
}

static void
test_hold_last (void)
{
  const MusterPoint points[] = { { -1000, 40 } };
  MusterInk         ink = red;
  g_autoptr (MusterRaster) raster = NULL;

  ink.holds = TRUE;
  ink.until = 70;
  raster = draw (points, 1, 5, &ink);
  g_assert_cmphex (muster_raster_get_pixel (raster, 0, 59), ==, RED);
  g_assert_cmphex (muster_raster_get_pixel (raster, 69, 59), ==, RED);
  g_assert_cmphex (muster_raster_get_pixel (raster, 72, 59), ==, 0);
}

/* Nothing stands after "no value": while a device was away there is no line. */
static void
test_hold_ends (void)
{
  const MusterPoint points[] = { { 0, 40 }, { 30, NAN }, { 80, 40 } };
  MusterInk         ink = red;
  g_autoptr (MusterRaster) raster = NULL;

  ink.holds = TRUE;
  ink.until = 100;
  raster = draw (points, 3, 5, &ink);
  g_assert_cmphex (muster_raster_get_pixel (raster, 28, 59), ==, RED);
  for (unsigned x = 32; x < 78; x++)
    g_assert_cmphex (muster_raster_get_pixel (raster, x, 59), ==, 0);
  g_assert_cmphex (muster_raster_get_pixel (raster, 90, 59), ==, RED);
}

/* Every spike within one column is seen, whatever the density. */
static void
test_spike (void)
{
  g_autofree MusterPoint *points = g_new (MusterPoint, 100000);
  const MusterView        wide = { 0, 100000, 0, 100 };
  g_autoptr (MusterRaster) raster = muster_raster_new ();

  for (int i = 0; i < 100000; i++)
    points[i] = (MusterPoint){ i, 10 };
  points[50500].value = 95;
  muster_raster_begin (raster, 100, 100);
  muster_raster_draw (raster, points, 100000, 0, &wide, &red);
  g_assert_cmphex (muster_raster_get_pixel (raster, 50, 5), ==, RED);
  g_assert_cmphex (muster_raster_get_pixel (raster, 50, 50), ==, RED);
  g_assert_cmphex (muster_raster_get_pixel (raster, 49, 50), ==, 0);
  g_assert_cmphex (muster_raster_get_pixel (raster, 51, 50), ==, 0);
}

static void
test_diagonal_is_closed (void)
{
  const MusterPoint points[] = { { 0, 0 }, { 100, 100 } };
  g_autoptr (MusterRaster) raster = draw (points, 2, 0, &red);

  for (unsigned x = 1; x < 99; x++)
    g_assert_cmphex (muster_raster_get_pixel (raster, x, 99 - x) >> 24, >, 200);
}

static void
test_gaps (void)
{
  const MusterPoint points[] = { { 10, 50 }, { 20, 50 }, { 60, 50 }, { 70, 50 } };
  const MusterPoint nothing[] = { { 10, 50 }, { 20, NAN }, { 30, 50 } };
  g_autoptr (MusterRaster) joined = draw (points, 4, 0, &red);
  g_autoptr (MusterRaster) broken = draw (points, 4, 20, &red);
  g_autoptr (MusterRaster) dots = draw (nothing, 3, 0, &red);

  g_assert_cmpuint (count_columns (joined), ==, 61);
  g_assert_cmpuint (count_columns (broken), ==, 22);
  g_assert_cmphex (muster_raster_get_pixel (broken, 40, 50), ==, 0);
  g_assert_cmpuint (count_columns (dots), ==, 8);
}

static void
test_beyond (void)
{
  const MusterPoint far[] = { { G_MININT64 / 4, 1e300 }, { G_MAXINT64 / 4, -1e300 } };
  const MusterPoint outside[] = { { 10, 500 }, { 90, 500 } };
  const MusterPoint elsewhere[] = { { -20, 50 }, { -10, 50 }, { 110, 50 }, { 120, 50 } };
  g_autoptr (MusterRaster) steep = draw (far, 2, 0, &red);
  g_autoptr (MusterRaster) above = draw (outside, 2, 0, &red);
  g_autoptr (MusterRaster) aside = draw (elsewhere, 4, 30, &red);
  g_autoptr (MusterRaster) through = draw (elsewhere, 4, 0, &red);
  g_autoptr (MusterRaster) none = draw (NULL, 0, 0, &red);

  g_assert_cmpuint (count_columns (steep), <=, 100);
  g_assert_cmpuint (count_columns (above), ==, 0);
  g_assert_cmpuint (count_columns (aside), ==, 0);
  g_assert_cmpuint (count_columns (through), ==, 100);
  g_assert_cmpuint (count_columns (none), ==, 0);
}

static void
test_premultiplied (void)
{
  const MusterInk   glass = { 1, 0.5, 0, 0.5, 4, 0.5 };
  const MusterPoint points[] = { { 0, 50 }, { 100, 50 } };
  g_autoptr (MusterRaster) raster = draw (points, 2, 0, &glass);
  guint32 line = muster_raster_get_pixel (raster, 50, 49);
  guint32 area = muster_raster_get_pixel (raster, 50, 90);

  g_assert_cmpuint (line >> 24, ==, 128);
  g_assert_cmpuint (line >> 16 & 255, <=, 128);
  g_assert_cmpuint (line >> 8 & 255, ==, 64);
  g_assert_cmpuint (line & 255, ==, 0);
  g_assert_cmpuint (area >> 24, ==, 64);
  g_assert_cmphex (muster_raster_get_pixel (raster, 50, 10), ==, 0);
  /* Twice the same never exceeds what the format allows. */
  for (int i = 0; i < 20; i++)
    muster_raster_draw (raster, points, 2, 0, &view, &glass);
  line = muster_raster_get_pixel (raster, 50, 49);
  g_assert_cmpuint (line >> 24, >, 250);
  g_assert_cmpuint (line >> 16 & 255, <=, line >> 24);
}

static void
test_reuse (void)
{
  const MusterPoint points[] = { { 0, 50 }, { 100, 50 } };
  g_autoptr (MusterRaster) raster = draw (points, 2, 0, &red);
  const void *memory;
  GBytes     *first = muster_raster_end (raster);
  GBytes     *second;

  memory = g_bytes_get_data (first, NULL);
  g_assert_cmpuint (g_bytes_get_size (first), ==, 100 * 100 * 4);
  g_bytes_unref (first);
  muster_raster_begin (raster, 100, 100);
  g_assert_cmphex (muster_raster_get_pixel (raster, 50, 50), ==, 0);
  second = muster_raster_end (raster);
  g_assert_true (g_bytes_get_data (second, NULL) == memory);
  /* Bytes outlive the raster, and another size is another buffer. */
  muster_raster_begin (raster, 50, 50);
  g_clear_pointer (&raster, muster_raster_free);
  g_bytes_unref (second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/raster/flat", test_flat);
  g_test_add_func ("/raster/hold", test_hold);
  g_test_add_func ("/raster/hold-last", test_hold_last);
  g_test_add_func ("/raster/hold-ends", test_hold_ends);
  g_test_add_func ("/raster/spike", test_spike);
  g_test_add_func ("/raster/diagonal-is-closed", test_diagonal_is_closed);
  g_test_add_func ("/raster/gaps", test_gaps);
  g_test_add_func ("/raster/beyond", test_beyond);
  g_test_add_func ("/raster/premultiplied", test_premultiplied);
  g_test_add_func ("/raster/reuse", test_reuse);
  return g_test_run ();
}
