/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-orders-call.h"

G_BEGIN_DECLS

/* Making and changing a delivery: calls of the writer. They answer the delivery with its items. */
gboolean muster_delivery_create (MusterTransaction *transaction,
                                 MusterOrdersCall  *call,
                                 GError           **error);
gboolean muster_delivery_edit (MusterTransaction *transaction,
                               MusterOrdersCall  *call,
                               GError           **error);

/* A new delivery of ORDER, stored and still empty, with the members of CALL's body that are its
 * own: (transfer full). VERB: as muster_number_series_take(). */
MusterEntity *muster_delivery_insert (MusterTransaction *transaction,
                                      MusterOrdersCall  *call,
                                      MusterEntity      *order,
                                      const char        *verb,
                                      GError           **error);
/* The delivery of the call, checked against the revision that it expects: (transfer full). */
MusterEntity *muster_delivery_load (MusterTransaction *transaction,
                                    MusterOrdersCall  *call,
                                    GError           **error);
/* Answers the delivery ID as it stands now, with its items. */
gboolean muster_delivery_answer (MusterTransaction *transaction,
                                 MusterOrdersCall  *call,
                                 const char        *id,
                                 GError           **error);
/* "VERB delivery DN-2026-000012": how the operation stands in History. */
void muster_delivery_name_operation (MusterTransaction *transaction,
                                     const char        *verb,
                                     MusterEntity      *delivery);

G_END_DECLS
