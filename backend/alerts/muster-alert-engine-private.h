/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-alert-engine.h"
#include "muster-alert-timers.h"

G_BEGIN_DECLS

/* Ids are reference-counted strings that are interned: the same id is the same pointer. */

typedef struct _MusterAlertBound MusterAlertBound;

/* One series. */
typedef struct
{
  char        *metric; /* (owned) (interned) */
  MusterSample last;   /* its text is `text`; time 0: none yet */
  char        *text;   /* (owned) (nullable) */
  gint64       came;   /* when that came */
  GPtrArray   *bounds; /* (owned) (nullable) (element-type MusterAlertBound) (unowned) */
} MusterAlertSlot;

typedef struct
{
  char           *id;          /* (owned) (interned) */
  char           *product_id;  /* (owned) (interned) (nullable) */
  char           *location_id; /* (owned) (interned) (nullable) */
  GPtrArray      *groups;      /* (owned) (nullable) (element-type utf8) (interned) */
  gboolean        watched;
  MusterLiveState live;
  gint64          live_since;
  GPtrArray      *slots;     /* (owned) (element-type MusterAlertSlot) in order of their coming */
  GHashTable     *by_metric; /* (owned) (nullable) (element-type utf8 MusterAlertSlot) */
  GPtrArray      *bounds;    /* (owned) (element-type MusterAlertBound): all of the device */
} MusterAlertDevice;

/* A rule, and where it looks. */
typedef struct
{
  MusterAlertPlan *plan;     /* (owned) */
  char            *scope_id; /* (owned) (interned) (nullable) */
  GPtrArray       *bounds;   /* (owned) (element-type MusterAlertBound) (unowned) */
} MusterAlertRuleEntry;

/* A rule on a series; of rules that look at several or none, on the device. */
struct _MusterAlertBound
{
  MusterAlertTimer      timer;
  MusterAlertCondition  condition;
  MusterAlertRuleEntry *rule;
  MusterAlertDevice    *device;
  MusterAlertSlot      *slot;   /* (nullable) */
  MusterAlertSlot     **inputs; /* (owned) (nullable): of an expression, by its variables */
  gboolean              waits;  /* for the end of the batch */
};

/* The rules of one scope. */
typedef struct
{
  GHashTable *exact;    /* (owned) (element-type utf8 GPtrArray): by metric */
  GPtrArray  *patterns; /* (owned) (element-type MusterAlertRuleEntry) */
  GPtrArray  *whole;    /* (owned) (element-type MusterAlertRuleEntry): offline, expression */
} MusterAlertScopeIndex;

struct _MusterAlertEngine
{
  MusterAlertEngineHooks hooks;
  GHashTable            *devices; /* (owned) (element-type utf8 MusterAlertDevice) by id */
  GHashTable            *places;  /* (owned) (element-type utf8 utf8): interned, to their parent */
  GHashTable            *rules;   /* (owned) (element-type utf8 MusterAlertRuleEntry) by id */
  GHashTable            *scopes;  /* (owned) (element-type pointer MusterAlertScopeIndex): by id,
                                     the engine's address for the site */
  MusterAlertTimers *timers;      /* (owned) */
  GPtrArray         *waiting;     /* (owned) (element-type MusterAlertBound) */
};

/* --- muster-alert-engine-bind.c --- */

MusterAlertRuleEntry *muster_alert_rule_entry_new (MusterAlertPlan *plan);
void                  muster_alert_rule_entry_free (gpointer entry);
void                  muster_alert_bound_free (gpointer bound);
void                  muster_alert_scope_index_free (gpointer index);

void     muster_alert_engine_index_rule (MusterAlertEngine *self, MusterAlertRuleEntry *rule);
void     muster_alert_engine_unindex_rule (MusterAlertEngine *self, MusterAlertRuleEntry *rule);
gboolean muster_alert_engine_rule_covers (MusterAlertEngine          *self,
                                          const MusterAlertRuleEntry *rule,
                                          const MusterAlertDevice    *device);
/* Lets every rule that is about SLOT look at it. */
void muster_alert_engine_bind_slot (MusterAlertEngine *self,
                                    MusterAlertDevice *device,
                                    MusterAlertSlot   *slot,
                                    gint64             now);
/* Likewise for the rules about the device as a whole. */
void muster_alert_engine_bind_device (MusterAlertEngine *self,
                                      MusterAlertDevice *device,
                                      gint64             now);
/* Lets RULE look at what DEVICE has for it. */
void muster_alert_engine_bind_rule (MusterAlertEngine    *self,
                                    MusterAlertRuleEntry *rule,
                                    MusterAlertDevice    *device,
                                    gint64                now);
void muster_alert_engine_unbind (MusterAlertEngine *self, MusterAlertBound *bound);

/* --- muster-alert-engine.c --- */

MusterAlertSlot *muster_alert_engine_get_slot (MusterAlertEngine *self,
                                               MusterAlertDevice *device,
                                               const char        *metric,
                                               gint64             now);
/* Keeps SAMPLE as the slot's newest: whether it is, and so says how it is now. */
gboolean muster_alert_slot_store (MusterAlertSlot *slot, const MusterSample *sample, gint64 now);
/* BOUND looks at several metrics, and waits for the rest of the message. */
void muster_alert_engine_wait (MusterAlertEngine *self, MusterAlertBound *bound);
/* BOUND's condition has come to OUTCOME: its timer is set, and it is told. */
void muster_alert_engine_settle (MusterAlertEngine *self,
                                 MusterAlertBound  *bound,
                                 MusterAlertOutcome outcome);
/* (nullable) */
MusterAlertBound *muster_alert_engine_find_bound (MusterAlertEngine *self,
                                                  const char        *rule_id,
                                                  const char        *device_id,
                                                  const char        *metric);
/* What is known of BOUND's series is evaluated. */
void muster_alert_engine_evaluate (MusterAlertEngine *self, MusterAlertBound *bound, gint64 now);

G_END_DECLS
