/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-settings.h"

G_BEGIN_DECLS

#define MUSTER_SETTING_BROKER_URI "broker.external-uri"
#define MUSTER_SETTING_BROKER_USER "broker.external-user"
#define MUSTER_SETTING_BROKER_PASSWORD "broker.external-password"
#define MUSTER_SETTING_BROKER_CA_FILE "broker.external-ca-file"
#define MUSTER_SETTING_BROKER_PLAIN "broker.plain"
#define MUSTER_SETTING_BROKER_PLAIN_PORT "broker.plain-port"

/* The settings that decide how the services are put together; ended by a NULL key. */
extern const MusterSetting muster_daemon_settings[];

G_END_DECLS
