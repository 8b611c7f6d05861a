/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-device.h"
#include "muster-alert-condition.h"

G_BEGIN_DECLS

/* What an evaluation has changed. Borrowed during the call. */
typedef struct
{
  MusterAlertOutcome     outcome;
  const MusterAlertPlan *plan;
  const char            *device_id;
  const char            *metric;    /* (nullable): of rules that look at no single one */
  unsigned               level;     /* 0: well */
  double                 value;     /* NAN: none */
  double                 threshold; /* NAN: none */
  gint64                 since;     /* UTC microseconds: when it went over the threshold */
} MusterAlertTransition;

typedef struct
{
  void (*transition) (const MusterAlertTransition *transition, gpointer user_data);
  /* Whether such an alert is unresolved already: its level and since when, or 0. */
  unsigned (*find_open) (const MusterAlertPlan *plan,
                         const char            *device_id,
                         const char            *metric,
                         gint64                *since,
                         gpointer               user_data);
  MusterAlertGate gate; /* (nullable) */
  gpointer        user_data;
} MusterAlertEngineHooks;

/**
 * MusterAlertEngine:
 *
 * Evaluates rules on samples as they come. Every series knows the rules that look at it, so that a
 * sample costs as much as those do, whatever the number of all rules, and nothing is allocated for
 * one. Knows neither database nor clock: whoever calls says what time it is (UTC microseconds).
 * Main thread only.
 */
typedef struct _MusterAlertEngine MusterAlertEngine;

MusterAlertEngine *muster_alert_engine_new (const MusterAlertEngineHooks *hooks);
void               muster_alert_engine_free (MusterAlertEngine *self);

/* --- what it is about --- */

/* A place within PARENT_ID (nullable). */
void muster_alert_engine_set_place (MusterAlertEngine *self, const char *id, const char *parent_id);
/* A device; WATCHED: whether it is expected to be there and measure. PRODUCT_ID and LOCATION_ID are
 * nullable. */
void muster_alert_engine_set_device (MusterAlertEngine *self,
                                     const char        *id,
                                     const char        *product_id,
                                     const char        *location_id,
                                     gboolean           watched,
                                     gint64             now);
/* The groups that it belongs to (NULL-terminated, nullable). */
void muster_alert_engine_set_groups (MusterAlertEngine *self,
                                     const char        *id,
                                     const char *const *groups,
                                     gint64             now);
void muster_alert_engine_remove_device (MusterAlertEngine *self, const char *id);
/* Adds PLAN, or replaces the one of the same id: what is known of every series that it looks at is
 * evaluated at once. One that is not enabled is kept out. */
void muster_alert_engine_set_rule (MusterAlertEngine *self, MusterAlertPlan *plan, gint64 now);
/* Tells of no transition. */
void muster_alert_engine_remove_rule (MusterAlertEngine *self, const char *id);
/* (nullable): borrowed. */
MusterAlertPlan *muster_alert_engine_get_plan (MusterAlertEngine *self, const char *id);

/* --- after a restart (muster-alert-engine-restore.c) --- */

/* The newest samples that are stored of a device: they came while nobody looked, so they end no
 * silence, and say nothing of a rate; when they came is taken for their own time. */
void muster_alert_engine_feed_known (MusterAlertEngine *self, MusterSampleBatch *batch, gint64 now);
/* The newest sample of a metric, or NULL. Borrowed. */
const MusterSample *muster_alert_engine_get_last (MusterAlertEngine *self,
                                                  const char        *device_id,
                                                  const char        *metric);
/* A rule stood as WAS at a series, as stored samples tell. */
void muster_alert_engine_restore (MusterAlertEngine          *self,
                                  const char                 *rule_id,
                                  const char                 *device_id,
                                  const char                 *metric,
                                  const MusterAlertCondition *was,
                                  gint64                      now);

/* --- what happens --- */

void muster_alert_engine_feed (MusterAlertEngine *self, MusterSampleBatch *batch, gint64 now);
void muster_alert_engine_set_live (MusterAlertEngine *self,
                                   const char        *device_id,
                                   MusterLiveState    state,
                                   gint64             since,
                                   gint64             now);
/* A detector's SCORE of a series. */
void muster_alert_engine_report_anomaly (MusterAlertEngine *self,
                                         const char        *device_id,
                                         const char        *metric,
                                         double             score,
                                         gint64             at,
                                         gint64             now);
void muster_alert_engine_tick (MusterAlertEngine *self, gint64 now);
/* When to tick next; G_MAXINT64: not before something else happens. */
gint64 muster_alert_engine_get_deadline (MusterAlertEngine *self);

/* --- questions --- */

/* The state of rule RULE_ID on a series, or NULL where it does not look at it. Borrowed. */
const MusterAlertCondition *muster_alert_engine_find (MusterAlertEngine *self,
                                                      const char        *rule_id,
                                                      const char        *device_id,
                                                      const char        *metric);
/* Whether rule RULE_ID is about METRIC (nullable) of the device, whether or not that was ever
 * heard.
 */
gboolean muster_alert_engine_looks_at (MusterAlertEngine *self,
                                       const char        *rule_id,
                                       const char        *device_id,
                                       const char        *metric);
/* Whether a rule is for a group. */
gboolean muster_alert_engine_uses_groups (MusterAlertEngine *self);
typedef void (*MusterAlertConditionFunc) (const MusterAlertPlan      *plan,
                                          const char                 *device_id,
                                          const char                 *metric,
                                          const MusterAlertCondition *condition,
                                          gpointer                    user_data);
/* Calls FUNC for every series that rule RULE_ID looks at (NULL: that any does). */
void muster_alert_engine_foreach (MusterAlertEngine       *self,
                                  const char              *rule_id,
                                  MusterAlertConditionFunc func,
                                  gpointer                 user_data);
/* Whether PLAN is about the device; of those that it knows. */
gboolean muster_alert_engine_covers (MusterAlertEngine *self,
                                     MusterAlertScope   scope,
                                     const char        *scope_id,
                                     const char        *device_id);
/* Ids of the devices in the scope, at most LIMIT (0: all): (transfer full) (element-type utf8). */
GPtrArray *muster_alert_engine_list_devices (MusterAlertEngine *self,
                                             MusterAlertScope   scope,
                                             const char        *scope_id,
                                             unsigned           limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterAlertEngine, muster_alert_engine_free)

G_END_DECLS
