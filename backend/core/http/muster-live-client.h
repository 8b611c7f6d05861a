/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "core/muster-bus.h"
#include "core/muster-database.h"
#include "muster-live-listener.h"
#include "muster-live-pass.h"

G_BEGIN_DECLS

/* One client of the live stream, a listener: its subscriptions, and a bounded queue of what it has
 * yet to be told. */
#define MUSTER_TYPE_LIVE_CLIENT (muster_live_client_get_type ())
G_DECLARE_FINAL_TYPE (MusterLiveClient, muster_live_client, MUSTER, LIVE_CLIENT, GObject)

/* STREAM: the connection after the handshake; PASS (transfer full) (nullable): by what it was let
 * in. DATABASE may be NULL: then there is nothing to resume from. */
MusterLiveClient *muster_live_client_new (GIOStream      *stream,
                                          GUri           *uri,
                                          MusterDatabase *database,
                                          MusterLivePass *pass);
G_END_DECLS
