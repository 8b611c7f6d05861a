/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-bus.h"

G_BEGIN_DECLS

/**
 * MusterLiveListener:
 *
 * Somebody who is told events as they happen, in whatever protocol. Signals: `changed ()`: it
 * listens to other topics than before; `closed ()`: once, at its end.
 */
#define MUSTER_TYPE_LIVE_LISTENER (muster_live_listener_get_type ())
G_DECLARE_INTERFACE (MusterLiveListener, muster_live_listener, MUSTER, LIVE_LISTENER, GObject)

struct _MusterLiveListenerInterface
{
  GTypeInterface parent_interface;

  gboolean (*listens) (MusterLiveListener *self, const char *topic);
  void (*deliver) (MusterLiveListener *self, MusterEvent *event);
  void (*recheck) (MusterLiveListener *self);
  void (*close) (MusterLiveListener *self);
};

gboolean muster_live_listener_listens (MusterLiveListener *self, const char *topic);
/* EVENT, of a topic that somebody listens to. */
void muster_live_listener_deliver (MusterLiveListener *self, MusterEvent *event);
/* Asks whether it may still listen, and sends it away where it may not. */
void muster_live_listener_recheck (MusterLiveListener *self);
/* Says goodbye: the daemon is going away. */
void muster_live_listener_close (MusterLiveListener *self);

/* For those who implement it. */
void muster_live_listener_emit_changed (MusterLiveListener *self);
void muster_live_listener_emit_closed (MusterLiveListener *self);

G_END_DECLS
