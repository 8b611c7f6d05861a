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

#define MUSTER_SETTING_VICTORIA_URL "samples.victoria-url"
#define MUSTER_SETTING_VICTORIA_SELECT_URL "samples.victoria-select-url"
#define MUSTER_SETTING_VICTORIA_TENANT "samples.victoria-tenant"
#define MUSTER_SETTING_VICTORIA_USER "samples.victoria-user"
#define MUSTER_SETTING_VICTORIA_PASSWORD "samples.victoria-password"
#define MUSTER_SETTING_VICTORIA_TOKEN "samples.victoria-token"
#define MUSTER_SETTING_VICTORIA_CA_FILE "samples.victoria-ca-file"
#define MUSTER_SETTING_VICTORIA_BACKLOG "samples.victoria-backlog"

/* The settings that decide how the services are put together; ended by a NULL key. */
extern const MusterSetting muster_daemon_settings[];

G_END_DECLS
