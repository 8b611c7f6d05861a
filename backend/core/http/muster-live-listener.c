/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-live-listener"

#include "config.h"

#include "muster-live-listener.h"

G_DEFINE_INTERFACE (MusterLiveListener, muster_live_listener, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_CHANGED,
  SIGNAL_CLOSED,
  N_SIGNALS,
} MusterLiveListenerSignal;

static unsigned signals[N_SIGNALS];

static void
muster_live_listener_default_init (MusterLiveListenerInterface *interface)
{
  GType type = G_TYPE_FROM_INTERFACE (interface);

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

gboolean
muster_live_listener_listens (MusterLiveListener *self, const char *topic)
{
  return MUSTER_LIVE_LISTENER_GET_IFACE (self)->listens (self, topic);
}

void
muster_live_listener_deliver (MusterLiveListener *self, MusterEvent *event)
{
  MUSTER_LIVE_LISTENER_GET_IFACE (self)->deliver (self, event);
}

void
muster_live_listener_recheck (MusterLiveListener *self)
{
  MUSTER_LIVE_LISTENER_GET_IFACE (self)->recheck (self);
}

void
muster_live_listener_close (MusterLiveListener *self)
{
  MUSTER_LIVE_LISTENER_GET_IFACE (self)->close (self);
}

void
muster_live_listener_emit_changed (MusterLiveListener *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
muster_live_listener_emit_closed (MusterLiveListener *self)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}
