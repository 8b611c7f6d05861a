/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Takes units or goods into the stock: the product, serial numbers as people type them with what
 * they stand for and which are taken shown at once, the place, the batch. */
#define MUSTER_TYPE_RECEIVE_DIALOG (muster_receive_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterReceiveDialog, muster_receive_dialog, MUSTER, RECEIVE_DIALOG, AdwDialog)

/* PRODUCT_ID is nullable. */
AdwDialog *muster_receive_dialog_new (MusterSession *session, const char *product_id);

G_END_DECLS
