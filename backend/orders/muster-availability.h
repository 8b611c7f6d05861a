/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-orders-call.h"

G_BEGIN_DECLS

/* A call of a reader: what there is of each line of the order of the call or, without an id, of the
 * `items` of its body. Lines of the same product share what there is of it, the first one first. */
gboolean muster_availability_check (MusterTransaction *transaction,
                                    MusterOrdersCall  *call,
                                    GError           **error);

G_END_DECLS
