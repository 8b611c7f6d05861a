/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-raster.h"

#define RED 0xffff0000u

static const MusterInk  red = { 1, 0, 0, 1, 2 };
static const MusterView view = { 0, 100, 0, 100 };

static guint32
pixel (MusterRaster *raster, unsigned x, unsigned y)
{
  return muster_raster_get_pixel (raster, x, y);
}

static MusterRaster *
begin (void)
{
  MusterRaster *raster = muster_raster_new ();

  muster_raster_begin (raster, 100, 100);
  return raster;
}

/* From 20 to 60 the pixels of the values between are covered, at half opacity. */
static void
test_band (void)
{
  const MusterPoint low[] = { { 0, 20 }, { 100, 20 } };
  const MusterPoint high[] = { { 0, 60 }, { 100, 60 } };
  MusterInk         ink = red;
  g_autoptr (MusterRaster) raster = begin ();

  ink.fill = 0.5;
  muster_raster_draw_band (raster, low, 2, high, 2, 0, &view, &ink);
  for (unsigned x = 0; x < 100; x++)
    {
      g_assert_cmphex (pixel (raster, x, 39), ==, 0);
      g_assert_cmpuint (pixel (raster, x, 40) >> 24, ==, 128);
      g_assert_cmpuint (pixel (raster, x, 79) >> 24, ==, 128);
      g_assert_cmphex (pixel (raster, x, 80), ==, 0);
    }
}

/* Where either is missing there is no band. */
static void
test_band_gap (void)
{
  const MusterPoint low[] = { { 0, 20 }, { 30, 20 }, { 70, 20 }, { 100, 20 } };
  const MusterPoint high[] = { { 0, 60 }, { 30, 60 }, { 70, 60 }, { 100, 60 } };
  MusterInk         ink = red;
  g_autoptr (MusterRaster) raster = begin ();

  ink.fill = 1;
  muster_raster_draw_band (raster, low, 4, high, 4, 35, &view, &ink);
  g_assert_cmphex (pixel (raster, 20, 60), ==, RED);
  g_assert_cmphex (pixel (raster, 50, 60), ==, 0);
  g_assert_cmphex (pixel (raster, 80, 60), ==, RED);
  muster_raster_draw_band (raster, low, 0, high, 4, 0, &view, &ink);
  g_assert_cmphex (pixel (raster, 50, 60), ==, 0);
}

/* A bar begins at its time, ends with its step, stands on zero, and leaves a gap to the next. */
static void
test_bars (void)
{
  const MusterPoint points[] = { { 0, 50 }, { 50, 20 }, { 75, NAN } };
  g_autoptr (MusterRaster) raster = begin ();

  muster_raster_draw_bars (raster, points, 3, 50, 0, 1, &view, &red);
  g_assert_cmphex (pixel (raster, 25, 50), ==, RED);
  g_assert_cmphex (pixel (raster, 25, 99), ==, RED);
  g_assert_cmphex (pixel (raster, 25, 49), ==, 0);
  g_assert_cmphex (pixel (raster, 75, 80), ==, RED);
  g_assert_cmphex (pixel (raster, 75, 79), ==, 0);
  g_assert_cmphex (pixel (raster, 50, 99), ==, 0);
  g_assert_cmphex (pixel (raster, 1, 99), ==, 0);
}

/* What is less than nothing hangs from zero. */
static void
test_bars_below (void)
{
  const MusterView  about = { 0, 100, -50, 50 };
  const MusterPoint points[] = { { 0, -25 } };
  g_autoptr (MusterRaster) raster = begin ();

  muster_raster_draw_bars (raster, points, 1, 100, 0, 1, &about, &red);
  g_assert_cmphex (pixel (raster, 50, 49), ==, 0);
  g_assert_cmphex (pixel (raster, 50, 50), ==, RED);
  g_assert_cmphex (pixel (raster, 50, 74), ==, RED);
  g_assert_cmphex (pixel (raster, 50, 75), ==, 0);
}

static void
test_bars_side_by_side (void)
{
  const MusterPoint points[] = { { 0, 100 } };
  const MusterInk   blue = { 0, 0, 1, 1, 2 };
  g_autoptr (MusterRaster) raster = begin ();

  muster_raster_draw_bars (raster, points, 1, 100, 0, 2, &view, &red);
  muster_raster_draw_bars (raster, points, 1, 100, 1, 2, &view, &blue);
  g_assert_cmphex (pixel (raster, 30, 50), ==, RED);
  g_assert_cmphex (pixel (raster, 49, 50), ==, RED);
  g_assert_cmphex (pixel (raster, 50, 50), ==, 0xff0000ff);
  g_assert_cmphex (pixel (raster, 70, 50), ==, 0xff0000ff);
}

/* Narrower than a pixel, a bar is still seen. */
static void
test_bars_dense (void)
{
  MusterPoint points[1000];
  g_autoptr (MusterRaster) raster = begin ();
  const MusterView wide = { 0, 1000, 0, 100 };

  for (unsigned i = 0; i < 1000; i++)
    points[i] = (MusterPoint){ i, i == 505 ? 90 : 0 };
  muster_raster_draw_bars (raster, points, 1000, 1, 0, 1, &wide, &red);
  g_assert_true (pixel (raster, 50, 20) == RED || pixel (raster, 51, 20) == RED);
}

/* Of several series that share the columns the one drawn first is in front, from zero up to its
 * value; what is higher looks out behind it, above zero and below. */
static void
test_bars_dense_behind (void)
{
  MusterPoint points[2][1000];
  g_autoptr (MusterRaster) raster = begin ();
  const MusterInk  blue = { 0, 0, 1, 1, 2 };
  const MusterView wide = { 0, 1000, -100, 100 };

  for (unsigned i = 0; i < 1000; i++)
    {
      points[0][i] = (MusterPoint){ i, i < 500 ? 40 : -40 };
      points[1][i] = (MusterPoint){ i, i < 750 ? 80 : -80 };
    }
  muster_raster_draw_bars (raster, points[0], 1000, 1, 0, 2, &wide, &red);
  muster_raster_draw_bars (raster, points[1], 1000, 1, 1, 2, &wide, &blue);
  g_assert_cmphex (pixel (raster, 20, 49), ==, RED);
  g_assert_cmphex (pixel (raster, 20, 30), ==, RED);
  g_assert_cmphex (pixel (raster, 20, 29), ==, 0xff0000ff);
  g_assert_cmphex (pixel (raster, 20, 10), ==, 0xff0000ff);
  g_assert_cmphex (pixel (raster, 20, 9), ==, 0);
  g_assert_cmphex (pixel (raster, 60, 20), ==, 0xff0000ff);
  g_assert_cmphex (pixel (raster, 60, 60), ==, RED);
  g_assert_cmphex (pixel (raster, 80, 60), ==, RED);
  g_assert_cmphex (pixel (raster, 80, 80), ==, 0xff0000ff);
  g_assert_cmphex (pixel (raster, 80, 40), ==, 0);
}

static void
ink_of (double value, gpointer user_data, MusterInk *ink)
{
  unsigned *asked = user_data;

  (*asked)++;
  *ink = (MusterInk){ value == 1, 0, value == 2, 0.5 };
}

/* Points of one value are one patch; NAN is left open; the last one lasts until it is told. */
static void
test_strip (void)
{
  const MusterPoint points[] = { { 0, 1 }, { 10, 1 }, { 20, 2 }, { 40, NAN }, { 60, 1 } };
  const MusterStrip strip = { 10, 30 };
  unsigned          asked = 0;
  g_autoptr (MusterRaster) raster = begin ();

  muster_raster_draw_strip (raster, points, 5, 0, 80, &view, &strip, ink_of, &asked);
  g_assert_cmpuint (asked, ==, 3);
  g_assert_cmphex (pixel (raster, 5, 9), ==, 0);
  g_assert_cmphex (pixel (raster, 5, 10), ==, 0x80800000);
  g_assert_cmphex (pixel (raster, 10, 29), ==, 0x80800000);
  g_assert_cmphex (pixel (raster, 5, 30), ==, 0);
  g_assert_cmphex (pixel (raster, 30, 20), ==, 0x80000080);
  g_assert_cmphex (pixel (raster, 50, 20), ==, 0);
  g_assert_cmphex (pixel (raster, 79, 20), ==, 0x80800000);
  g_assert_cmphex (pixel (raster, 80, 20), ==, 0);
}

/* Heat does not outlast its step. */
static void
test_strip_gap (void)
{
  const MusterPoint points[] = { { 0, 1 }, { 50, 2 } };
  const MusterStrip strip = { 0, 10 };
  unsigned          asked = 0;
  g_autoptr (MusterRaster) raster = begin ();

  muster_raster_draw_strip (raster, points, 2, 10, 100, &view, &strip, ink_of, &asked);
  g_assert_cmphex (pixel (raster, 9, 5), !=, 0);
  g_assert_cmphex (pixel (raster, 20, 5), ==, 0);
  g_assert_cmphex (pixel (raster, 55, 5), !=, 0);
  g_assert_cmphex (pixel (raster, 70, 5), ==, 0);
}

static void
test_dash (void)
{
  const MusterPoint points[] = { { 0, 50 }, { 100, 50 } };
  MusterInk         ink = red;
  unsigned          covered = 0;
  g_autoptr (MusterRaster) raster = begin ();

  ink.dash = 10;
  muster_raster_draw (raster, points, 2, 0, &view, &ink);
  for (unsigned x = 0; x < 100; x++)
    covered += pixel (raster, x, 49) != 0;
  g_assert_cmpuint (covered, ==, 70);
  g_assert_cmphex (pixel (raster, 9, 49), ==, RED);
  g_assert_cmphex (pixel (raster, 12, 49), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/raster-shapes/band", test_band);
  g_test_add_func ("/raster-shapes/band-gap", test_band_gap);
  g_test_add_func ("/raster-shapes/bars", test_bars);
  g_test_add_func ("/raster-shapes/bars-below", test_bars_below);
  g_test_add_func ("/raster-shapes/bars-side-by-side", test_bars_side_by_side);
  g_test_add_func ("/raster-shapes/bars-dense", test_bars_dense);
  g_test_add_func ("/raster-shapes/bars-dense-behind", test_bars_dense_behind);
  g_test_add_func ("/raster-shapes/strip", test_strip);
  g_test_add_func ("/raster-shapes/strip-gap", test_strip_gap);
  g_test_add_func ("/raster-shapes/dash", test_dash);
  return g_test_run ();
}
