/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterFlashDialog:
 *
 * Asks what which boards are given, and by which tool; then begins. Signal `begun (MusterEntity
 * *)`: the batch.
 */
#define MUSTER_TYPE_FLASH_DIALOG (muster_flash_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterFlashDialog, muster_flash_dialog, MUSTER, FLASH_DIALOG, AdwDialog)

/* BATCH (nullable): the next boards of it, so that only their ports are asked for. */
AdwDialog *muster_flash_dialog_new (MusterSession *session, MusterEntity *batch);

G_END_DECLS
