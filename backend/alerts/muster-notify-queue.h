/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "muster-channel.h"

G_BEGIN_DECLS

/**
 * MusterNotifyQueue:
 *
 * Sends what the delivery log has queued, channel beside channel, in one channel one after the
 * other. What fails is tried again later and later; what comes in storms goes together. The rows
 * say what is to be done at any time, so a daemon that is killed goes on where it was: something is
 * sent twice only where it died between the sending and the noting of it, with the same id. Main
 * thread only.
 */
#define MUSTER_TYPE_NOTIFY_QUEUE (muster_notify_queue_get_type ())
G_DECLARE_FINAL_TYPE (MusterNotifyQueue, muster_notify_queue, MUSTER, NOTIFY_QUEUE, GObject)

/* PARTS: copied; what they point at outlives the queue. */
MusterNotifyQueue *muster_notify_queue_new (MusterRepository         *repository,
                                            const MusterChannelParts *parts);
/* Takes up what was left: resolves to TRUE. */
DexFuture *muster_notify_queue_start (MusterNotifyQueue *self);
/* Begins nothing any more: resolves to TRUE when what was under way has ended, or after some
 * seconds. */
DexFuture *muster_notify_queue_stop (MusterNotifyQueue *self);
/* NOTIFICATIONS (element-type MusterNotification), just stored as queued; one that it has already
 * is replaced. */
void muster_notify_queue_add (MusterNotifyQueue *self, GPtrArray *notifications);
/* The channel ID has changed, or is gone. */
void muster_notify_queue_channel_changed (MusterNotifyQueue *self, const char *id);
/* Looks what has become due by the clock; by itself it does so in time. */
void muster_notify_queue_check (MusterNotifyQueue *self);
/* Sends NOTIFICATION, stored as queued and not given to the queue, at once and without trying
 * again: resolves to it as it is then. */
DexFuture *muster_notify_queue_try (MusterNotifyQueue *self, MusterEntity *notification);
/* Which channel takes nothing at present, and why; NULL: none. Property `trouble`. */
const char *muster_notify_queue_get_trouble (MusterNotifyQueue *self);
/* How many wait. */
unsigned muster_notify_queue_get_length (MusterNotifyQueue *self);

G_END_DECLS
