/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-channel.h"
#include "muster-notify-store.h"

G_BEGIN_DECLS

/* One message is sent, and what became of it is written down. Both in a fiber. */

/* Sends NOTICE: what it came to, into OUTCOME, whose texts are the caller's. IS_LAST: it is not
 * tried again. */
void muster_notify_attempt (MusterNotice             *notice,
                            const MusterChannelParts *parts,
                            MusterClock              *clock,
                            gboolean                  is_last,
                            MusterNotifyOutcome      *outcome);
/* Notes OUTCOME (its texts are taken) of NOTIFICATION as often as it takes: what was sent may not
 * be sent again because nobody could write that down. NULL where it is gone, or IS_STOPPING.
 * (transfer full) (nullable) */
MusterEntity *muster_notify_settle (MusterRepository    *repository,
                                    MusterEntity        *notification,
                                    MusterNotifyOutcome *outcome,
                                    const gboolean      *is_stopping);

G_END_DECLS
