/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-delivery.h"
#include "muster-orders-call.h"

G_BEGIN_DECLS

/* The steps of a delivery's life: calls of the writer. They answer the delivery with its items. */
gboolean muster_delivery_set_status (MusterTransaction *transaction,
                                     MusterOrdersCall  *call,
                                     GError           **error);
gboolean muster_delivery_confirm (MusterTransaction *transaction,
                                  MusterOrdersCall  *call,
                                  GError           **error);

/* DELIVERY, which is as stored but for members that were set since, goes to STATUS with the work of
 * that step; its order follows. CALL's body may say where what arrives is put (`location_id`), in
 * which condition (`condition`), and whether all of it did (`complete`). */
gboolean muster_delivery_go (MusterTransaction   *transaction,
                             MusterOrdersCall    *call,
                             MusterEntity        *delivery,
                             MusterDeliveryStatus status,
                             GError             **error);

G_END_DECLS
