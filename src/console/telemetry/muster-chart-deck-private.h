/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-chart-deck.h"
#include "muster-look.h"

G_BEGIN_DECLS

/* Which tracks share a chart. */
typedef enum
{
  MUSTER_GROUPING_UNIT,
  MUSTER_GROUPING_METRIC,
  MUSTER_GROUPING_TOGETHER,
} MusterGrouping;

/* What a track is compared with. */
typedef enum
{
  MUSTER_GHOST_NONE,
  MUSTER_GHOST_DAY,
  MUSTER_GHOST_WEEK,
  MUSTER_GHOST_SISTER, /* another device at the same time */
} MusterGhost;

struct _MusterChartDeck
{
  GtkBox parent_instance;

  MusterSession         *session;   /* (owned) */
  MusterAxis            *x_axis;    /* (owned) shared by all charts */
  GListStore            *tracks;    /* (owned) (element-type MusterTrack) */
  GHashTable            *hearings;  /* (owned) device id to MusterHearing (owned) */
  GHashTable            *queries;   /* (owned) device id to DexFuture (owned): history */
  MusterApiSubscription *telemetry; /* (owned) (nullable) */
  unsigned               listen_id; /* idle: another subscription */
  unsigned               query_id;  /* timeout */
  unsigned               again_id;  /* timeout to asking for what is shown by steps again */
  const MusterLook      *look;      /* static */
  MusterGrouping         grouping;
  MusterGhost            ghost;
  char                  *sister_id;   /* (owned) (nullable) */
  char                  *sister_name; /* (owned) (nullable) */
  GActionMap            *actions;     /* its group, which it keeps */
  GSimpleAction         *look_action, *grouping_action, *compare_action; /* of its group */
  gint64                 step;            /* of what is shown by steps, microseconds */
  MusterApiSubscription *journal;         /* (owned) (nullable) */
  GListStore            *marks;           /* (owned) (element-type MusterMark) of all charts */
  DexFuture             *mark_futures[3]; /* (owned) (nullable) a kind of mark each */
  DexFuture             *reading_marks;   /* (owned) (nullable) all of them */
  gint64                 span;
  gint64                 cursor_time;
  gint64                 present; /* nothing later is shown; 0: everything is */
  gint64                 queried_from;
  gint64                 queried_to;
  guint                  following : 1;
  guint                  with_marks : 1;
  guint                  brushing : 1;
  guint                  choosing : 1; /* the buttons are being set to what is shown */

  /* Template children */
  GtkWidget      *tools;
  AdwToggleGroup *ranges;
  GtkWidget      *follow;
  GtkLabel       *comparison;
  GtkWidget      *charts;
};

MusterChart *muster_chart_deck_get_first (MusterChartDeck *self);

/* The chart that TRACK stands on, borrowed. */
MusterChart *muster_chart_deck_get_chart (MusterTrack *track);
/* Makes the charts anew that the tracks stand on. */
void muster_chart_deck_regroup (MusterChartDeck *self);

/* muster-chart-deck-options.c */
void muster_chart_deck_init_options (MusterChartDeck *self);
/* Gives a new track the look that was chosen. */
void muster_chart_deck_prepare (MusterChartDeck *self, MusterTrack *track);
/* How much later a ghost is shown than it was, microseconds, and what it is called: (transfer
 * full). */
gint64 muster_chart_deck_get_ghost_shift (MusterChartDeck *self);
char  *muster_chart_deck_dup_ghost_label (MusterChartDeck *self);
/* Says above the charts what it is that stands faintly behind. */
void muster_chart_deck_show_comparison (MusterChartDeck *self);

/* muster-chart-deck-marks.c */
/* Reads alerts, notes and what is left out; gives each chart those that concern it. */
void muster_chart_deck_watch_marks (MusterChartDeck *self);
void muster_chart_deck_read_marks (MusterChartDeck *self);
void muster_chart_deck_drop_marks (MusterChartDeck *self);
void muster_chart_deck_spread_marks (MusterChartDeck *self);
/* Leaves out the range of what CHART shows. */
void muster_chart_deck_brushed (MusterChartDeck *self, gint64 from, gint64 to, MusterChart *chart);
void muster_chart_deck_show_marks (MusterChartDeck *self);
void muster_chart_deck_ask_note (MusterChartDeck *self);

/* muster-chart-deck-context.c */
void muster_chart_deck_context (MusterChartDeck    *self,
                                MusterSeries       *series,
                                gint64              time,
                                double              value,
                                const GdkRectangle *place,
                                MusterChart        *chart);

/* muster-chart-deck-export.c */
void muster_chart_deck_show_table (MusterChartDeck *self);

/* muster-chart-deck-history.c */
/* Asks for what is in sight, soon. */
void muster_chart_deck_queue_query (MusterChartDeck *self);
/* The range has changed: asks anew where that shows what is not there yet. */
void muster_chart_deck_range_changed (MusterChartDeck *self);
void muster_chart_deck_stop_queries (MusterChartDeck *self);
/* Hears of the devices that are watched now. */
void muster_chart_deck_queue_listen (MusterChartDeck *self);

G_END_DECLS
