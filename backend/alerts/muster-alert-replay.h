/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-alert-condition.h"

G_BEGIN_DECLS

/* One evaluation of a stored sample, or of time that went on. Borrowed during the call. */
typedef struct
{
  gint64             at;        /* UTC microseconds */
  const char        *metric;    /* (nullable): of an expression */
  double             value;     /* NAN: none */
  double             threshold; /* NAN: none */
  unsigned           level;     /* reached; 0: well */
  MusterAlertOutcome outcome;
  MusterAlertReason  reason;
} MusterAlertTrace;

typedef void (*MusterAlertTraceFunc) (const MusterAlertTrace *trace, gpointer user_data);

/**
 * MusterAlertReplay:
 *
 * A rule evaluated on stored samples of one device as it would have been when they came: for trying
 * rules out, and for saying why they did what they did. What it keeps is bounded by the number of
 * metrics.
 */
typedef struct _MusterAlertReplay MusterAlertReplay;

/* FUNC is called for each evaluation, in order of time a batch. FROM: when it begins to look. */
MusterAlertReplay *muster_alert_replay_new (MusterAlertPlan     *plan,
                                            gint64               from,
                                            MusterAlertGate      gate,
                                            gpointer             gate_data,
                                            MusterAlertTraceFunc func,
                                            gpointer             user_data);
void               muster_alert_replay_free (MusterAlertReplay *self);
/* The metrics that it needs, NULL-terminated; NULL for all. Borrowed. */
const char *const *muster_alert_replay_get_metrics (MusterAlertReplay *self);
/* Samples that came after those of before. */
void muster_alert_replay_feed (MusterAlertReplay *self, MusterSampleBatch *batch);
/* METRIC, of an expression, is VALUE (NAN: not known) until a sample says otherwise. */
void muster_alert_replay_set (MusterAlertReplay *self, const char *metric, double value);
/* How it stands with METRIC (nullable), or NULL where none came. Borrowed. */
const MusterAlertCondition *muster_alert_replay_get_condition (MusterAlertReplay *self,
                                                               const char        *metric);
/* No sample came until TO. */
void   muster_alert_replay_end (MusterAlertReplay *self, gint64 to);
gint64 muster_alert_replay_get_evaluated (MusterAlertReplay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterAlertReplay, muster_alert_replay_free)

G_END_DECLS
