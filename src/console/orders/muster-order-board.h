/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterOrderBoard:
 *
 * The orders in columns by status, with how many there are. A card is moved to where the state
 * machine lets it go: dropped there, by its menu, or by Ctrl with the arrows.
 *
 * Signals: `activate (MusterOrder *order)`; `ship (MusterOrder *order)`: to be shipped, which asks
 * what and with whom.
 */
#define MUSTER_TYPE_ORDER_BOARD (muster_order_board_get_type ())
G_DECLARE_FINAL_TYPE (MusterOrderBoard, muster_order_board, MUSTER, ORDER_BOARD, GtkWidget)

GtkWidget *muster_order_board_new (MusterSession *session);

/* Nick of the kind of orders that it shows; NULL: all. */
void muster_order_board_set_kind (MusterOrderBoard *self, const char *kind);
void muster_order_board_refresh (MusterOrderBoard *self);

G_END_DECLS
