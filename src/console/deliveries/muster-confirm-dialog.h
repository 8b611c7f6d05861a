/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* That a delivery has arrived: who takes it, and their signature. */
#define MUSTER_TYPE_CONFIRM_DIALOG (muster_confirm_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterConfirmDialog, muster_confirm_dialog, MUSTER, CONFIRM_DIALOG, AdwDialog)

AdwDialog *muster_confirm_dialog_new (MusterSession *session, MusterEntity *delivery);

G_END_DECLS
