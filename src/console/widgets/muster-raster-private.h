/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-raster.h"

G_BEGIN_DECLS

typedef struct _MusterRasterPool MusterRasterPool;

struct _MusterRaster
{
  MusterRasterPool *pool;
  guint32          *pixels; /* (owned) (nullable) */
  unsigned          width;
  unsigned          height;
  float            *low; /* least and greatest y of each column, in pixels from the top; low > high:
                            nothing there */
  float   *high;
  int     *bars_top; /* what bars cover of each column already, in pixels: TOP = BOTTOM: nothing */
  int     *bars_bottom;
  unsigned n_columns;
};

/* Where VIEW's first and last visible points lie, one more at either side so that lines reach the
 * edges. */
void muster_raster_find_visible (const MusterPoint *points,
                                 unsigned           n_points,
                                 const MusterView  *view,
                                 unsigned          *first,
                                 unsigned          *end);
/* Puts what a line through POINTS covers into `low` and `high` of each column. */
void muster_raster_collect (MusterRaster      *self,
                            const MusterPoint *points,
                            unsigned           n_points,
                            gint64             max_gap,
                            const MusterView  *view,
                            const MusterInk   *ink);
/* When the time of the bar at POSITION ends; STEP as for muster_raster_draw_bars(). */
double muster_raster_find_bar_end (const MusterPoint *points,
                                   unsigned           n_points,
                                   unsigned           position,
                                   gint64             step);
/* INK's colour at OPACITY times its own. */
guint32 muster_raster_premultiply (const MusterInk *ink, float opacity);
/* Draws column X from TOP to BOTTOM (pixels from the top, with fractions: soft ends). */
void muster_raster_paint (MusterRaster *self, unsigned x, float top, float bottom, guint32 colour);

G_END_DECLS
