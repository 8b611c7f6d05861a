/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-bus.h"

G_BEGIN_DECLS

/* What waits for one slow client. Bounded: an event replaces the waiting one of its key; beyond the
 * limit the oldest that may be left out is. Events of the journal, which have a sequence, are never
 * left out. */
typedef struct _MusterLiveQueue MusterLiveQueue;

typedef struct
{
  char        *subscription; /* (owned) (nullable): of EVENT */
  MusterEvent *event;        /* (owned) (nullable) */
  char        *text;         /* (owned) (nullable): a frame that is ready */
  char        *key;          /* (owned) (nullable) */
} MusterLiveItem;

void muster_live_item_free (MusterLiveItem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterLiveItem, muster_live_item_free)

MusterLiveQueue *muster_live_queue_new (unsigned limit);
void             muster_live_queue_free (MusterLiveQueue *self);
unsigned         muster_live_queue_get_length (MusterLiveQueue *self);
/* TEXT (taken) is never left out. */
void muster_live_queue_push_text (MusterLiveQueue *self, char *text);
/* FALSE when there is no room for an event of the journal. DISPLACED (out, transfer full,
 * nullable): the subscription that lost its oldest event, or this one (SUBSCRIPTION itself). */
gboolean muster_live_queue_push_event (MusterLiveQueue *self,
                                       const char      *subscription,
                                       MusterEvent     *event,
                                       char           **displaced);
/* The oldest, or NULL: (transfer full). */
MusterLiveItem *muster_live_queue_pop (MusterLiveQueue *self);
/* Forgets the events of SUBSCRIPTION. */
void muster_live_queue_forget (MusterLiveQueue *self, const char *subscription);

G_END_DECLS
