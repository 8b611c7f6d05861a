/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "muster-notice.h"

G_BEGIN_DECLS

/* The delivery log in the database: what is read and written of it, on the database's threads. */

/* What became of an attempt to send a notification. */
typedef struct
{
  MusterNotificationStatus status;
  char                    *error;   /* (owned) (nullable) */
  gint64                   next_at; /* of what is queued again; else 0 */
  char                   **left;    /* (owned) (nullable): recipients who are still to be told */
} MusterNotifyOutcome;

/* What waits, oldest first: resolves to (element-type MusterNotification) GPtrArray (boxed). */
DexFuture *muster_notify_store_list_queued (MusterRepository *repository);
/* Everything that is needed to send NOTIFICATION: resolves to a MusterNotice. */
DexFuture *muster_notify_store_load (MusterRepository *repository, MusterEntity *notification);
/* Notes the outcome, of what went in a digest too: resolves to the MusterNotification as it is now.
 * OUTCOME's members are taken. */
DexFuture *muster_notify_store_settle (MusterRepository    *repository,
                                       MusterEntity        *notification,
                                       MusterNotifyOutcome *outcome);
/* Puts NOTIFICATIONS (element-type MusterNotification), of one channel and recipient, in one:
 * resolves to the new MusterNotification. */
DexFuture *muster_notify_store_make_digest (MusterRepository *repository, GPtrArray *notifications);
/* Notes that NOTIFICATIONS are not sent, and WHY: resolves to TRUE. */
DexFuture *muster_notify_store_drop (MusterRepository *repository,
                                     GPtrArray        *notifications,
                                     const char       *why);
/* A message to try CHANNEL_ID, of ACTOR; of a siren, what ends it too: resolves to
 * (element-type MusterNotification) GPtrArray (boxed), the message first. */
DexFuture *muster_notify_store_add_test (MusterRepository *repository,
                                         MusterActor      *actor,
                                         const char       *channel_id);
/* Queues what failed or was dropped again: resolves to the MusterNotification; rejects with
 * MUSTER_ERROR_CONFLICT for another. */
DexFuture *muster_notify_store_retry (MusterRepository *repository,
                                      MusterActor      *actor,
                                      const char       *id);

G_END_DECLS
