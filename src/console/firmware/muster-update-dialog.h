/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterUpdateDialog:
 *
 * One update of one device: how far it is, why it failed, and what was said on its way by the
 * device and the site, live.
 */
#define MUSTER_TYPE_UPDATE_DIALOG (muster_update_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterUpdateDialog, muster_update_dialog, MUSTER, UPDATE_DIALOG, AdwDialog)

AdwDialog *muster_update_dialog_new (MusterSession *session, MusterEntity *update);

G_END_DECLS
