/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "core/muster-bus.h"
#include "core/muster-journal.h"
#include "muster-live-message.h"

G_BEGIN_DECLS

/* What one client wants to hear. */
typedef struct
{
  char       *id;       /* (owned) */
  const char *topic;    /* static */
  GHashTable *subjects; /* (owned) (nullable) */
  GHashTable *details;  /* (owned) (nullable) */
  char       *customer; /* (owned) (nullable) who hears of nothing but their own */

  gint64     last;         /* the last sequence that was told or waits to be */
  gint64     told;         /* the last that was told */
  gint64     seen;         /* while it replays: the newest that went by live */
  gboolean   is_replaying; /* live events wait for the journal to catch up */
  DexFuture *replay;       /* (owned) (nullable): of the batch under way */

  guint64 dropped;      /* since the client was told last */
  gint64  told_dropped; /* monotonic µs: when that was */
} MusterLiveSubscription;

/* Takes what MESSAGE holds. CUSTOMER (nullable): whose it is, where that one may hear of their own
 * alone. */
MusterLiveSubscription *muster_live_subscription_new (MusterLiveMessage *message,
                                                      const char        *customer);
void                    muster_live_subscription_free (MusterLiveSubscription *self);
/* By topic and subject; the details are judged by what the event encodes to. */
gboolean muster_live_subscription_matches (MusterLiveSubscription *self, MusterEvent *event);
/* The frame that tells EVENT, or NULL when no detail asked for is in it: (transfer full). */
char *muster_live_subscription_frame (MusterLiveSubscription *self, MusterEvent *event);
/* ENTRY of the journal as its event: (transfer full). */
MusterEvent *muster_live_event_new_replayed (MusterJournalEntry *entry);

G_END_DECLS
