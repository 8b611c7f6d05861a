/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Chooses what of a delivered order comes back, and makes the return order of it. */
#define MUSTER_TYPE_RETURN_DIALOG (muster_return_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterReturnDialog, muster_return_dialog, MUSTER, RETURN_DIALOG, AdwDialog)

/* ITEMS (element-type MusterOrderItem): lines of ORDER. */
AdwDialog *muster_return_dialog_new (MusterSession *session, MusterEntity *order, GPtrArray *items);

G_END_DECLS
