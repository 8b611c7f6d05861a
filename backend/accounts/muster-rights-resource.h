/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"

G_BEGIN_DECLS

/* Adds /rights. */
void muster_rights_resource_add (MusterRouter *router);

G_END_DECLS
