/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "widgets/muster-axis.h"

G_BEGIN_DECLS

/**
 * MusterThresholdHandle:
 *
 * What a threshold on a chart is moved by: its value in words, a slider for the keyboard and the
 * screen reader. Up and Down move it by a fine step of the axis, Page Up and Page Down by ten.
 *
 * Signal `moved (double value)`: somebody wants it there.
 *
 * ## CSS nodes
 *
 * `threshold`, with `info`, `warning` or `error`.
 */
#define MUSTER_TYPE_THRESHOLD_HANDLE (muster_threshold_handle_get_type ())
G_DECLARE_FINAL_TYPE (MusterThresholdHandle,
                      muster_threshold_handle,
                      MUSTER,
                      THRESHOLD_HANDLE,
                      GtkWidget)

/* NAME: what it is a threshold of, for the screen reader; SEVERITY: of muster_severity_enum.
 * Y_AXIS: says how fine a step is. */
GtkWidget *muster_threshold_handle_new (const char *name, int severity, MusterAxis *y_axis);

double muster_threshold_handle_get_value (MusterThresholdHandle *self);
void   muster_threshold_handle_set_value (MusterThresholdHandle *self,
                                          double                 value,
                                          const char            *unit);
/* VALUE rounded to what the axis can tell apart. */
double muster_threshold_round (MusterAxis *y_axis, double value);

G_END_DECLS
