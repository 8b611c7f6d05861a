/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-settings.h"
#include "muster-messaging.h"

G_BEGIN_DECLS

/* The room's settings: "broker.external-uri" and its like. Register before loading. */
extern const MusterSetting muster_messaging_settings[];

/* Takes what SETTINGS (loaded) say into OPTIONS. Strings are borrowed from SETTINGS. */
void muster_messaging_settings_apply (MusterSettings *settings, MusterMessagingOptions *options);

G_END_DECLS
