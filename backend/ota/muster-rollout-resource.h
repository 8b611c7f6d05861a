/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-rollout-service.h"

G_BEGIN_DECLS

/* Adds /rollouts and what is below. */
void muster_rollout_resource_add (MusterRouter *router, MusterRolloutService *rollouts);

G_END_DECLS
