/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"
#include "muster-document-print.h"

G_BEGIN_DECLS

/**
 * MusterPrintRecords:
 *
 * What a document tells of: an order or a delivery with its lines, or a stocktake, and the records
 * that those point at. Each document needs the ones that its function names.
 */
typedef struct
{
  char       *site_name;      /* (owned) */
  GTimeZone  *zone;           /* (owned): of dates */
  GPtrArray  *orders;         /* (owned) (element-type MusterOrder): one, or none */
  GPtrArray  *items;          /* (owned) (element-type MusterOrderItem) in order of position */
  GPtrArray  *deliveries;     /* (owned) (element-type MusterDelivery): one, or none */
  GPtrArray  *delivery_items; /* (owned) (element-type MusterDeliveryItem) */
  GPtrArray  *stocktakes;     /* (owned) (element-type MusterStocktake): one, or none */
  GPtrArray  *lines;          /* (owned) (element-type MusterStocktakeLine) */
  GPtrArray  *devices;        /* (owned) (element-type MusterDevice): units of the lines */
  GPtrArray  *moves;          /* (owned) (element-type MusterStockMove) of the order's goods */
  GHashTable *others;         /* (owned) (element-type utf8 MusterEntity) by id */
} MusterPrintRecords;

MusterPrintRecords *muster_print_records_new (const char *site_name, GTimeZone *zone);
void                muster_print_records_free (MusterPrintRecords *self);
/* A product, place or device that the records point at. */
void muster_print_records_add_other (MusterPrintRecords *self, MusterEntity *entity);

/* Where each unit of the order is to be fetched, in the order of the places: order, items, the
 * devices reserved for them, the moves of goods without serial numbers, products, places. */
MusterDocumentPrint *muster_print_pick_list (MusterPrintRecords *self);
/* What a delivery holds, with a place to sign: order, items, delivery, its items, products. */
MusterDocumentPrint *muster_print_delivery_note (MusterPrintRecords *self);
/* What an order costs: order, items, products. */
MusterDocumentPrint *muster_print_invoice (MusterPrintRecords *self);
/* What is expected in a place, to be counted by hand: stocktake, lines, places; nothing of the
 * expected numbers where it is blind. */
MusterDocumentPrint *muster_print_count_sheet (MusterPrintRecords *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterPrintRecords, muster_print_records_free)

G_END_DECLS
