/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* Where what arrives is put, and in which condition. */
typedef struct
{
  const char *location_id;    /* (nullable) */
  gboolean    to_maintenance; /* of what a customer sends back: to be looked at first */
} MusterReceipt;

/* QUANTITY of ITEM (a MusterDeliveryItem of the incoming DELIVERY) have arrived: a unit gets its
 * record, or comes back to the one it has; bulk goods are counted in. ITEM is updated. */
gboolean muster_receiving_take (MusterTransaction   *transaction,
                                MusterEntity        *order,
                                MusterEntity        *delivery,
                                MusterEntity        *item,
                                gint64               quantity,
                                const MusterReceipt *receipt,
                                GError             **error);
/* All that DELIVERY announces and that has not arrived. */
gboolean muster_receiving_take_all (MusterTransaction   *transaction,
                                    MusterEntity        *order,
                                    MusterEntity        *delivery,
                                    const MusterReceipt *receipt,
                                    GError             **error);
/* What arrived with DELIVERY, a supplier's, goes back to them. */
gboolean muster_receiving_send_back (MusterTransaction *transaction,
                                     MusterEntity      *order,
                                     MusterEntity      *delivery,
                                     GError           **error);

G_END_DECLS
