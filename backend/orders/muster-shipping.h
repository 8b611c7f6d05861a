/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* WANTED (nullable) (element-type MusterShipmentLine), which POINTER names, must be of the goods
 * among LINES, those of ORDER, and name units that are there: else MUSTER_ERROR_INVALID. */
gboolean muster_shipping_check_lines (MusterTransaction *transaction,
                                      MusterEntity      *order,
                                      GPtrArray         *lines,
                                      GPtrArray         *wanted,
                                      const char        *pointer,
                                      GError           **error);
/* Puts into the new outgoing DELIVERY what WANTED (nullable) (element-type MusterShipmentLine) says
 * of LINES, or all that no delivery holds yet; POINTER names WANTED in errors. What is not set
 * aside yet is. MUSTER_ERROR_CONFLICT where something is short, or more is asked than is left. */
gboolean muster_shipping_fill (MusterTransaction *transaction,
                               MusterEntity      *order,
                               GPtrArray         *lines,
                               MusterEntity      *delivery,
                               GPtrArray         *wanted,
                               const char        *pointer,
                               GError           **error);
/* How many of LINES no delivery holds yet. -1 with ERROR. */
gint64 muster_shipping_count_left (MusterTransaction *transaction,
                                   MusterEntity      *order,
                                   GPtrArray         *lines,
                                   GError           **error);
/* What DELIVERY holds leaves the stock: it is picked and sold. */
gboolean muster_shipping_leave (MusterTransaction *transaction,
                                MusterEntity      *order,
                                MusterEntity      *delivery,
                                GError           **error);
/* What left with DELIVERY is in stock again: at PLACE_ID or, without it, where it was picked. */
gboolean muster_shipping_take_back (MusterTransaction *transaction,
                                    MusterEntity      *order,
                                    MusterEntity      *delivery,
                                    const char        *place_id,
                                    GError           **error);

/* (transfer full) (element-type MusterDeliveryItem) */
GPtrArray *muster_delivery_load_items (MusterTransaction *transaction,
                                       const char        *delivery_id,
                                       GError           **error);

G_END_DECLS
