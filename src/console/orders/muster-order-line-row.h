/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* A line of an order: what, how many, for how much, and how far it is. ORDER: the order that ITEM
 * is of; AVAILABLE: how many of it are there to be had, or -1 where that is nobody's question. */
#define MUSTER_TYPE_ORDER_LINE_ROW (muster_order_line_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterOrderLineRow,
                      muster_order_line_row,
                      MUSTER,
                      ORDER_LINE_ROW,
                      GtkListBoxRow)

GtkWidget *muster_order_line_row_new (MusterSession *session,
                                      MusterEntity  *order,
                                      MusterEntity  *item,
                                      gint64         available);

G_END_DECLS
