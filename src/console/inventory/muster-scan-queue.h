/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * MusterScanQueue:
 *
 * Scans of a count on their way to the site: kept in a file from the moment they are made until the
 * site has them, each with an id of its own, so that sending one twice counts once. Signal
 * `changed`: others wait.
 */
#define MUSTER_TYPE_SCAN_QUEUE (muster_scan_queue_get_type ())
G_DECLARE_FINAL_TYPE (MusterScanQueue, muster_scan_queue, MUSTER, SCAN_QUEUE, GObject)

/* FILE need not exist; it is read at once and written whenever something changes, the newest state
 * last. NULL: nothing is kept beyond this process. */
MusterScanQueue *muster_scan_queue_new (GFile *file);
/* That of the count STOCKTAKE_ID, in the person's own folder: (transfer full). */
GFile *muster_scan_queue_get_file (const char *stocktake_id);

/* Adds a scan of now. LOCATION_ID (nullable): where exactly. Its id: (transfer none). */
const char *muster_scan_queue_add (MusterScanQueue *self,
                                   const char      *code,
                                   gint64           quantity,
                                   const char      *location_id);
unsigned    muster_scan_queue_get_length (MusterScanQueue *self);
/* The oldest ones, at most LIMIT, as the API takes them: (transfer full). */
JsonArray *muster_scan_queue_peek (MusterScanQueue *self, unsigned limit);
/* The oldest LENGTH have arrived. */
void muster_scan_queue_drop (MusterScanQueue *self, unsigned length);

/* --- what the file holds: a scan a line, as JSON --- */

/* (transfer full) */
char *muster_scan_queue_to_text (MusterScanQueue *self);
/* Adds what TEXT holds, before what is there already; lines that are no scans are left out. */
void muster_scan_queue_take_text (MusterScanQueue *self, const char *text);

G_END_DECLS
