/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "model/muster-order-item.h"

G_BEGIN_DECLS

#define MUSTER_ORDER_MAX_LINES 1000

/* A line as somebody asked for it. */
typedef struct
{
  MusterEntity *item;         /* (owned): MusterOrderItem; its id only where one was given */
  gboolean      is_stored;    /* it stays as it is */
  gboolean      has_price;    /* the unit price was given */
  gboolean      has_subtotal; /* so was what it comes to, which must then be right */
  gint64        subtotal;
} MusterOrderLine;

/* A line that is there already, at its price. */
MusterOrderLine *muster_order_line_new_stored (MusterEntity *item);
void             muster_order_line_free (gpointer data);

/* Reads `items`, the lines of an order: (transfer full) (element-type MusterOrderLine). Members
 * that the daemon sets are ignored, so that what was answered can be sent back; an `id` names a
 * line that is there already. What is refused is added to ERRORS, below `/items`; NODE may be NULL.
 */
GPtrArray *muster_order_lines_parse (JsonNode *node, MusterFieldErrors *errors);

/* Fills in what follows from the catalogue, in the name of the transaction's actor: the product of
 * a unit, what the line says, and its price. ORDER: its kind, currency and origin count. */
gboolean muster_order_lines_complete (MusterTransaction *transaction,
                                      MusterEntity      *order,
                                      GPtrArray         *lines,
                                      MusterFieldErrors *errors,
                                      GError           **error);
/* Whether what was claimed to be the lines' subtotals is so. */
void muster_order_lines_check_subtotals (GPtrArray *lines, MusterFieldErrors *errors);
/* (transfer container) (element-type MusterEntity): the items alone. */
GPtrArray *muster_order_lines_list_items (GPtrArray *lines);

G_END_DECLS
