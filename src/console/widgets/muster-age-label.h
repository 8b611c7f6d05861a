/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How long ago something was, kept up to date; the moment itself in the tooltip. Properties `time`
 * and `zone`. */
#define MUSTER_TYPE_AGE_LABEL (muster_age_label_get_type ())
G_DECLARE_FINAL_TYPE (MusterAgeLabel, muster_age_label, MUSTER, AGE_LABEL, GtkWidget)

GtkWidget *muster_age_label_new (void);
gint64     muster_age_label_get_time (MusterAgeLabel *self);
/* UTC microseconds; 0: shows nothing. */
void muster_age_label_set_time (MusterAgeLabel *self, gint64 time);
void muster_age_label_set_zone (MusterAgeLabel *self, GTimeZone *zone);

/* Whether it always takes the room that it needs, rather than be shortened where room is scarce. */
void muster_age_label_set_whole (MusterAgeLabel *self, gboolean whole);

G_END_DECLS
