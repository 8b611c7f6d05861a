/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * MusterTimeTrack:
 *
 * What happened along a line of time, over the slider that goes along it: how much was changed, and
 * what stands out as marks, each kind by colour and shape.
 *
 * Signal `chosen (gint64 at)`: somebody pointed at a mark, or between them.
 */
#define MUSTER_TYPE_TIME_TRACK (muster_time_track_get_type ())
G_DECLARE_FINAL_TYPE (MusterTimeTrack, muster_time_track, MUSTER, TIME_TRACK, GtkWidget)

/* UTC microseconds. ZONE: of the words that marks are told by. */
void muster_time_track_set_range (MusterTimeTrack *self, gint64 from, gint64 to, GTimeZone *zone);
/* MARKS: a JournalMarks of the API over that range. */
void muster_time_track_set_marks (MusterTimeTrack *self, JsonObject *marks);
/* The mark next after AT, or before it: 0 without one. */
gint64 muster_time_track_find_next (MusterTimeTrack *self, gint64 at, gboolean before);

G_END_DECLS
