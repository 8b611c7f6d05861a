/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-order.h"
#include "muster-page.h"

G_BEGIN_DECLS

/**
 * MusterOrderEditor:
 *
 * An order while it is being written: who, which goods, what it comes to. Nothing is lost: what was
 * written and not saved is there again when the next order of that kind is begun.
 */
#define MUSTER_TYPE_ORDER_EDITOR (muster_order_editor_get_type ())
G_DECLARE_FINAL_TYPE (MusterOrderEditor, muster_order_editor, MUSTER, ORDER_EDITOR, MusterPage)

MusterPage *muster_order_editor_new (MusterSession *session, MusterOrderKind kind);
/* ITEMS (element-type MusterOrderItem): lines of ORDER. */
MusterPage *muster_order_editor_new_for_order (MusterSession *session,
                                               MusterEntity  *order,
                                               GPtrArray     *items);
/* Adds QUANTITY of the product PRODUCT_ID, once it has been read. */
void muster_order_editor_add_product (MusterOrderEditor *self,
                                      const char        *product_id,
                                      gint64             quantity);

G_END_DECLS
