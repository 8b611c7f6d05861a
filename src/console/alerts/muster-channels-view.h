/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* By what people are told. */
#define MUSTER_TYPE_CHANNELS_VIEW (muster_channels_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterChannelsView, muster_channels_view, MUSTER, CHANNELS_VIEW, AdwBin)

GtkWidget *muster_channels_view_new (MusterSession *session);

G_END_DECLS
