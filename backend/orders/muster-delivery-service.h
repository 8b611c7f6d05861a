/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "core/muster-repository.h"

G_BEGIN_DECLS

/**
 * MusterDeliveryService:
 *
 * Deliveries: goods on their way to a customer, and goods that a supplier sends or a customer sends
 * back. A delivery is answered with what it holds as `items`. For BODY and the errors see
 * MusterOrderService.
 */
#define MUSTER_TYPE_DELIVERY_SERVICE (muster_delivery_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeliveryService,
                      muster_delivery_service,
                      MUSTER,
                      DELIVERY_SERVICE,
                      GObject)

MusterDeliveryService *muster_delivery_service_new (MusterRepository *repository);
MusterRepository      *muster_delivery_service_get_repository (MusterDeliveryService *self);

DexFuture *muster_delivery_service_get (MusterDeliveryService *self,
                                        MusterActor           *actor,
                                        const char            *id,
                                        gint64                 as_of);
/* For `order_id`. An outgoing one holds `items`, or everything of the order that is left; an
 * incoming one what is announced. `status` sends it off at once. */
DexFuture *muster_delivery_service_create (MusterDeliveryService *self,
                                           MusterActor           *actor,
                                           JsonObject            *body);
DexFuture *muster_delivery_service_update (MusterDeliveryService *self,
                                           MusterActor           *actor,
                                           const char            *id,
                                           JsonObject            *body,
                                           gint64                 expected_revision);
/* Goes to `status` and does the work of that step: units leave the stock, arrive, come back. */
DexFuture *muster_delivery_service_set_status (MusterDeliveryService *self,
                                               MusterActor           *actor,
                                               const char            *id,
                                               JsonObject            *body,
                                               gint64                 expected_revision);
/* It has arrived: `recipient`, `signature` and `delivery_notes` say so. */
DexFuture *muster_delivery_service_confirm (MusterDeliveryService *self,
                                            MusterActor           *actor,
                                            const char            *id,
                                            JsonObject            *body,
                                            gint64                 expected_revision);
/* Announces what an incoming delivery will hold, or adds to an outgoing one that has not left:
 * `items`, `text`, or the members of one item. */
DexFuture *muster_delivery_service_announce (MusterDeliveryService *self,
                                             MusterActor           *actor,
                                             const char            *id,
                                             JsonObject            *body,
                                             gint64                 expected_revision);
/* Takes an item (ITEM_ID) that has neither left nor arrived out of its delivery. */
DexFuture *muster_delivery_service_withdraw (MusterDeliveryService *self,
                                             MusterActor           *actor,
                                             const char            *item_id);
/* `code` was scanned: resolves to what it was (muster-delivery-scan.h). */
DexFuture *muster_delivery_service_scan (MusterDeliveryService *self,
                                         MusterActor           *actor,
                                         const char            *id,
                                         JsonObject            *body,
                                         gint64                 expected_revision);
/* Both resolve to the issue. */
DexFuture *muster_delivery_service_add_issue (MusterDeliveryService *self,
                                              MusterActor           *actor,
                                              const char            *id,
                                              JsonObject            *body,
                                              gint64                 expected_revision);
DexFuture *muster_delivery_service_change_issue (MusterDeliveryService *self,
                                                 MusterActor           *actor,
                                                 const char            *issue_id,
                                                 JsonObject            *body,
                                                 gint64                 expected_revision);
/* LIST: a list of MusterDeliveryItem as it is answered. Resolves to it with more about each. */
DexFuture *muster_delivery_service_describe_expected (MusterDeliveryService *self,
                                                      MusterActor           *actor,
                                                      JsonObject            *list,
                                                      gint64                 as_of);

G_END_DECLS
