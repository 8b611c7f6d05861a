/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-factory-service.h"

G_BEGIN_DECLS

void muster_factory_resource_add (MusterRouter *router, MusterFactoryService *factory);

G_END_DECLS
