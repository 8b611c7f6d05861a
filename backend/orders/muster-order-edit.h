/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-orders-call.h"

G_BEGIN_DECLS

/* Making and changing an order: calls of the writer. They answer the order with its lines. */
gboolean muster_order_create (MusterTransaction *transaction,
                              MusterOrdersCall  *call,
                              GError           **error);
gboolean muster_order_edit (MusterTransaction *transaction, MusterOrdersCall *call, GError **error);

/* The order of the call, checked against the revision that it expects: (transfer full). */
MusterEntity *muster_order_load (MusterTransaction *transaction,
                                 MusterOrdersCall  *call,
                                 GError           **error);
/* (transfer full) (element-type MusterOrderItem): in their order. */
GPtrArray *muster_order_load_lines (MusterTransaction *transaction,
                                    const char        *order_id,
                                    GError           **error);
/* The one of LINES whose id is ID, or NULL. */
MusterEntity *muster_order_find_line (GPtrArray *lines, const char *id);
/* Answers the order ID as it stands now, with its lines. */
gboolean muster_order_answer (MusterTransaction *transaction,
                              MusterOrdersCall  *call,
                              const char        *id,
                              GError           **error);
/* Inserts ORDER, which gets its number, and LINES (element-type MusterOrderItem), which are priced
 * already. VERB: as muster_number_series_take(). */
gboolean muster_order_insert (MusterTransaction *transaction,
                              MusterEntity      *order,
                              GPtrArray         *lines,
                              const char        *verb,
                              GError           **error);

G_END_DECLS
