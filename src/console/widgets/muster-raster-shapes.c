/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-raster-shapes"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-raster-private.h"

/* Of the time of a bar this part is left open on either side, where that is a pixel or more. */
#define BAR_GAP 0.08
/* As many pixels of a row as lie in one line of the cache. */
#define PIXELS_A_LINE 16

/* --- bands --- */

void
muster_raster_draw_band (MusterRaster      *self,
                         const MusterPoint *low,
                         unsigned           n_low,
                         const MusterPoint *high,
                         unsigned           n_high,
                         gint64             max_gap,
                         const MusterView  *view,
                         const MusterInk   *ink)
{
  g_autofree float *bottoms = NULL;
  guint32           area;

  g_return_if_fail (self != NULL && self->pixels != NULL);

  if (n_low == 0 || n_high == 0 || !(view->to > view->from) || !(view->upper > view->lower))
    return;
  area = muster_raster_premultiply (ink, ink->fill);
  muster_raster_collect (self, low, n_low, max_gap, view, ink);
  bottoms = g_memdup2 (self->high, sizeof (float) * self->width);
  muster_raster_collect (self, high, n_high, max_gap, view, ink);
  for (unsigned x = 0; x < self->width; x++)
    if (self->low[x] <= self->high[x] && bottoms[x] > self->low[x] && isfinite (bottoms[x]))
      muster_raster_paint (self, x, MAX (self->low[x], 0), MIN (bottoms[x], self->height), area);
}

/* --- bars --- */

/* Fills whole pixels row by row, as they lie in memory. */
static void
fill (MusterRaster *self, int first_x, int end_x, int first_y, int end_y, guint32 colour)
{
  for (int y = first_y; y < end_y; y++)
    {
      guint32 *row = self->pixels + (gsize)y * self->width;

      for (int x = first_x; x < end_x; x++)
        row[x] = colour;
    }
}

/* Paints the columns from LEFT to RIGHT (pixels): at least one. */
static void
paint_columns (MusterRaster *self,
               double        left,
               double        right,
               float         top,
               float         bottom,
               guint32       colour)
{
  int first = CLAMP (floor (left + 0.5), 0, self->width);
  int end = CLAMP (floor (right + 0.5), 0, self->width);
  int full_top = CLAMP (ceilf (top), 0, self->height);
  int full_bottom = CLAMP (floorf (bottom), 0, self->height);

  if (right <= 0 || left >= self->width)
    return;
  if (end <= first)
    end = MIN (first + 1, (int)self->width);
  if (colour >> 24 != 255 || full_bottom <= full_top)
    {
      for (int x = first; x < end; x++)
        muster_raster_paint (self, x, top, bottom, colour);
      return;
    }
  fill (self, first, end, full_top, full_bottom, colour);
  for (int x = first; x < end; x++)
    {
      if (top < full_top)
        muster_raster_paint (self, x, top, full_top, colour);
      if (bottom > full_bottom)
        muster_raster_paint (self, x, full_bottom, bottom, colour);
    }
}

double
muster_raster_find_bar_end (const MusterPoint *points,
                            unsigned           n_points,
                            unsigned           position,
                            gint64             step)
{
  if (step > 0)
    return points[position].time + (double)step;
  if (position + 1 < n_points)
    return points[position + 1].time;
  return position > 0 ? 2.0 * points[position].time - points[position - 1].time
                      : points[position].time;
}

/* Paints columns FIRST to END, each from its TOP to its BOTTOM. What all of them cover is filled
 * row by row, as it lies in memory; only what differs is painted column by column. */
static void
paint_line (MusterRaster *self,
            unsigned      first,
            unsigned      end,
            const int    *top,
            const int    *bottom,
            guint32       colour)
{
  int common_top = 0, common_bottom = self->height;

  for (unsigned x = first; x < end; x++)
    {
      common_top = MAX (common_top, top[x]);
      common_bottom = MIN (common_bottom, bottom[x]);
    }
  common_bottom = MAX (common_top, common_bottom);
  fill (self, first, end, common_top, common_bottom, colour);
  for (unsigned x = first; x < end; x++)
    {
      fill (self, x, x + 1, top[x], MIN (bottom[x], common_top), colour);
      fill (self, x, x + 1, MAX (top[x], common_bottom), bottom[x], colour);
    }
}

/* Notes that column X is covered from TOP to BOTTOM, which touch what is covered already: both have
 * the zero that bars stand on. */
static void
cover (MusterRaster *self, unsigned x, int top, int bottom)
{
  gboolean empty = self->bars_top[x] == self->bars_bottom[x];

  if (top >= bottom)
    return;
  self->bars_top[x] = empty ? top : MIN (self->bars_top[x], top);
  self->bars_bottom[x] = empty ? bottom : MAX (self->bars_bottom[x], bottom);
}

/* Puts how far bars reach in each column into `low` and `high`: as far as the highest of those that
 * share it. */
static void
collect_bars (MusterRaster      *self,
              const MusterPoint *points,
              unsigned           n_points,
              const MusterView  *view,
              float              zero)
{
  double scale_x = self->width / (view->to - view->from);
  double scale_y = self->height / (view->upper - view->lower);

  for (unsigned x = 0; x < self->width; x++)
    self->low[x] = self->high[x] = zero;
  for (unsigned i = 0; i < n_points; i++)
    {
      double x = floor ((points[i].time - view->from) * scale_x);
      float  y = CLAMP ((view->upper - points[i].value) * scale_y, 0, self->height);

      if (isnan (points[i].value) || x < 0 || x >= self->width)
        continue;
      self->low[(int)x] = MIN (self->low[(int)x], y);
      self->high[(int)x] = MAX (self->high[(int)x], y);
    }
}

/* Bars that are narrower than a pixel are painted once a column, in whole pixels, and only where no
 * other bar stands before them: no pixel is written twice, however many series there are. */
static void
draw_dense_bars (MusterRaster      *self,
                 const MusterPoint *points,
                 unsigned           n_points,
                 const MusterView  *view,
                 float              zero,
                 guint32            colour)
{
  g_autofree int *above = g_new (int, 4 * self->width);
  int            *above_end = above + self->width, *below = above + 2 * self->width;
  int            *below_end = above + 3 * self->width;

  collect_bars (self, points, n_points, view, zero);
  for (unsigned x = 0; x < self->width; x++)
    {
      int top = floorf (self->low[x]), bottom = ceilf (self->high[x]);
      int old_top = self->bars_top[x], old_bottom = self->bars_bottom[x];

      if (self->low[x] == self->high[x])
        bottom = top;
      if (old_top == old_bottom)
        old_top = old_bottom = bottom;
      above[x] = top;
      above_end[x] = CLAMP (old_top, top, bottom);
      below[x] = CLAMP (old_bottom, top, bottom);
      below_end[x] = bottom;
      cover (self, x, top, bottom);
    }
  for (unsigned x = 0; x < self->width; x += PIXELS_A_LINE)
    {
      unsigned end = MIN (x + PIXELS_A_LINE, self->width);

      paint_line (self, x, end, above, above_end, colour);
      paint_line (self, x, end, below, below_end, colour);
    }
}

void
muster_raster_draw_bars (MusterRaster      *self,
                         const MusterPoint *points,
                         unsigned           n_points,
                         gint64             step,
                         unsigned           slot,
                         unsigned           n_slots,
                         const MusterView  *view,
                         const MusterInk   *ink)
{
  double   scale_x, scale_y;
  float    zero;
  guint32  colour;
  unsigned first, end;

  g_return_if_fail (self != NULL && self->pixels != NULL);
  g_return_if_fail (slot < n_slots);

  if (n_points == 0 || !(view->to > view->from) || !(view->upper > view->lower))
    return;
  scale_x = self->width / (view->to - view->from);
  scale_y = self->height / (view->upper - view->lower);
  zero = CLAMP (view->upper * scale_y, 0, self->height);
  colour = muster_raster_premultiply (ink, 1);
  muster_raster_find_visible (points, n_points, view, &first, &end);
  if (end - first > self->width)
    {
      draw_dense_bars (self, points + first, end - first, view, zero, colour);
      return;
    }
  for (unsigned i = first; i < end; i++)
    {
      double left = (points[i].time - view->from) * scale_x;
      double width =
        (muster_raster_find_bar_end (points, n_points, i, step) - points[i].time) * scale_x;
      double gap = width * BAR_GAP >= 1 ? width * BAR_GAP : width >= 3 ? 0.5 : 0;
      float  y = CLAMP ((view->upper - points[i].value) * scale_y, 0, self->height);

      if (isnan (points[i].value))
        continue;
      left += gap;
      width = (width - 2 * gap) / n_slots;
      paint_columns (self, left + slot * width, left + (slot + 1) * width, MIN (y, zero),
                     MAX (y, zero), colour);
    }
}

/* --- strips --- */

void
muster_raster_each_patch (const MusterPoint *points,
                          unsigned           n_points,
                          gint64             max_gap,
                          double             until,
                          const MusterView  *view,
                          MusterPatchFunc    func,
                          gpointer           user_data)
{
  unsigned first, end;

  if (n_points == 0 || !(view->to > view->from))
    return;
  muster_raster_find_visible (points, n_points, view, &first, &end);
  for (unsigned i = first, next; i < end; i = next)
    {
      double value = points[i].value;
      double from = points[i].time;
      double to;

      /* What goes on is one patch: many narrow ones side by side would cover a pixel twice. */
      for (next = i + 1; max_gap == 0 && next < end && points[next].value == value; next++)
        ;
      to = next < n_points ? points[next].time : until;
      if (max_gap > 0)
        to = MIN (to, from + max_gap);
      if (!isnan (value) && to > from)
        func (from, to, value, user_data);
    }
}

/* A strip that is being painted. */
typedef struct
{
  MusterRaster      *raster;
  const MusterView  *view;
  const MusterStrip *strip;
  MusterInkFunc      func;
  gpointer           user_data;
} Painting;

static void
paint_patch (double from, double to, double value, gpointer user_data)
{
  const Painting *painting = user_data;
  double          scale = painting->raster->width / (painting->view->to - painting->view->from);
  MusterInk       ink = { 0 };

  painting->func (value, painting->user_data, &ink);
  paint_columns (painting->raster, (from - painting->view->from) * scale,
                 (to - painting->view->from) * scale, painting->strip->top, painting->strip->bottom,
                 muster_raster_premultiply (&ink, 1));
}

void
muster_raster_draw_strip (MusterRaster      *self,
                          const MusterPoint *points,
                          unsigned           n_points,
                          gint64             max_gap,
                          double             until,
                          const MusterView  *view,
                          const MusterStrip *strip,
                          MusterInkFunc      func,
                          gpointer           user_data)
{
  Painting painting = { self, view, strip, func, user_data };

  g_return_if_fail (self != NULL && self->pixels != NULL);

  muster_raster_each_patch (points, n_points, max_gap, until, view, paint_patch, &painting);
}
