/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pangocairo.h>

G_BEGIN_DECLS

typedef enum
{
  MUSTER_TEXT_PLAIN,
  MUSTER_TEXT_SMALL,
  MUSTER_TEXT_STRONG,
  MUSTER_TEXT_HEADING,
  MUSTER_TEXT_TITLE,
} MusterTextStyle;

/* Measures and draws texts, with the same fonts on the screen, on paper and in PDF. Not for several
 * threads. */
typedef struct _MusterPencil MusterPencil;

MusterPencil *muster_pencil_new (void);
void          muster_pencil_free (MusterPencil *self);

/* Wraps TEXT to WIDTH and returns its height. */
double muster_pencil_measure (MusterPencil   *self,
                              MusterTextStyle style,
                              const char     *text,
                              double          width);
/* Draws it with its upper left corner at x, y; returns its height. */
double muster_pencil_draw (MusterPencil   *self,
                           cairo_t        *cr,
                           MusterTextStyle style,
                           const char     *text,
                           double          x,
                           double          y,
                           double          width,
                           PangoAlignment  alignment);
/* One line, cut with an ellipsis at WIDTH, SIZE points high. */
double muster_pencil_draw_line (MusterPencil  *self,
                                cairo_t       *cr,
                                double         size,
                                gboolean       strong,
                                const char    *text,
                                double         x,
                                double         y,
                                double         width,
                                PangoAlignment alignment);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterPencil, muster_pencil_free)

G_END_DECLS
