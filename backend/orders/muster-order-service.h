/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "core/muster-repository.h"

G_BEGIN_DECLS

/**
 * MusterOrderService:
 *
 * Orders and their lines: what somebody ordered from the site, the site ordered from somebody, or
 * somebody sends back. An order is answered with its lines as `items`.
 *
 * BODY is the request's JSON object, whose members the resource's tables describe. Futures resolve
 * to a MusterDocument. They reject with MUSTER_ERROR_NOT_FOUND (also where the order is not the
 * actor's to see), _INVALID (rows at the members), _PRECONDITION, or _CONFLICT: with the states
 * allowed next, or with rows below `/items` that say what is short.
 */
#define MUSTER_TYPE_ORDER_SERVICE (muster_order_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterOrderService, muster_order_service, MUSTER, ORDER_SERVICE, GObject)

MusterOrderService *muster_order_service_new (MusterRepository *repository);
MusterRepository   *muster_order_service_get_repository (MusterOrderService *self);

DexFuture *muster_order_service_get (MusterOrderService *self,
                                     MusterActor        *actor,
                                     const char         *id,
                                     gint64              as_of);
DexFuture *muster_order_service_create (MusterOrderService *self,
                                        MusterActor        *actor,
                                        JsonObject         *body);
/* As long as an order is pending everything about it may change, and `items` replaces its lines;
 * later only what does not change what was agreed on. */
DexFuture *muster_order_service_update (MusterOrderService *self,
                                        MusterActor        *actor,
                                        const char         *id,
                                        JsonObject         *body,
                                        gint64              expected_revision);
/* Goes to `status` and does the work of that step: confirmed reserves, shipped ships what is left,
 * delivered confirms what is on its way, cancelled frees. */
DexFuture *muster_order_service_set_status (MusterOrderService *self,
                                            MusterActor        *actor,
                                            const char         *id,
                                            JsonObject         *body,
                                            gint64              expected_revision);
/* Reserves what the order still needs; confirms a pending one. */
DexFuture *muster_order_service_allocate (MusterOrderService *self,
                                          MusterActor        *actor,
                                          const char         *id,
                                          JsonObject         *body,
                                          gint64              expected_revision);
/* Makes a delivery of `lines`, or of everything that is left, and sends it off. Resolves to the
 * delivery with its items. */
DexFuture *muster_order_service_ship (MusterOrderService *self,
                                      MusterActor        *actor,
                                      const char         *id,
                                      JsonObject         *body,
                                      gint64              expected_revision);
/* What is there of each line, of the order ID or (ID NULL) of `items` of the body. */
DexFuture *muster_order_service_check_availability (MusterOrderService *self,
                                                    MusterActor        *actor,
                                                    const char         *id,
                                                    JsonObject         *body,
                                                    gint64              as_of);

G_END_DECLS
