/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-ddi-service.h"

G_BEGIN_DECLS

/* /{tenant}/controller/v1/…: hawkBit's DDI v1, for SWUpdate, RAUC's updater, Zephyr and others; and
 * /update-targets: who of the devices asks by it. */
void muster_ddi_resource_add (MusterRouter *router, MusterDdiService *service);
void muster_update_target_resource_add (MusterRouter *router, MusterDdiService *service);

G_END_DECLS
