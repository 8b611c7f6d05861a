/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-trace-path"

#include "config.h"

#include <math.h>

#include "muster-raster-private.h"
#include "muster-trace-path.h"

#define DOT_RADIUS 1.2f
/* Of the width of a bar, at either side. */
#define BAR_GAP 0.08

static void
place (const MusterView      *view,
       const graphene_size_t *size,
       const MusterPoint     *point,
       graphene_point_t      *at)
{
  at->x = (point->time - view->from) * size->width / (view->to - view->from);
  at->y = (view->upper - point->value) * size->height / (view->upper - view->lower);
}

static gboolean
is_joined (const MusterPoint *points, unsigned first, gint64 max_gap)
{
  return !isnan (points[first].value) && !isnan (points[first + 1].value) &&
         (max_gap == 0 || points[first + 1].time - points[first].time <= max_gap);
}

/* From the last point on at the same height, as far as it stands. */
static void
add_end (GskPathBuilder        *builder,
         const MusterPoint     *last,
         const MusterView      *view,
         const MusterInk       *ink,
         const graphene_size_t *size)
{
  MusterPoint      end = { ink->until, last->value };
  graphene_point_t at;

  if (!ink->holds || isnan (last->value) || ink->until <= last->time)
    return;
  place (view, size, &end, &at);
  gsk_path_builder_line_to (builder, at.x, at.y);
}

GskPath *
muster_trace_path_line (const MusterPoint     *points,
                        unsigned               n_points,
                        gint64                 max_gap,
                        const MusterView      *view,
                        const MusterInk       *ink,
                        const graphene_size_t *size)
{
  GskPathBuilder *builder = gsk_path_builder_new ();
  gboolean        open = FALSE;
  unsigned        first, end;

  muster_raster_find_visible (points, n_points, view, &first, &end);
  for (unsigned i = first; i < end; i++)
    {
      graphene_point_t at;
      gboolean         joins = i + 1 < end && is_joined (points, i, max_gap);

      place (view, size, &points[i], &at);
      if (open && ink->holds && !(i > first && is_joined (points, i - 1, max_gap)))
        gsk_path_builder_line_to (builder, at.x, gsk_path_builder_get_current_point (builder)->y);
      if (isnan (points[i].value))
        {
          open = FALSE;
          continue;
        }
      if (open)
        gsk_path_builder_line_to (builder, at.x, at.y);
      else if (joins || ink->holds)
        gsk_path_builder_move_to (builder, at.x, at.y);
      else
        gsk_path_builder_add_circle (builder, &at, DOT_RADIUS);
      open = joins || ink->holds;
    }
  if (open && end == n_points)
    add_end (builder, &points[end - 1], view, ink, size);
  return gsk_path_builder_free_to_path (builder);
}

/* The area of the points FIRST to END: along the low ones, and back along the high ones. */
static void
add_area (GskPathBuilder        *builder,
          const MusterPoint     *low,
          const MusterPoint     *high,
          unsigned               first,
          unsigned               end,
          const MusterView      *view,
          const graphene_size_t *size)
{
  graphene_point_t at;

  if (end - first < 2)
    return;
  for (unsigned i = first; i < end; i++)
    {
      place (view, size, &low[i], &at);
      if (i == first)
        gsk_path_builder_move_to (builder, at.x, at.y);
      else
        gsk_path_builder_line_to (builder, at.x, at.y);
    }
  for (unsigned i = end; i > first; i--)
    {
      place (view, size, &high[i - 1], &at);
      gsk_path_builder_line_to (builder, at.x, at.y);
    }
  gsk_path_builder_close (builder);
}

GskPath *
muster_trace_path_band (const MusterPoint     *low,
                        unsigned               n_low,
                        const MusterPoint     *high,
                        unsigned               n_high,
                        gint64                 max_gap,
                        const MusterView      *view,
                        const graphene_size_t *size)
{
  GskPathBuilder *builder = gsk_path_builder_new ();
  unsigned        first, end, begin;

  muster_raster_find_visible (low, MIN (n_low, n_high), view, &first, &end);
  begin = first;
  for (unsigned i = first; i < end; i++)
    if (i + 1 == end || !is_joined (low, i, max_gap) || !is_joined (high, i, max_gap))
      {
        add_area (builder, low, high, begin, i + 1, view, size);
        begin = i + 1;
      }
  return gsk_path_builder_free_to_path (builder);
}

GskPath *
muster_trace_path_bars (const MusterPoint     *points,
                        unsigned               n_points,
                        gint64                 step,
                        unsigned               slot,
                        unsigned               n_slots,
                        const MusterView      *view,
                        const graphene_size_t *size)
{
  GskPathBuilder  *builder = gsk_path_builder_new ();
  MusterPoint      zero = { 0, 0 };
  graphene_point_t base;
  unsigned         first, end;

  place (view, size, &zero, &base);
  muster_raster_find_visible (points, n_points, view, &first, &end);
  for (unsigned i = first; i < end; i++)
    {
      double width = (muster_raster_find_bar_end (points, n_points, i, step) - points[i].time) *
                     size->width / (view->to - view->from);
      graphene_point_t at;

      if (isnan (points[i].value))
        continue;
      place (view, size, &points[i], &at);
      at.x += width * BAR_GAP;
      width = width * (1 - 2 * BAR_GAP) / n_slots;
      gsk_path_builder_add_rect (builder,
                                 &GRAPHENE_RECT_INIT (at.x + slot * width, MIN (at.y, base.y),
                                                      width, fabsf (base.y - at.y)));
    }
  return gsk_path_builder_free_to_path (builder);
}
