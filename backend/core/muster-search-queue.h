/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-connection.h"

G_BEGIN_DECLS

/* Brings the search indexes up to date with the records that the transaction under way has changed
 * so far: once before it is committed, and before it searches itself. */
gboolean muster_search_queue_drain (MusterConnection *connection, GError **error);

G_END_DECLS
