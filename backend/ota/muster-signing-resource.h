/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-signing.h"

G_BEGIN_DECLS

/* Adds /signing-keys, and how firmware is signed. */
void muster_signing_resource_add (MusterRouter *router, MusterFirmwareService *firmware);

G_END_DECLS
