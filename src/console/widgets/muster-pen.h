/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * MusterPen:
 *
 * A colour from the style sheet, for something that is drawn in code: its CSS `color`. Where it is
 * given space it shows that colour as a swatch. Signal: `changed` when the style did.
 */
#define MUSTER_TYPE_PEN (muster_pen_get_type ())
G_DECLARE_FINAL_TYPE (MusterPen, muster_pen, MUSTER, PEN, GtkWidget)

/* NAME: the CSS name of the node, for instance `grid`; CSS_CLASS may be NULL. */
GtkWidget *muster_pen_new (const char *name, const char *css_class);
/* How a line in its colour is broken, so that more lines than there are colours are told apart: 0
 * not at all, 1 dashed, 2 dotted. */
void muster_pen_set_pattern (MusterPen *self, unsigned pattern);
/* The length of a dash in logical pixels, half of which follows open; 0: unbroken. */
float muster_pen_get_dash (MusterPen *self);
/* Its colour as it is now. */
void muster_pen_get (GtkWidget *self, GdkRGBA *colour);
/* Draws its swatch at PLACE of SNAPSHOT. */
void muster_pen_append (MusterPen *self, GtkSnapshot *snapshot, const graphene_rect_t *place);

G_END_DECLS
