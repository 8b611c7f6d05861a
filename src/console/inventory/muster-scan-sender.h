/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-scan-queue.h"
#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterScanSender:
 *
 * Sends the scans of a count to the site, the oldest first, until all are there; while the site is
 * away or busy it waits and tries again. What the site refuses is tried one by one, so that one bad
 * scan does not hold up the others, and then set aside.
 *
 * Signals: `taken (JsonObject *answer)`; `refused (char *id, char *code, char *reason)`; `idle ()`:
 * nothing is on its way any more.
 */
#define MUSTER_TYPE_SCAN_SENDER (muster_scan_sender_get_type ())
G_DECLARE_FINAL_TYPE (MusterScanSender, muster_scan_sender, MUSTER, SCAN_SENDER, GObject)

/* QUEUE: of the count STOCKTAKE_ID; whatever is added to it is sent. */
MusterScanSender *muster_scan_sender_new (MusterSession   *session,
                                          const char      *stocktake_id,
                                          MusterScanQueue *queue);
/* Sends what waits, unless that is done already. */
void muster_scan_sender_send (MusterScanSender *self);

G_END_DECLS
