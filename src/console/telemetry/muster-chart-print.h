/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "print/muster-printable.h"

G_BEGIN_DECLS

/**
 * MusterChartPrint:
 *
 * Charts on paper, as they stand on the screen: as many below each other as a page holds, none cut
 * in two, with a title at the head of each page.
 */
#define MUSTER_TYPE_CHART_PRINT (muster_chart_print_get_type ())
G_DECLARE_FINAL_TYPE (MusterChartPrint, muster_chart_print, MUSTER, CHART_PRINT, MusterPrintable)

/* SUBTITLE: the time in sight. */
MusterChartPrint *muster_chart_print_new (const char *title, const char *subtitle);
/* NODE (referenced) as muster_chart_draw_on_paper() has it. */
void muster_chart_print_add (MusterChartPrint *self,
                             GskRenderNode    *node,
                             double            width,
                             double            height);

/* All of it as one picture, a chart below the other: (transfer full). */
GBytes *muster_chart_print_to_svg (MusterChartPrint *self);

G_END_DECLS
