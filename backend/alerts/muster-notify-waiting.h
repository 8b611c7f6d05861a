/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"

G_BEGIN_DECLS

/**
 * MusterNotifyWaiting:
 *
 * What waits for one channel, oldest first, and what of it goes out next: one alone, or several
 * together where they come in storms. Neither sends nor writes; times are UTC microseconds.
 */
typedef struct _MusterNotifyWaiting MusterNotifyWaiting;

MusterNotifyWaiting *muster_notify_waiting_new (void);
void                 muster_notify_waiting_free (MusterNotifyWaiting *self);

/* Puts NOTIFICATION in its place by age; one that it has already is replaced. */
void muster_notify_waiting_put (MusterNotifyWaiting *self, MusterEntity *notification);
void muster_notify_waiting_remove (MusterNotifyWaiting *self, MusterEntity *notification);
/* (element-type MusterNotification): borrowed, changes with it. */
GPtrArray *muster_notify_waiting_get_rows (MusterNotifyWaiting *self);
/* Likewise: (transfer full), stays as it is. */
GPtrArray *muster_notify_waiting_list (MusterNotifyWaiting *self);
/* What goes out next over CHANNEL: one alone, or several that are to go together; none where
 * everything has to wait. (transfer full) (element-type MusterNotification) */
GPtrArray *muster_notify_waiting_choose (MusterNotifyWaiting *self,
                                         MusterEntity        *channel,
                                         gint64               now,
                                         gint64               monotonic);
/* NOTIFICATION goes out, and counts for what its recipient can bear. */
void muster_notify_waiting_note_sent (MusterNotifyWaiting *self,
                                      MusterEntity        *notification,
                                      gint64               monotonic);
/* When there is something to be chosen; G_MAXINT64: never. */
gint64 muster_notify_waiting_get_next (MusterNotifyWaiting *self, gint64 now, gint64 monotonic);

/* When NOTIFICATION is to be sent; without a time, when something brings it forward. */
gint64 muster_notification_get_due (MusterEntity *notification);

G_END_DECLS
