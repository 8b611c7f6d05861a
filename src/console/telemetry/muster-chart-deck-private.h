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
  MusterCalculation      calculation;
  GPtrArray             *questions; /* (owned) (element-type MusterDeckQuestion) */
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
  guint                  with_bad : 1; /* samples of bad quality count */
  guint                  brushing : 1;
  guint                  on_wall : 1;
  guint                  nameless : 1; /* some group is not known yet by its name */
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
/* How much later a ghost is shown than it was, microseconds, and what it is called: (transfer
 * full). */
gint64 muster_chart_deck_get_ghost_shift (MusterChartDeck *self);
char  *muster_chart_deck_dup_ghost_label (MusterChartDeck *self);
/* Says above the charts what it is that stands faintly behind. */
void muster_chart_deck_show_comparison (MusterChartDeck *self);

/* muster-chart-deck-calculate.c */
/* What is asked of the site for TRACK in every step, static; NULL: its points as they were told. */
const char *muster_chart_deck_get_aggregate (MusterChartDeck *self, MusterTrack *track);
/* What an answer for TRACK is multiplied by. */
double muster_chart_deck_get_factor (MusterChartDeck *self, MusterTrack *track);
/* The unit of what is shown of METRIC: (transfer full) (nullable). */
char *muster_chart_deck_dup_unit (MusterChartDeck *self, MusterApiMetric *metric);
void  muster_chart_deck_apply_look (MusterChartDeck *self, MusterTrack *track);
/* The length of a step of what is shown by steps, while SPAN is in sight. */
gint64 muster_chart_deck_choose_step (MusterChartDeck *self, gint64 span);
/* Tells that the tracks have to be made anew. */
void muster_chart_deck_remake (MusterChartDeck *self);

/* muster-chart-deck-groups.c */
typedef struct _MusterDeckQuestion MusterDeckQuestion;
void                               muster_deck_question_free (MusterDeckQuestion *self);
/* Asks for what counts together, for what is in sight. */
void muster_chart_deck_ask_groups (MusterChartDeck *self);
void muster_chart_deck_watch_names (MusterChartDeck *self);

/* muster-chart-deck-wall.c */
/* Makes CHART one of a wall. */
void muster_chart_deck_dress (GtkWidget *chart);

/* Keeps TRACK (taken) and charts it. */
void muster_chart_deck_take (MusterChartDeck *self, MusterTrack *track);

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
/* Asks where to save every sample of what is charted and of the time in sight. */
void muster_chart_deck_export (MusterChartDeck *self);

/* muster-chart-deck-history.c */
/* Asks for what is in sight, soon. */
void muster_chart_deck_queue_query (MusterChartDeck *self);
/* The range has changed: asks anew where that shows what is not there yet. */
void muster_chart_deck_range_changed (MusterChartDeck *self);
void muster_chart_deck_stop_queries (MusterChartDeck *self);
/* Hears of the devices that are watched now. */
void muster_chart_deck_queue_listen (MusterChartDeck *self);

G_END_DECLS
