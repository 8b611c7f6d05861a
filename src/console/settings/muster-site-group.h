/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-settings-group.h"

G_BEGIN_DECLS

/* What the site is called and which time it keeps. */
#define MUSTER_TYPE_SITE_GROUP (muster_site_group_get_type ())
G_DECLARE_FINAL_TYPE (MusterSiteGroup, muster_site_group, MUSTER, SITE_GROUP, MusterSettingsGroup)

G_END_DECLS
