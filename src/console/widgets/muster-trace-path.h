/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gsk/gsk.h>

#include "muster-raster.h"

G_BEGIN_DECLS

/* What MusterRaster paints as pixels, as paths: for paper and drawings, where a picture of pixels
 * would be coarse. A screen is served faster by the raster. SIZE is that of the plot. */

/* muster_raster_draw() as a line to be stroked. */
GskPath *muster_trace_path_line (const MusterPoint     *points,
                                 unsigned               n_points,
                                 gint64                 max_gap,
                                 const MusterView      *view,
                                 const MusterInk       *ink,
                                 const graphene_size_t *size);
/* muster_raster_draw_band() as an area to be filled; LOW and HIGH have the same times. */
GskPath *muster_trace_path_band (const MusterPoint     *low,
                                 unsigned               n_low,
                                 const MusterPoint     *high,
                                 unsigned               n_high,
                                 gint64                 max_gap,
                                 const MusterView      *view,
                                 const graphene_size_t *size);
/* muster_raster_draw_bars() as areas to be filled. */
GskPath *muster_trace_path_bars (const MusterPoint     *points,
                                 unsigned               n_points,
                                 gint64                 step,
                                 unsigned               slot,
                                 unsigned               n_slots,
                                 const MusterView      *view,
                                 const graphene_size_t *size);

G_END_DECLS
