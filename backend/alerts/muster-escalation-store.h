/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"

G_BEGIN_DECLS

/* When an escalation goes on. */
typedef struct
{
  char  *alert_id;
  gint64 next_at; /* UTC µs; 0: when something changes; -1: it has ended */
} MusterEscalationDue;

/* Alerts whose escalations are to be looked at together, and what came of it. Reference counted. */
typedef struct
{
  GPtrArray *alert_ids;     /* (owned) (element-type utf8) */
  GPtrArray *notifications; /* (owned) (element-type MusterNotification): new, or brought forward */
  GPtrArray *dues;          /* (owned) (element-type MusterEscalationDue) */
  gint64     patience;      /* µs: nobody is told sooner that what ended by itself is over */
} MusterEscalationBatch;

MusterEscalationBatch *muster_escalation_batch_new (void);
void                   muster_escalation_batch_unref (gpointer self);

/* Brings the escalation of each alert to where it should be now, in one transaction: what is to be
 * told stands in the delivery log when it is durable that it was asked for, and at no other time.
 * Resolves to TRUE, with BATCH filled. */
DexFuture *muster_escalation_store_advance (MusterRepository      *repository,
                                            MusterEscalationBatch *batch);
/* The alerts that are not resolved, and those whose escalation has not ended: resolves to a GStrv
 * (G_TYPE_STRV) of their ids. */
DexFuture *muster_escalation_store_list (MusterRepository *repository);

/* The zone by whose clocks the site lives: (transfer full). */
GTimeZone *muster_escalation_get_zone (MusterTransaction *transaction);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterEscalationBatch, muster_escalation_batch_unref)

G_END_DECLS
