/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/muster-flash-run.h"

G_BEGIN_DECLS

/* One board of a batch: its port, how far it is, and why it failed. */
#define MUSTER_TYPE_FLASH_ROW (muster_flash_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterFlashRow, muster_flash_row, MUSTER, FLASH_ROW, GtkListBoxRow)

GtkWidget    *muster_flash_row_new (void);
void          muster_flash_row_show (MusterFlashRow *self, MusterEntity *run);
MusterEntity *muster_flash_row_get_run (MusterFlashRow *self); /* borrowed (nullable) */

/* Whether the board is being written or read back now. */
gboolean muster_flash_run_is_busy (MusterEntity *run);

G_END_DECLS
