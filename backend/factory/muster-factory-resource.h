/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "core/muster-repository.h"

G_BEGIN_DECLS

void muster_factory_resource_add (MusterRouter *router, MusterRepository *repository);

G_END_DECLS
