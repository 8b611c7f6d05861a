/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "muster-alert-plan.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_ALERT_RAISE, /* `alert` is inserted; its texts are made then */
  MUSTER_ALERT_AGAIN, /* raised while it was unresolved */
  MUSTER_ALERT_STEP,  /* another severity */
  MUSTER_ALERT_END,   /* it is over */
  MUSTER_ALERT_FOLD,  /* another cause, or none */
  MUSTER_ALERT_COUNT, /* it explains `n_children` more */
  MUSTER_ALERT_HUSH,  /* silent until `at`, 0 for not */
} MusterAlertChangeKind;

/* Something to be written about one alert. */
typedef struct
{
  MusterAlertChangeKind kind;
  char                 *id;          /* (owned) */
  MusterEntity         *alert;       /* (owned) (nullable) */
  MusterAlertPlan      *plan;        /* (owned) (nullable): what its texts are made by */
  char                 *device_name; /* (owned) (nullable) */
  char                 *place;       /* (owned) (nullable): path */
  char                 *title;       /* (owned) (nullable): of a cause */
  char                 *cause_id;    /* (owned) (nullable) */
  int                   cause_kind;
  int                   severity;
  double                value;     /* NAN: none */
  double                threshold; /* NAN: none */
  gint64                at;        /* UTC microseconds */
  unsigned              n_children;
} MusterAlertWrite;

MusterAlertWrite *muster_alert_write_new (MusterAlertChangeKind kind, const char *id);
void              muster_alert_write_free (gpointer write);

/**
 * MusterAlertQueue:
 *
 * Writes what is found about alerts: whatever comes together, or while a transaction is under way,
 * is one transaction, in order. When the database fails it is tried again. Main thread only.
 */
typedef struct _MusterAlertQueue MusterAlertQueue;

MusterAlertQueue *muster_alert_queue_new (MusterDatabase *database);
/* What waits is lost. */
void muster_alert_queue_free (MusterAlertQueue *self);
/* Takes WRITE. */
void muster_alert_queue_add (MusterAlertQueue *self, MusterAlertWrite *write);
/* Resolves to TRUE once all that was added is written, or has failed. */
DexFuture *muster_alert_queue_settle (MusterAlertQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterAlertQueue, muster_alert_queue_free)

G_END_DECLS
