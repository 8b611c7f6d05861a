/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/muster-chart.h"

G_BEGIN_DECLS

/* Which side of a threshold is the wrong one. */
typedef enum
{
  MUSTER_THRESHOLD_BELOW = -1,
  MUSTER_THRESHOLD_NEITHER = 0,
  MUSTER_THRESHOLD_ABOVE = 1,
} MusterThresholdSide;

typedef struct
{
  double              value;
  int                 severity; /* of muster_severity_enum */
  MusterThresholdSide side;
  const char         *name; /* for the screen reader: "Warning above" */
} MusterThreshold;

/* A stretch of time in which a rule fired, or would have. */
typedef struct
{
  gint64 from; /* UTC microseconds */
  gint64 to;   /* G_MAXINT64: it lasts */
  int    severity;
} MusterFiring;

/**
 * MusterThresholdLayer:
 *
 * Lies over a chart of one quantity and draws its thresholds, each with a handle to move it by, the
 * wrong side of each lightly tinted, and stretches in which a rule fired. Everything else of the
 * chart works through it.
 *
 * Signal `moved (unsigned index, double value)`: somebody wants threshold INDEX there; the layer
 * shows it there already.
 *
 * CSS node `thresholds` with a `threshold` each.
 */
#define MUSTER_TYPE_THRESHOLD_LAYER (muster_threshold_layer_get_type ())
G_DECLARE_FINAL_TYPE (MusterThresholdLayer,
                      muster_threshold_layer,
                      MUSTER,
                      THRESHOLD_LAYER,
                      GtkWidget)

GtkWidget *muster_threshold_layer_new (MusterChart *chart);

/* THRESHOLDS is copied. The same number as before with the same severities only moves them, so that
 * the focus stays. */
void muster_threshold_layer_set_thresholds (MusterThresholdLayer  *self,
                                            const MusterThreshold *thresholds,
                                            unsigned               n_thresholds,
                                            const char            *unit);
/* FIRINGS is copied. */
void muster_threshold_layer_set_firings (MusterThresholdLayer *self,
                                         const MusterFiring   *firings,
                                         unsigned              n_firings);
/* Whether the handles can be moved; they can at first. */
void muster_threshold_layer_set_editable (MusterThresholdLayer *self, gboolean editable);

G_END_DECLS
