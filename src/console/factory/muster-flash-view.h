/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The list of batches of boards that were given firmware over cables. */
#define MUSTER_TYPE_FLASH_VIEW (muster_flash_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterFlashView, muster_flash_view, MUSTER, FLASH_VIEW, AdwBin)

GtkWidget *muster_flash_view_new (MusterSession *session);

G_END_DECLS
