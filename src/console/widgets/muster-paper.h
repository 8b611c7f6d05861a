/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What is drawn for paper and for files rather than for the screen: a tree of nodes without
 * pictures, in which each text is marked with its words, so that a drawing keeps them as text. */

/* Appends LAYOUT with its top left corner at X, Y; ON_PAPER with its words marked. */
void muster_paper_append_text (GtkSnapshot   *snapshot,
                               PangoLayout   *layout,
                               const GdkRGBA *colour,
                               float          x,
                               float          y,
                               gboolean       on_paper);

/* NODE as an SVG drawing of WIDTH × HEIGHT on BACKGROUND: (transfer full). Knows what is drawn on
 * paper: areas, lines, marked texts, and how they are moved, clipped and faded; anything else is
 * left out. */
GBytes *muster_paper_to_svg (GskRenderNode *node,
                             double         width,
                             double         height,
                             const GdkRGBA *background);

G_END_DECLS
