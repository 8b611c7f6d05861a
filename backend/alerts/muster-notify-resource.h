/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-notify-service.h"

G_BEGIN_DECLS

/* Channels, escalations, duty calendars, and the delivery log. */
void muster_notify_resource_add (MusterRouter *router, MusterNotifyService *service);

G_END_DECLS
