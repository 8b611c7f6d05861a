/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-idle-lock"

#include "config.h"

#include "muster-idle-lock.h"

#define KEY "muster-idle-lock"
#define KEY_AFTER "lock-after"
#define KIOSK_SECONDS (5 * 60)

typedef struct
{
  MusterGatekeeper *gatekeeper; /* (owned) */
  MusterSession    *session;    /* (owned) */
  gint64            touched_at; /* monotonic, µs */
  unsigned          timer_id;
} IdleLock;

static void schedule (IdleLock *self);

static void
idle_lock_free (gpointer data)
{
  IdleLock *self = data;

  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_object_unref (self->gatekeeper);
  g_object_unref (self->session);
  g_free (self);
}

unsigned
muster_idle_lock_get_seconds (MusterSession *session)
{
  GSettings *settings = NULL;
  g_autoptr (GVariant) chosen = NULL;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), 0);

  settings = muster_session_get_settings (session);
  chosen = settings != NULL ? g_settings_get_user_value (settings, KEY_AFTER) : NULL;
  if (chosen == NULL)
    return muster_session_is_kiosk (session) ? KIOSK_SECONDS : 0;
  return (unsigned)g_settings_get_int (settings, KEY_AFTER);
}

/* How much longer it may stay untouched, in ms. */
static gint64
get_remaining (IdleLock *self)
{
  gint64 limit = (gint64)muster_idle_lock_get_seconds (self->session) * 1000;

  return limit - (g_get_monotonic_time () - self->touched_at) / 1000;
}

static void
idle_lock_expired_cb (gpointer user_data)
{
  IdleLock *self = user_data;

  self->timer_id = 0;
  if (get_remaining (self) <= 0)
    {
      if (muster_gatekeeper_can_lock (self->gatekeeper))
        muster_gatekeeper_lock (self->gatekeeper);
      self->touched_at = g_get_monotonic_time ();
    }
  schedule (self);
}

/* Touching only notes the time; whether that was long enough ago is asked when the time is up. */
static void
schedule (IdleLock *self)
{
  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (muster_idle_lock_get_seconds (self->session) > 0)
    self->timer_id =
      g_timeout_add_once ((unsigned)MAX (get_remaining (self), 1), idle_lock_expired_cb, self);
}

static void
idle_lock_setting_cb (GtkWindow *window)
{
  IdleLock *self = g_object_get_data (G_OBJECT (window), KEY);

  self->touched_at = g_get_monotonic_time ();
  schedule (self);
}

static gboolean
idle_lock_event_cb (IdleLock *self)
{
  self->touched_at = g_get_monotonic_time ();
  return GDK_EVENT_PROPAGATE;
}

void
muster_idle_lock_attach (GtkWindow *window, MusterGatekeeper *gatekeeper, MusterSession *session)
{
  GSettings          *settings = NULL;
  IdleLock           *self = NULL;
  GtkEventController *events = NULL;

  g_return_if_fail (GTK_IS_WINDOW (window));
  g_return_if_fail (MUSTER_IS_GATEKEEPER (gatekeeper));
  g_return_if_fail (MUSTER_IS_SESSION (session));

  self = g_new0 (IdleLock, 1);
  self->gatekeeper = g_object_ref (gatekeeper);
  self->session = g_object_ref (session);
  self->touched_at = g_get_monotonic_time ();
  g_object_set_data_full (G_OBJECT (window), KEY, self, idle_lock_free);
  events = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (events, "event", G_CALLBACK (idle_lock_event_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (window), events);
  settings = muster_session_get_settings (session);
  if (settings != NULL)
    g_signal_connect_object (settings, "changed::" KEY_AFTER, G_CALLBACK (idle_lock_setting_cb),
                             window, G_CONNECT_SWAPPED);
  schedule (self);
}
