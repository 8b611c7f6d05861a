/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-messaging.h"

G_BEGIN_DECLS

/* Adds /messaging/status to ROUTER. */
void muster_messaging_resource_add (MusterRouter *router, MusterMessaging *messaging);

G_END_DECLS
