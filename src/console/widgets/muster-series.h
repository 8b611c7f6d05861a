/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* One sample: UTC microseconds since 1970, and a value that is NAN where the source said "no
 * value". */
typedef struct
{
  gint64 time;
  double value;
} MusterPoint;

/* What a series looks like. The first four stand on an axis of values, the others in a lane of
 * their own. */
typedef enum
{
  MUSTER_FORM_LINE,
  MUSTER_FORM_STEP,  /* a value stands until the next one */
  MUSTER_FORM_BAND,  /* a line with the range around it, from muster_series_set_band() */
  MUSTER_FORM_BARS,  /* one a step, from zero */
  MUSTER_FORM_STATE, /* what it was when, each state in a colour of its own */
  MUSTER_FORM_HEAT,  /* the more the denser */
} MusterForm;

/**
 * MusterSeries:
 *
 * The newest points of one quantity in order of time, at most `capacity` of them. Appending is
 * amortised O(1) and the points lie in one piece of memory, so that whoever draws them walks an
 * array. Knows nothing of the screen.
 *
 * Signals: `appended (n)` after points came at the end, `trimmed (n)` after the n oldest were
 * dropped, `changed` after anything at all, also of its band and ghost.
 */
#define MUSTER_TYPE_SERIES (muster_series_get_type ())
G_DECLARE_FINAL_TYPE (MusterSeries, muster_series, MUSTER, SERIES, GObject)

MusterSeries *muster_series_new (const char *name, const char *unit, unsigned capacity);

const char *muster_series_get_name (MusterSeries *self);
const char *muster_series_get_unit (MusterSeries *self); /* (nullable) */
unsigned    muster_series_get_capacity (MusterSeries *self);

/* Two points further apart than this many microseconds are not joined by a line; 0: always joined.
 */
gint64 muster_series_get_max_gap (MusterSeries *self);
void   muster_series_set_max_gap (MusterSeries *self, gint64 max_gap);

/* Whether a value stands until the next one comes, as where only changes are told: points further
 * apart than the greatest gap are then joined by a step, and a NAN ends what stands. FALSE at
 * first.
 */
gboolean muster_series_get_holds (MusterSeries *self);
void     muster_series_set_holds (MusterSeries *self, gboolean holds);
/* Whether the newest value of a series that holds still stands now. FALSE at first; when it no
 * longer does, it stood until then. */
gboolean muster_series_is_current (MusterSeries *self);
void     muster_series_set_current (MusterSeries *self, gboolean current);
/* Up to when the newest value stands: G_MAXINT64 while it is current, 0 when it never was. */
gint64 muster_series_get_held_until (MusterSeries *self);

MusterForm muster_series_get_form (MusterSeries *self);
void       muster_series_set_form (MusterSeries *self, MusterForm form);
/* Whether it stands in a lane rather than on an axis of values. */
gboolean muster_series_is_lane (MusterSeries *self);
/* The time that a point stands for from its own on, in microseconds: the width of a bar; 0: up to
 * the next point. */
gint64 muster_series_get_step (MusterSeries *self);
void   muster_series_set_step (MusterSeries *self, gint64 step);

/* The value that stands for the state TEXT ("heating"): 0, 1, 2 … in the order of their coming. */
double muster_series_add_state (MusterSeries *self, const char *text);
/* The state that VALUE stands for: borrowed, NULL where it is a number. */
const char *muster_series_get_state (MusterSeries *self, double value);
unsigned    muster_series_count_states (MusterSeries *self);
/* Makes it one of two states of which OFF, the value 0, is the quiet one. */
void     muster_series_set_binary (MusterSeries *self, const char *off, const char *on);
gboolean muster_series_is_binary (MusterSeries *self);

/* The least and greatest around each point, series of the same times; NULL: none. */
void          muster_series_set_band (MusterSeries *self, MusterSeries *low, MusterSeries *high);
MusterSeries *muster_series_get_low (MusterSeries *self);  /* borrowed (nullable) */
MusterSeries *muster_series_get_high (MusterSeries *self); /* borrowed (nullable) */
/* What is shown faintly behind it, the week before, say, its times moved here; NULL: nothing. */
void          muster_series_set_ghost (MusterSeries *self, MusterSeries *ghost);
MusterSeries *muster_series_get_ghost (MusterSeries *self); /* borrowed (nullable) */

/* A time already there gets the new value; an earlier one is put in its place in the order. */
void muster_series_append (MusterSeries *self, gint64 time, double value);
/* Replaces everything within [FROM, TO] by POINTS, which are in order of time; points outside of it
 * stay. */
void muster_series_replace_range (MusterSeries      *self,
                                  gint64             from,
                                  gint64             to,
                                  const MusterPoint *points,
                                  unsigned           n_points);
void muster_series_clear (MusterSeries *self);

unsigned muster_series_get_length (MusterSeries *self);
/* All points: borrowed until the next change. */
const MusterPoint *muster_series_peek (MusterSeries *self, unsigned *n_points);
const MusterPoint *muster_series_peek_last (MusterSeries *self); /* (nullable) */
/* The position of the first point at or after TIME; the length when there is none. */
unsigned muster_series_find (MusterSeries *self, gint64 time);
/* The point nearest to TIME, or NULL when there is none. */
const MusterPoint *muster_series_find_nearest (MusterSeries *self, gint64 time);
/* What a series that holds has at TIME, NULL where nothing stands. */
const MusterPoint *muster_series_find_held (MusterSeries *self, gint64 time);
/* Least and greatest value within [FROM, TO]; FALSE when there is none. */
gboolean muster_series_get_extent (MusterSeries *self,
                                   gint64        from,
                                   gint64        to,
                                   double       *minimum,
                                   double       *maximum);

G_END_DECLS
