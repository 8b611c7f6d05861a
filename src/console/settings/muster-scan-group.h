/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-settings-group.h"

G_BEGIN_DECLS

/* How a scanner that types like a keyboard is told from a person. */
#define MUSTER_TYPE_SCAN_GROUP (muster_scan_group_get_type ())
G_DECLARE_FINAL_TYPE (MusterScanGroup, muster_scan_group, MUSTER, SCAN_GROUP, MusterSettingsGroup)

G_END_DECLS
