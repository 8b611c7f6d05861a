/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_site_info;

#define MUSTER_TYPE_SITE (muster_site_get_type ())
G_DECLARE_FINAL_TYPE (MusterSite, muster_site, MUSTER, SITE, MusterEntity)

G_END_DECLS
