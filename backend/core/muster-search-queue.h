/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-connection.h"

G_BEGIN_DECLS

/* The search indexes follow the records when there is time, or when somebody searches: in a batch,
 * for by themselves most of the small pieces cost more than the records. The queue is a table, so
 * what waits in it outlives the process. */

/* Brings the indexes up to date with what CONNECTION's transaction has changed or has found. */
gboolean muster_search_queue_drain (MusterConnection *connection, GError **error);
/* Before CONNECTION searches: the indexes are up to date, or the writer is asked to make them so.
 */
gboolean muster_search_queue_settle (MusterConnection *connection, GError **error);

G_END_DECLS
