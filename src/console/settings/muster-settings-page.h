/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* The room Settings: its sections, each of which is a page of its own. */
#define MUSTER_TYPE_SETTINGS_PAGE (muster_settings_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterSettingsPage, muster_settings_page, MUSTER, SETTINGS_PAGE, MusterPage)

G_END_DECLS
