/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  MUSTER_AXIS_NUMBER, /* values as they are */
  MUSTER_AXIS_TIME,   /* UTC microseconds since 1970, shown in a time zone */
} MusterAxisKind;

#define MUSTER_TICK_LABEL_LENGTH 31

/* A place on an axis that gets a line and a label. */
typedef struct
{
  double   value;
  gboolean major; /* begins a day, month or year; zero */
  char     label[MUSTER_TICK_LABEL_LENGTH + 1];
} MusterTick;

/**
 * MusterAxis:
 *
 * The range of values that a direction of a chart shows, and its tick table. Several charts that
 * share an axis show the same range. Signal: `range-changed`.
 */
#define MUSTER_TYPE_AXIS (muster_axis_get_type ())
G_DECLARE_FINAL_TYPE (MusterAxis, muster_axis, MUSTER, AXIS, GObject)

MusterAxis *muster_axis_new (MusterAxisKind kind);

MusterAxisKind muster_axis_get_kind (MusterAxis *self);
double         muster_axis_get_lower (MusterAxis *self);
double         muster_axis_get_upper (MusterAxis *self);
double         muster_axis_get_span (MusterAxis *self);
/* Whether the range is empty, so that nothing can be placed on it. */
gboolean muster_axis_is_degenerate (MusterAxis *self);
/* A range that is upside down, not finite, or less than the smallest useful span is corrected to
 * that span. */
void muster_axis_set_range (MusterAxis *self, double lower, double upper);
/* A range with round ends and some air that shows all of MINIMUM to MAXIMUM. */
void muster_axis_fit (MusterAxis *self, double minimum, double maximum);
/* Moves by FRACTION of the span. */
void muster_axis_pan (MusterAxis *self, double fraction);
/* Makes the span FACTOR times as wide; the value at FRACTION of it stays in place. */
void muster_axis_zoom (MusterAxis *self, double factor, double fraction);

/* TIME: the zone of its labels; NULL: the machine's. */
GTimeZone *muster_axis_get_zone (MusterAxis *self);
void       muster_axis_set_zone (MusterAxis *self, GTimeZone *zone);

/* The room beside the plot that every chart over this axis leaves, so that they stand in line: the
 * most that any asked for, in pixels. */
int  muster_axis_get_margin (MusterAxis *self);
void muster_axis_reserve_margin (MusterAxis *self, int margin);
/* The same at the other end. */
int  muster_axis_get_end_margin (MusterAxis *self);
void muster_axis_reserve_end_margin (MusterAxis *self, int margin);
/* Somebody needs less than before: everybody asks anew. */
void muster_axis_release_margins (MusterAxis *self);

/* 0 at the lower end, 1 at the upper one; beyond them below 0 and above 1. */
double muster_axis_normalize (MusterAxis *self, double value);
double muster_axis_denormalize (MusterAxis *self, double fraction);

/* At most MAX_TICKS (at least 2) of them at round values: (transfer full) (element-type
 * MusterTick). */
GArray *muster_axis_list_ticks (MusterAxis *self, unsigned max_ticks);
/* VALUE as precisely as the range can show it: (transfer full). */
char *muster_axis_format (MusterAxis *self, double value);

G_END_DECLS
