/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Chooses what of an order leaves now, by list or by scanning, and with whom; makes the delivery.
 */
#define MUSTER_TYPE_SHIP_DIALOG (muster_ship_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterShipDialog, muster_ship_dialog, MUSTER, SHIP_DIALOG, AdwDialog)

/* ITEMS (element-type MusterOrderItem): lines of ORDER. */
AdwDialog *muster_ship_dialog_new (MusterSession *session, MusterEntity *order, GPtrArray *items);

G_END_DECLS
