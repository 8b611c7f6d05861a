/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-chart-deck.h"

G_BEGIN_DECLS

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
  gint64                 span;
  gint64                 cursor_time;
  gint64                 queried_from;
  gint64                 queried_to;
  guint                  following : 1;
  guint                  choosing : 1; /* the buttons are being set to what is shown */

  /* Template children */
  GtkWidget      *tools;
  AdwToggleGroup *ranges;
  GtkWidget      *follow;
  GtkWidget      *charts;
};

MusterChart *muster_chart_deck_get_first (MusterChartDeck *self);

/* muster-chart-deck-history.c */
/* Asks for what is in sight, soon. */
void muster_chart_deck_queue_query (MusterChartDeck *self);
/* The range has changed: asks anew where that shows what is not there yet. */
void muster_chart_deck_range_changed (MusterChartDeck *self);
void muster_chart_deck_stop_queries (MusterChartDeck *self);
/* Hears of the devices that are watched now. */
void muster_chart_deck_queue_listen (MusterChartDeck *self);

G_END_DECLS
