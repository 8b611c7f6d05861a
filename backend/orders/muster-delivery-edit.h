/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-orders-call.h"

G_BEGIN_DECLS

/* Deliveries: calls of the writer. They answer the delivery with its items. */
gboolean muster_delivery_create (MusterTransaction *transaction,
                                 MusterOrdersCall  *call,
                                 GError           **error);
gboolean muster_delivery_edit (MusterTransaction *transaction,
                               MusterOrdersCall  *call,
                               GError           **error);
gboolean muster_delivery_set_status (MusterTransaction *transaction,
                                     MusterOrdersCall  *call,
                                     GError           **error);
gboolean muster_delivery_confirm (MusterTransaction *transaction,
                                  MusterOrdersCall  *call,
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

G_END_DECLS
