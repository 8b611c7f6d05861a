/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-calculation.h"
#include "muster-track.h"
#include "widgets/muster-chart.h"

G_BEGIN_DECLS

/**
 * MusterChartDeck:
 *
 * Charts of one page, one a unit, over one range of time: they move together, have one crosshair,
 * and share what they ask of the site. It reads the history of its tracks and hears of what comes
 * in.
 *
 * Signals: `samples (char *device_id, GPtrArray *samples)`: (element-type MusterApiSeries) have
 * come in of a device that it watches; `ready ()`: some may have been missed, what is shown had
 * better be read anew; `remake ()`: something else is made of the measures now, so the tracks have
 * to be cleared and added anew.
 */
#define MUSTER_TYPE_CHART_DECK (muster_chart_deck_get_type ())
G_DECLARE_FINAL_TYPE (MusterChartDeck, muster_chart_deck, MUSTER, CHART_DECK, GtkBox)

/* To be called once. */
void muster_chart_deck_open (MusterChartDeck *self, MusterSession *session);
/* Reads everything anew. */
void muster_chart_deck_refresh (MusterChartDeck *self);

/* What is known of DEVICE_ID, of which it hears from now on: borrowed. */
MusterHearing *muster_chart_deck_watch (MusterChartDeck *self, const char *device_id);

/* Charts METRIC of DEVICE_ID as LABEL; borrowed. Nothing new when it is charted already. */
MusterTrack *muster_chart_deck_add (MusterChartDeck *self,
                                    const char      *device_id,
                                    MusterApiMetric *metric,
                                    const char      *label);
void         muster_chart_deck_remove (MusterChartDeck *self, MusterTrack *track);
/* Also forgets the devices. */
void         muster_chart_deck_clear (MusterChartDeck *self);
MusterTrack *muster_chart_deck_find (MusterChartDeck *self,
                                     const char      *device_id,
                                     const char      *metric); /* borrowed (nullable) */
/* (element-type MusterTrack), borrowed */
GListModel *muster_chart_deck_get_tracks (MusterChartDeck *self);

/* Follows the present with SPAN microseconds in sight. */
void   muster_chart_deck_follow (MusterChartDeck *self, gint64 span);
gint64 muster_chart_deck_get_span (MusterChartDeck *self);
/* Stands still at a range, UTC microseconds. */
void muster_chart_deck_show_range (MusterChartDeck *self, gint64 from, gint64 to);
/* Shows nothing of what came after AT (UTC microseconds): neither values nor marks; 0: everything.
 */
void        muster_chart_deck_set_present (MusterChartDeck *self, gint64 at);
gboolean    muster_chart_deck_get_following (MusterChartDeck *self);
MusterAxis *muster_chart_deck_get_axis (MusterChartDeck *self);

/* How measures are shown: a name of muster_look_find(). */
void        muster_chart_deck_set_look (MusterChartDeck *self, const char *name);
const char *muster_chart_deck_get_look (MusterChartDeck *self);
/* What is made of the measures: emits `remake` where that is something else. */
void muster_chart_deck_set_calculation (MusterChartDeck         *self,
                                        const MusterCalculation *calculation);
/* borrowed */
const MusterCalculation *muster_chart_deck_get_calculation (MusterChartDeck *self);
/* Charts METRICS (element-type MusterApiMetric) of devices that count together, as the calculation
 * says. WHOSE (taken): the member of POST /monitoring/query that names them; SOURCE and LABEL: a
 * key and what it is called where they count together as what was picked. */
void muster_chart_deck_add_group (MusterChartDeck *self,
                                  JsonObject      *whose,
                                  GPtrArray       *metrics,
                                  const char      *source,
                                  const char      *label);
/* Which tracks share a chart: those of a "unit", of a "metric", or all "together". */
void        muster_chart_deck_set_grouping (MusterChartDeck *self, const char *name);
const char *muster_chart_deck_get_grouping (MusterChartDeck *self);

/* Whether samples of bad quality count in what is shown; at first they do not. */
void     muster_chart_deck_set_with_bad (MusterChartDeck *self, gboolean with_bad);
gboolean muster_chart_deck_get_with_bad (MusterChartDeck *self);

/* What stands faintly behind, "day", "week" or that of another device, as saved views keep it:
 * (transfer full). NAME (nullable): nothing does. */
char *muster_chart_deck_dup_comparison (MusterChartDeck *self);
void  muster_chart_deck_set_comparison (MusterChartDeck *self, const char *name);

/* Has it fill a wall: without tools, not to be touched, its charts sharing the height. */
void     muster_chart_deck_put_on_wall (MusterChartDeck *self);
unsigned muster_chart_deck_count_charts (MusterChartDeck *self);
/* How many of them, all as high as the highest needs to be, find room in so many pixels: 1 at
 * least.
 */
unsigned muster_chart_deck_count_fitting (MusterChartDeck *self, int width, int height);
/* Shows N_CHARTS from FIRST on alone. */
void muster_chart_deck_show_charts (MusterChartDeck *self, unsigned first, unsigned n_charts);

/* Asks where to, then saves exactly what is shown: "png", "svg" or "csv". */
void muster_chart_deck_save (MusterChartDeck *self, const char *format);
void muster_chart_deck_print (MusterChartDeck *self);

G_END_DECLS
