/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-chart-deck.h"

G_BEGIN_DECLS

/* What saved views of charts are called by the site. */
#define MUSTER_CHART_VIEW_ENTITY "telemetry"

/* What a view of charts keeps: whose values and which of them, over what time, and how they are
 * shown. */
typedef struct
{
  char   **sources; /* (owned) keys of MusterSource */
  char   **metrics; /* (owned) (nullable) names; NULL: all that are not about the device itself */
  gint64   span;    /* microseconds that follow the present */
  gint64   from;    /* UTC microseconds of a range that stands still; 0: it follows */
  gint64   to;
  char    *look;        /* (owned) (nullable) */
  char    *grouping;    /* (owned) (nullable) */
  char    *comparison;  /* (owned) (nullable) */
  char    *calculation; /* (owned) (nullable) */
  gboolean with_bad;    /* samples of bad quality count */
} MusterChartView;

/* As MusterSavedViews has it: fields and values up to NULL, and columns. */
MusterChartView *muster_chart_view_new (const char *const *filters, const char *const *columns);
/* Of SOURCES (keys) and METRICS (nullable) as DECK shows them now. */
MusterChartView *muster_chart_view_new_from_deck (MusterChartDeck   *deck,
                                                  const char *const *sources,
                                                  const char *const *metrics);
/* The automatic dashboard of a product: every metric on a chart of its own, in the form that it
 * calls for. */
MusterChartView *muster_chart_view_new_dashboard (const char *product_id);
void             muster_chart_view_free (MusterChartView *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterChartView, muster_chart_view_free)

/* Fields and values up to NULL: (transfer full). The metrics are kept as the columns, as their
 * names may hold anything. */
char **muster_chart_view_list_filters (const MusterChartView *self);
/* Has DECK show it so; what it shows is for muster_deck_fill(). */
void muster_chart_view_apply (const MusterChartView *self, MusterChartDeck *deck);
/* A MusterWantsFunc. */
gboolean muster_chart_view_wants (gpointer self, const char *metric);

G_END_DECLS
