/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-orders-call.h"

G_BEGIN_DECLS

/* What an incoming delivery will hold: calls of the writer. */

/* Adds what CALL's body announces to DELIVERY of ORDER: `items`, `text`, or the members of one item
 * itself. Without any, a delivery of what a customer sends back holds all of that. Refused are
 * serial numbers that are there already, with where (MUSTER_ERROR_INVALID), and more than was
 * ordered (MUSTER_ERROR_CONFLICT). */
gboolean muster_announcement_add (MusterTransaction *transaction,
                                  MusterOrdersCall  *call,
                                  MusterEntity      *order,
                                  MusterEntity      *delivery,
                                  GError           **error);
/* All of ORDER that no delivery announces. */
gboolean muster_announcement_add_rest (MusterTransaction *transaction,
                                       MusterEntity      *order,
                                       MusterEntity      *delivery,
                                       GError           **error);
/* The call: to a delivery that is there. Answers the delivery with its items. */
gboolean muster_announcement_announce (MusterTransaction *transaction,
                                       MusterOrdersCall  *call,
                                       GError           **error);
/* The call: takes the item of the call's id out of its delivery. Answers nothing. */
gboolean muster_announcement_withdraw (MusterTransaction *transaction,
                                       MusterOrdersCall  *call,
                                       GError           **error);

/* The one line of goods of LINES that a unit of an unknown line can only belong to, or NULL. */
MusterEntity *muster_announcement_guess_line (GPtrArray *lines);
/* A new item of DELIVERY for LINE, not stored: (transfer full). */
MusterEntity *muster_announcement_new_item (MusterEntity *delivery, MusterEntity *line);

G_END_DECLS
