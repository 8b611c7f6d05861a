/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-journal.h"
#include "muster-alert-book.h"
#include "muster-alert-engine.h"
#include "muster-alert-fold.h"
#include "muster-alert-history.h"
#include "muster-alert-loader.h"
#include "muster-alert-queue.h"
#include "muster-alert-service.h"
#include "muster-alert-silences.h"

G_BEGIN_DECLS

struct _MusterAlertService
{
  MusterService         parent_instance;
  MusterRepository     *repository; /* (owned) */
  MusterBus            *bus;        /* (owned) */
  MusterClock          *clock;      /* (owned) */
  MusterTelemetry      *telemetry;  /* (owned) */
  MusterDeviceRegistry *registry;   /* (owned) (nullable) */
  MusterSettings       *settings;   /* (owned) (nullable) */

  MusterAlertEngine   *engine;    /* (owned) */
  MusterAlertSite     *site;      /* (owned) */
  MusterAlertBook     *book;      /* (owned) */
  MusterAlertSilences *silences;  /* (owned) */
  MusterAlertHistory  *history;   /* (owned) */
  MusterAlertQueue    *queue;     /* (owned) (nullable): while it runs */
  GTimeZone           *zone;      /* (owned) */
  GHashTable          *calendars; /* (owned) (element-type utf8 MusterEntity): of duty, by id */

  GPtrArray  *early;     /* (owned) (nullable) (element-type MusterEvent): while it loads */
  GHashTable *dismissed; /* (owned) (nullable) (element-type utf8 gint64): while it starts: keys of
                            alerts that people resolved, to their level */
  GPtrArray *held;    /* (owned) (element-type MusterAlertWrite): raised, before they are folded */
  gint64     fold_at; /* when causes are looked for; G_MAXINT64: no need */
  gint64     orphans_at; /* when those whose cause has ended are told by themselves */
  gint64     silences_at;
  gint64     prune_at;
  guint      tick_id;
  gint64     tick_at; /* what tick_id waits for */
  guint      groups_id;
  GPtrArray *new_metrics; /* (owned) (nullable): that may want default rules */
  guint      defaults_id;
  guint      forget_id;
  gboolean   broker_is_down;
  gboolean   is_stopped;
};

/* --- muster-alert-raise.c --- */

/* Of the engine's hooks; USER_DATA is the service. */
void     muster_alert_service_take_transition (const MusterAlertTransition *transition,
                                               gpointer                     user_data);
unsigned muster_alert_service_find_open (const MusterAlertPlan *plan,
                                         const char            *device_id,
                                         const char            *metric,
                                         gint64                *since,
                                         gpointer               user_data);
/* ALERT (unresolved) is over. */
void muster_alert_service_end (MusterAlertService *self, const char *id, gint64 at);
/* Ends the alerts of rule RULE_ID (NULL: of all) whose condition is no longer looked at, or well.
 */
void muster_alert_service_end_unheld (MusterAlertService *self, const char *rule_id);
/* Silences that changed: unresolved alerts are told until when nobody is told of them. PREVIOUS
 * (nullable): what was true of them before, by id, so that it may be taken back. */
void        muster_alert_service_hush (MusterAlertService *self, GHashTable *previous);
GHashTable *muster_alert_service_list_hushed (MusterAlertService *self);

/* --- muster-alert-causes.c --- */

/* Looks for what explains that devices are not reached, and lets what was held go. */
void muster_alert_service_fold (MusterAlertService *self);
/* Those whose cause has ended stand for themselves again. */
void muster_alert_service_adopt_orphans (MusterAlertService *self);
void muster_alert_service_fold_soon (MusterAlertService *self);

/* --- muster-alert-follow.c --- */

void muster_alert_service_follow (MusterAlertService *self);
void muster_alert_service_take_event (MusterAlertService *self, MusterEvent *event);
void muster_alert_service_set_timezone (MusterAlertService *self, const char *name);

/* A silence ends soon: tells it on the bus. */
void muster_alert_service_warn_silence (MusterAlertService *self,
                                        const char         *id,
                                        const char         *reason,
                                        gint64              ends_at);

/* --- muster-alert-defaults.c --- */

/* A metric that is new: its product may get rules for it. */
void muster_alert_service_note_metric (MusterAlertService *self, MusterEntity *metric);

/* --- muster-alert-begin.c --- */

/* Resolves to TRUE once all that was before is known. */
DexFuture *muster_alert_service_load (MusterAlertService *self);

/* --- muster-alert-service.c --- */

gint64 muster_alert_service_get_now (MusterAlertService *self);
/* The engine's gate: quiet hours, and calendars. USER_DATA is the service. */
MusterAlertReason muster_alert_service_gate (const MusterAlertPlan *plan,
                                             gint64                 at,
                                             gint64                *until,
                                             gpointer               user_data);
/* The timer is set for what is due next. */
void   muster_alert_service_schedule (MusterAlertService *self);
gint64 muster_alert_service_get_setting (MusterAlertService *self, const char *key);
void   muster_alert_service_add_live (MusterAlertService *self,
                                      const char         *device_id,
                                      MusterLiveState     state,
                                      gint64              since);

G_END_DECLS
