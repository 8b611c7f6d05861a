/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-family-service.h"

G_BEGIN_DECLS

/* GET /families/: the families whose devices the site understands, and how their devices come here.
 */
void muster_family_resource_add (MusterRouter *router, MusterFamilyService *service);

G_END_DECLS
