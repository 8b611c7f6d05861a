/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "core/muster-bus.h"
#include "core/muster-database.h"
#include "muster-live-listener.h"
#include "muster-live-pass.h"

G_BEGIN_DECLS

/* The live streams that are open, between the bus and their clients. A topic is subscribed to on
 * the bus only while some client listens to it, so that nobody encodes for nobody. */
#define MUSTER_TYPE_LIVE_HUB (muster_live_hub_get_type ())
G_DECLARE_FINAL_TYPE (MusterLiveHub, muster_live_hub, MUSTER, LIVE_HUB, GObject)

MusterLiveHub *muster_live_hub_new (MusterBus *bus, MusterDatabase *database);
/* A connection after its handshake; PASS (transfer full) (nullable): by what it was let in. */
void muster_live_hub_accept (MusterLiveHub  *self,
                             GIOStream      *stream,
                             GUri           *uri,
                             MusterLivePass *pass);
/* Whoever else listens: until it says that it has closed. */
void muster_live_hub_add (MusterLiveHub *self, MusterLiveListener *client);
/* Who may act may have changed: soon, those who may not listen any more are sent away. What runs
 * out by itself is found within seconds. */
void     muster_live_hub_recheck (MusterLiveHub *self);
unsigned muster_live_hub_get_n_clients (MusterLiveHub *self);
/* Sends every client away. */
void muster_live_hub_close (MusterLiveHub *self);

G_END_DECLS
