/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-flash-service.h"

G_BEGIN_DECLS

/* /flash-batches, /flash-runs, /flash-tools and /flash-ports. */
void muster_flash_resource_add (MusterRouter *router, MusterFlashService *flash);

G_END_DECLS
