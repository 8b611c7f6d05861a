/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-series.h"

G_BEGIN_DECLS

/* What part of time and value the picture shows: FROM at its left edge, LOWER at its bottom. */
typedef struct
{
  double from; /* UTC microseconds */
  double to;
  double lower;
  double upper;
} MusterView;

/* How a trace is drawn; colour parts from 0 to 1, not premultiplied. */
typedef struct
{
  float red;
  float green;
  float blue;
  float alpha;
  float width; /* of the line, in pixels */
  float fill;  /* opacity of the area below the line, 0: none */
  /* Whether a value stands until the next one: points that are too far apart for a line are joined
   * by a step. */
  gboolean holds;
  double   until; /* UTC microseconds up to which the last value stands, where values stand */
  float    dash;  /* pixels of line, then as many half times of none; 0: all line */
} MusterInk;

/* A strip of the picture, in pixels from the top. */
typedef struct
{
  float top;
  float bottom;
} MusterStrip;

/**
 * MusterRaster:
 *
 * A picture of 32-bit premultiplied pixels (blue in the lowest byte), into which traces are drawn
 * as one vertical span a pixel column: from the least to the greatest value that falls into it.
 * That is what an exact line would cover at any density of points, at a cost that does not depend
 * on how the line zigzags within a column.
 */
typedef struct _MusterRaster MusterRaster;

MusterRaster *muster_raster_new (void);
void          muster_raster_free (MusterRaster *self);

/* Begins an empty picture. */
void muster_raster_begin (MusterRaster *self, unsigned width, unsigned height);
/* POINTS in order of time; those further apart than MAX_GAP microseconds (0: no limit), and NAN,
 * break the line. */
void muster_raster_draw (MusterRaster      *self,
                         const MusterPoint *points,
                         unsigned           n_points,
                         gint64             max_gap,
                         const MusterView  *view,
                         const MusterInk   *ink);
/* The area between LOW and HIGH, in INK's colour at its `fill`: each drawn as muster_raster_draw()
 * would. */
void muster_raster_draw_band (MusterRaster      *self,
                              const MusterPoint *low,
                              unsigned           n_low,
                              const MusterPoint *high,
                              unsigned           n_high,
                              gint64             max_gap,
                              const MusterView  *view,
                              const MusterInk   *ink);
/* A bar a point from zero to its value, STEP microseconds wide (0: up to the next point) from its
 * time on; the SLOTth of N_SLOTS that stand side by side in that time. Where they are too narrow to
 * stand side by side, what is drawn first stands in front. */
void muster_raster_draw_bars (MusterRaster      *self,
                              const MusterPoint *points,
                              unsigned           n_points,
                              gint64             step,
                              unsigned           slot,
                              unsigned           n_slots,
                              const MusterView  *view,
                              const MusterInk   *ink);
/* What goes on from FROM to TO, UTC microseconds. */
typedef void (*MusterPatchFunc) (double from, double to, double value, gpointer user_data);
/* Calls FUNC for each patch that muster_raster_draw_strip() paints. */
void muster_raster_each_patch (const MusterPoint *points,
                               unsigned           n_points,
                               gint64             max_gap,
                               double             until,
                               const MusterView  *view,
                               MusterPatchFunc    func,
                               gpointer           user_data);
/* How the value of a point looks in a strip. */
typedef void (*MusterInkFunc) (double value, gpointer user_data, MusterInk *ink);
/* A patch a point, from its time to that of the next one, or for MAX_GAP microseconds (0: no limit)
 * where that is less; the last one until UNTIL (UTC microseconds). NAN is left open. */
void muster_raster_draw_strip (MusterRaster      *self,
                               const MusterPoint *points,
                               unsigned           n_points,
                               gint64             max_gap,
                               double             until,
                               const MusterView  *view,
                               const MusterStrip *strip,
                               MusterInkFunc      func,
                               gpointer           user_data);
/* The pixel at X, Y from the top left. */
guint32 muster_raster_get_pixel (MusterRaster *self, unsigned x, unsigned y);
/* Hands the picture out: (transfer full). Its memory is used again for a later picture once the
 * bytes are gone. */
GBytes *muster_raster_end (MusterRaster *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterRaster, muster_raster_free)

G_END_DECLS
