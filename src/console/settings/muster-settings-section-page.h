/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"
#include "muster-settings-section.h"

G_BEGIN_DECLS

/* One section of the room Settings, on top of the list of them. */
#define MUSTER_TYPE_SETTINGS_SECTION_PAGE (muster_settings_section_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterSettingsSectionPage,
                      muster_settings_section_page,
                      MUSTER,
                      SETTINGS_SECTION_PAGE,
                      MusterPage)

/* (transfer floating): that of the section NAME. */
MusterPage *muster_settings_section_page_new (MusterSession *session, const char *name);

G_END_DECLS
