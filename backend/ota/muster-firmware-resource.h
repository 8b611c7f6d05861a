/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-update-service.h"

G_BEGIN_DECLS

/* Adds /firmware and what is below. */
void muster_firmware_resource_add (MusterRouter *router, MusterFirmwareService *firmware);
/* Adds /updates and what is below, and where devices fetch their files. */
void muster_update_resource_add (MusterRouter *router, MusterUpdateService *updates);

G_END_DECLS
