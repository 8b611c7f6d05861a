/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterOrderCard:
 *
 * An order on the board: number, customer, what it comes to and when it is due. Can be dragged; its
 * menu moves it on without a pointer, as Ctrl with the arrows does.
 *
 * Signal `move (int status)`: to there, please.
 */
#define MUSTER_TYPE_ORDER_CARD (muster_order_card_get_type ())
G_DECLARE_FINAL_TYPE (MusterOrderCard, muster_order_card, MUSTER, ORDER_CARD, GtkListBoxRow)

GtkWidget    *muster_order_card_new (MusterSession *session, MusterEntity *order);
MusterEntity *muster_order_card_get_order (MusterOrderCard *self);

G_END_DECLS
