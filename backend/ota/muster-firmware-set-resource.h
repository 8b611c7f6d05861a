/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-firmware-service.h"

G_BEGIN_DECLS

/* Adds the routes below /firmware-sets. */
void muster_firmware_set_resource_add (MusterRouter *router, MusterFirmwareService *firmware);

G_END_DECLS
