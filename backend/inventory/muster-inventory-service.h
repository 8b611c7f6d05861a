/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"

G_BEGIN_DECLS

/**
 * MusterInventoryService:
 *
 * What the site has in stock: units come in, are moved, counted, lent and replaced. Each call is
 * one operation of the journal, undone as a whole. Devices' own changes become stock moves by the
 * rules of muster_stock_rules_add().
 */
#define MUSTER_TYPE_INVENTORY_SERVICE (muster_inventory_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterInventoryService,
                      muster_inventory_service,
                      MUSTER,
                      INVENTORY_SERVICE,
                      GObject)

/* Takes the account of DEVICE_ID away: resolves to anything. */
typedef DexFuture *(*MusterInventoryRelease) (MusterActor *actor,
                                              const char  *device_id,
                                              gpointer     user_data);

MusterInventoryService *muster_inventory_service_new (MusterRepository *repository);
MusterRepository       *muster_inventory_service_get_repository (MusterInventoryService *self);
/* How an adopted device that is replaced is released. Without it, it stays adopted. */
void muster_inventory_service_set_release (MusterInventoryService *self,
                                           MusterInventoryRelease  release,
                                           gpointer                user_data);

/* --- receiving (muster-receipt.c) --- */

/* What came in. Strings are borrowed for the call. */
typedef struct
{
  const char *product_id;
  const char *serials;     /* (nullable): by the grammar of muster-serials.h */
  gint64      quantity;    /* 0: as many as there are serial numbers */
  const char *location_id; /* (nullable) */
  const char *batch;       /* (nullable): its number; made where it is new */
  gint64      expires_at;  /* of the batch; 0: unknown */
  gint64      received_at; /* 0: now */
  const char *notes;       /* (nullable) */
} MusterReceipt;

/* Resolves to a GBytes:
 * {"product_id","batch_id","quantity","device_ids":[…],"serials":[…],"move_ids":[…]}.
 * MUSTER_ERROR_CONFLICT tells of serial numbers that are taken, by whom and where. */
DexFuture *muster_inventory_service_receive (MusterInventoryService *self,
                                             MusterActor            *actor,
                                             const MusterReceipt    *receipt);

/* What TEXT stands for. AFTER (nullable): `~` goes on after it, else after the highest of
 * PRODUCT_ID (nullable). Resolves to a GBytes: {"serials":[…],"total",
 * "duplicates":[{"serial","device_id","name","status","location"}…]}. */
DexFuture *muster_inventory_service_expand (MusterInventoryService *self,
                                            const char             *text,
                                            const char             *after,
                                            const char             *product_id,
                                            unsigned                quantity);

/* --- moving (muster-manual-move.c) --- */

/* MOVE: reason put_away, move, adjust, scrap or return, with a device or a product. Resolves to the
 * MusterStockMove. */
DexFuture *muster_inventory_service_move (MusterInventoryService *self,
                                          MusterActor            *actor,
                                          MusterEntity           *move);

G_END_DECLS
