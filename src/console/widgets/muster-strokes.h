/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  double x; /* 0: left, 1: right */
  double y; /* 0: top, 1: bottom */
} MusterStrokePoint;

/**
 * MusterStrokes:
 *
 * What was drawn by hand: strokes of points from 0 to 1, free of the size of what it was drawn on.
 * Points too near to the last one are left out, and no more are taken than a record can hold.
 */
typedef struct _MusterStrokes MusterStrokes;

/* More points than a signature has; with three decimals they fit into 64 KiB of JSON. */
#define MUSTER_STROKES_MAXIMUM 3500

MusterStrokes *muster_strokes_new (void);
void           muster_strokes_free (MusterStrokes *self);

/* Begins a stroke at X, Y of a surface of WIDTH and HEIGHT (more than 0); what lies outside of it
 * is moved to its edge. */
void muster_strokes_begin (MusterStrokes *self, double x, double y, double width, double height);
/* Goes on to there; FALSE where that changed nothing. */
gboolean muster_strokes_extend (MusterStrokes *self,
                                double         x,
                                double         y,
                                double         width,
                                double         height);
void     muster_strokes_clear (MusterStrokes *self);

gboolean muster_strokes_is_empty (MusterStrokes *self);
unsigned muster_strokes_get_length (MusterStrokes *self);
/* The points of the stroke INDEX: borrowed until the next change. */
const MusterStrokePoint *muster_strokes_peek (MusterStrokes *self,
                                              unsigned       index,
                                              unsigned      *n_points);

/* [[[x, y], …], …]: (transfer full). */
JsonNode *muster_strokes_to_json (MusterStrokes *self);
/* Takes over what NODE holds; FALSE, and nothing has changed, where that is no signature. */
gboolean muster_strokes_read_json (MusterStrokes *self, JsonNode *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterStrokes, muster_strokes_free)

G_END_DECLS
