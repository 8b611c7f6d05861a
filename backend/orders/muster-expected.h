/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-orders-call.h"

G_BEGIN_DECLS

/* A call of a reader: BODY is a list of MusterDeliveryItem as it is answered; each is answered
 * again with what a person wants to know of it beside: order and delivery by their numbers, the
 * product's name, whether the label secret is known. */
gboolean muster_expected_describe (MusterTransaction *transaction,
                                   MusterOrdersCall  *call,
                                   GError           **error);

G_END_DECLS
