/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-orders-call.h"

G_BEGIN_DECLS

/* What was wrong with a delivery: calls of the writer, of the delivery's id or the issue's. They
 * answer the issue. The follow-up `replace` makes an order of the same kind for the same goods
 * without a price; `return` one that takes them back. */
gboolean muster_delivery_issue_add (MusterTransaction *transaction,
                                    MusterOrdersCall  *call,
                                    GError           **error);
gboolean muster_delivery_issue_change (MusterTransaction *transaction,
                                       MusterOrdersCall  *call,
                                       GError           **error);

G_END_DECLS
