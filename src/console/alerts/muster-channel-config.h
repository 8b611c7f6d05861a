/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-notification-channel.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* The settings of a channel, which differ by its kind, as a group of a form. What it does not know
 * of them stays as it is. */
#define MUSTER_TYPE_CHANNEL_CONFIG (muster_channel_config_get_type ())
G_DECLARE_FINAL_TYPE (MusterChannelConfig,
                      muster_channel_config,
                      MUSTER,
                      CHANNEL_CONFIG,
                      AdwPreferencesGroup)

GtkWidget *muster_channel_config_new (MusterSession *session);

/* KIND: of muster_channel_kind_enum. */
void muster_channel_config_set_kind (MusterChannelConfig *self, int kind);
/* An object (nullable), as the record has it. */
void muster_channel_config_set_json (MusterChannelConfig *self, const char *text);
/* The same back; NULL where a channel of that kind has no settings: (transfer full). */
char *muster_channel_config_dup_json (MusterChannelConfig *self);
/* What is missing for a channel of that kind, for a person, or NULL: (transfer full). */
char *muster_channel_config_check (MusterChannelConfig *self);
/* Whether a channel of KIND has a secret, and what it is called; NULL: none. */
const char *muster_channel_kind_get_secret_label (int kind);

G_END_DECLS
