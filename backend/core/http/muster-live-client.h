/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "core/muster-bus.h"
#include "core/muster-database.h"
#include "muster-live-pass.h"

G_BEGIN_DECLS

/* One client of the live stream: its subscriptions, and a bounded queue of what it has yet to be
 * told. */
#define MUSTER_TYPE_LIVE_CLIENT (muster_live_client_get_type ())
G_DECLARE_FINAL_TYPE (MusterLiveClient, muster_live_client, MUSTER, LIVE_CLIENT, GObject)

/* STREAM: the connection after the handshake; PASS (transfer full) (nullable): by what it was let
 * in. Emits `changed` when it listens to other topics than
 * before, and `closed` once. DATABASE may be NULL: then there is nothing to resume from. */
MusterLiveClient *muster_live_client_new (GIOStream      *stream,
                                          GUri           *uri,
                                          MusterDatabase *database,
                                          MusterLivePass *pass);
gboolean          muster_live_client_listens (MusterLiveClient *self, const char *topic);
/* EVENT for whichever of its subscriptions it concerns. */
void muster_live_client_deliver (MusterLiveClient *self, MusterEvent *event);
/* Asks whether it may still listen, and sends it away (1008) where it may not. */
void muster_live_client_recheck (MusterLiveClient *self);
/* Says goodbye: the daemon is going away. */
void muster_live_client_close (MusterLiveClient *self);

G_END_DECLS
