/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Keys that firmware is signed with, as a table: made, taken over, followed by others, revoked. */
#define MUSTER_TYPE_KEYS_VIEW (muster_keys_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterKeysView, muster_keys_view, MUSTER, KEYS_VIEW, AdwBin)

GtkWidget *muster_keys_view_new (MusterSession *session);

G_END_DECLS
