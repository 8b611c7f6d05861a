/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "core/muster-journal.h"
#include "model/muster-rollout.h"

G_BEGIN_DECLS

/* Of a rollout that takes late joiners: what changed since they were looked for, so that not every
 * device is looked at each time. Main thread only. */
typedef struct _MusterLateJoiners MusterLateJoiners;

MusterLateJoiners *muster_late_joiners_new (void);
void               muster_late_joiners_free (MusterLateJoiners *self);

/* ENTRY may let a device join, or not: of devices, update clients, groups and firmware. */
void muster_late_joiners_note (MusterLateJoiners *self, MusterJournalEntry *entry);
/* So may something else about DEVICE_ID. */
void muster_late_joiners_note_device (MusterLateJoiners *self, const char *device_id);
/* All are to be looked at. */
void muster_late_joiners_note_all (MusterLateJoiners *self);

/* Whether it is time, at MONOTONIC, to look for those of ROLLOUT, and there may be any. */
gboolean muster_late_joiners_is_due (MusterLateJoiners *self,
                                     MusterEntity      *rollout,
                                     gint64             monotonic);
/* Looks, at MONOTONIC, on a reader's thread. Resolves to a GHashTable (boxed) of the ids (utf8) of
 * devices that ROLLOUT can be given to and that have not got it. Where it rejects, the same are
 * looked at again the next time. */
DexFuture *muster_late_joiners_find (MusterLateJoiners *self,
                                     MusterDatabase    *database,
                                     MusterEntity      *rollout,
                                     gint64             monotonic);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterLateJoiners, muster_late_joiners_free)

G_END_DECLS
