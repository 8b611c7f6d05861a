/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "core/muster-settings.h"

G_BEGIN_DECLS

/* Adds /settings and /settings/{key}. */
void muster_settings_resource_add (MusterRouter *router, MusterSettings *settings);

G_END_DECLS
