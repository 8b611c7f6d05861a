/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-scan-desk.h"

G_BEGIN_DECLS

/* The last codes that were scanned in this window, and what became of each, in a popover; not there
 * before the first. */
#define MUSTER_TYPE_SCANS_BUTTON (muster_scans_button_get_type ())
G_DECLARE_FINAL_TYPE (MusterScansButton, muster_scans_button, MUSTER, SCANS_BUTTON, AdwBin)

void muster_scans_button_set_desk (MusterScansButton *self, MusterScanDesk *desk);

G_END_DECLS
