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

/* --- what there is --- */

/* A page of the units at the place by UNITS (a query of devices, changed by this), in the places
 * within it too where RECURSIVE. Resolves to a GBytes: {"items","total","next","goods":[…]}. */
DexFuture *muster_inventory_service_list_contents (MusterInventoryService *self,
                                                   const char             *location_id,
                                                   gboolean                recursive,
                                                   MusterQuery            *units);
/* Products of which fewer are available and on order than their reorder point. Resolves to a
 * GBytes. */
DexFuture *muster_inventory_service_list_reorders (MusterInventoryService *self, gint64 as_of);
/* muster_stock_check() as a GBytes. */
DexFuture *muster_inventory_service_check (MusterInventoryService *self);
/* What CODE is. Resolves to a GBytes: {"kind","id","title","subtitle","status","code"};
 * MUSTER_ERROR_NOT_FOUND. */
DexFuture *muster_inventory_service_resolve (MusterInventoryService *self, const char *code);

/* --- lending (muster-loan-service.c) --- */

/* LOAN: device, borrower, due. Resolves to the MusterLoan. */
DexFuture *muster_inventory_service_lend (MusterInventoryService *self,
                                          MusterActor            *actor,
                                          MusterEntity           *loan);
/* LOCATION_ID (nullable): where it is put, else where it was taken from. Resolves to the
 * MusterLoan. */
DexFuture *muster_inventory_service_take_back (MusterInventoryService *self,
                                               MusterActor            *actor,
                                               const char             *loan_id,
                                               const char             *location_id);

/* --- replacing (muster-replacement.c) --- */

/**
 * muster_inventory_service_replace:
 * @serial: (nullable): of the unit that takes the place: one in stock, or a new record
 * @with: (nullable): or the id of its record
 * @reason: (nullable): why, for the history
 *
 * A unit takes over name, place, groups, what metrics mean, owner and order line of another, which
 * goes to maintenance. All of it is one operation; where the old one was adopted it is released by
 * a second one, which cannot be undone.
 *
 * Returns: (transfer full): resolves to a GBytes: {"device","replaced","operation","final"}
 */
DexFuture *muster_inventory_service_replace (MusterInventoryService *self,
                                             MusterActor            *actor,
                                             const char             *device_id,
                                             const char             *serial,
                                             const char             *with,
                                             const char             *reason);

/* --- counting (muster-count.c, muster-count-scans.c, muster-count-apply.c) --- */

/* STOCKTAKE: name, place, notes. What is expected there is written down as its lines at once.
 * Resolves to the MusterStocktake. */
DexFuture *muster_inventory_service_start_count (MusterInventoryService *self,
                                                 MusterActor            *actor,
                                                 MusterEntity           *stocktake);
/* The record and how many lines have which result. Resolves to a GBytes. */
DexFuture *muster_inventory_service_get_count (MusterInventoryService *self,
                                               const char             *id,
                                               gint64                  as_of);
/* STATUS: cancelled, or counting to go on. Resolves to the MusterStocktake. */
DexFuture *muster_inventory_service_set_count_status (MusterInventoryService *self,
                                                      MusterActor            *actor,
                                                      const char             *id,
                                                      int                     status);
/* SCANS (transfer none) (element-type MusterEntity): MusterStocktakeScans with code, quantity,
 * place, and an id where one was made by the scanning side: such a scan counts once, however often
 * it is sent. Resolves to a GBytes: {"items","counts"}. */
DexFuture *muster_inventory_service_scan (MusterInventoryService *self,
                                          MusterActor            *actor,
                                          const char             *id,
                                          GPtrArray              *scans);

typedef enum
{
  MUSTER_COUNT_PLAIN = 0,
  MUSTER_COUNT_PREVIEW = 1 << 0,      /* change nothing, say what would be */
  MUSTER_COUNT_KEEP_MISSING = 1 << 1, /* leave units that were not found as they are */
} MusterCountFlags;

/* Makes the count the stock. Resolves to a GBytes: {"stocktake","applied","operation","conflicts"}.
 */
DexFuture *muster_inventory_service_apply_count (MusterInventoryService *self,
                                                 MusterActor            *actor,
                                                 const char             *id,
                                                 MusterCountFlags        flags);

G_END_DECLS
