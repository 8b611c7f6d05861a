/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-gatekeeper"

#include "config.h"

#include "client/muster-api-accounts.h"
#include "muster-gate.h"
#include "muster-gatekeeper.h"

struct _MusterGatekeeper
{
  GObject parent_instance;

  AdwApplicationWindow *window;  /* borrowed */
  GtkStack             *cover;   /* borrowed */
  MusterSession        *session; /* (owned) */
  MusterGate           *gate;    /* borrowed from the cover */
  gboolean              locked;
};

G_DEFINE_FINAL_TYPE (MusterGatekeeper, muster_gatekeeper, G_TYPE_OBJECT)

enum
{
  CHANGED,
  PASSED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
set_closed (MusterGatekeeper *self, gboolean closed, MusterPerson *person, gboolean may_leave)
{
  AdwDialog *dialog;

  /* What a dialog shows would stand before the gate. */
  while (closed && (dialog = adw_application_window_get_visible_dialog (self->window)) != NULL)
    adw_dialog_force_close (dialog);
  gtk_stack_set_visible_child_name (self->cover, closed ? "gate" : "work");
  if (closed)
    muster_gate_open (self->gate, person, may_leave);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* On another machine nobody is anybody until they have signed in. */
static gboolean
has_to_sign_in (MusterGatekeeper *self)
{
  MusterApiClient *client = muster_session_get_client (self->session);

  return !muster_api_client_is_local (client) && muster_api_client_needs_sign_in (client);
}

static void
muster_gatekeeper_connection_cb (MusterGatekeeper *self)
{
  gboolean closed = muster_gatekeeper_is_closed (self);

  if (has_to_sign_in (self) && !closed)
    set_closed (self, TRUE, NULL, FALSE);
  else if (!has_to_sign_in (self) && !self->locked && closed)
    set_closed (self, FALSE, NULL, FALSE);
}

static void
muster_gatekeeper_left_cb (MusterGatekeeper *self)
{
  set_closed (self, FALSE, NULL, FALSE);
  g_signal_emit (self, signals[PASSED], 0);
}

static void
muster_gatekeeper_passed_cb (MusterGatekeeper *self)
{
  self->locked = FALSE;
  set_closed (self, FALSE, NULL, FALSE);
  g_signal_emit (self, signals[PASSED], 0);
  muster_api_stream_retry_now (muster_session_get_stream (self->session));
}

static void
muster_gatekeeper_dispose (GObject *object)
{
  MusterGatekeeper *self = MUSTER_GATEKEEPER (object);

  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_gatekeeper_parent_class)->dispose (object);
}

static void
muster_gatekeeper_class_init (MusterGatekeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_gatekeeper_dispose;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_GATEKEEPER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[PASSED] = g_signal_new ("passed", MUSTER_TYPE_GATEKEEPER, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_gatekeeper_init (MusterGatekeeper *self)
{
}

MusterGatekeeper *
muster_gatekeeper_new (AdwApplicationWindow *window, GtkStack *cover, MusterSession *session)
{
  MusterGatekeeper *self;
  MusterApiClient  *client;

  g_return_val_if_fail (ADW_IS_APPLICATION_WINDOW (window), NULL);
  g_return_val_if_fail (GTK_IS_STACK (cover), NULL);
  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);

  self = g_object_new (MUSTER_TYPE_GATEKEEPER, NULL);
  self->window = window;
  self->cover = cover;
  self->session = g_object_ref (session);
  self->gate = MUSTER_GATE (muster_gate_new (session));
  gtk_stack_add_named (cover, GTK_WIDGET (self->gate), "gate");
  g_signal_connect_object (self->gate, "passed", G_CALLBACK (muster_gatekeeper_passed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->gate, "left", G_CALLBACK (muster_gatekeeper_left_cb), self,
                           G_CONNECT_SWAPPED);
  client = muster_session_get_client (session);
  g_signal_connect_object (client, "notify::connection",
                           G_CALLBACK (muster_gatekeeper_connection_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::reason", G_CALLBACK (muster_gatekeeper_connection_cb),
                           self, G_CONNECT_SWAPPED);
  muster_gatekeeper_connection_cb (self);
  return self;
}

gboolean
muster_gatekeeper_is_closed (MusterGatekeeper *self)
{
  g_return_val_if_fail (MUSTER_IS_GATEKEEPER (self), FALSE);

  return g_strcmp0 (gtk_stack_get_visible_child_name (self->cover), "gate") == 0;
}

gboolean
muster_gatekeeper_can_lock (MusterGatekeeper *self)
{
  MusterPerson *person;

  g_return_val_if_fail (MUSTER_IS_GATEKEEPER (self), FALSE);

  person = muster_access_get_person (muster_session_get_access (self->session));
  return !muster_gatekeeper_is_closed (self) && person != NULL &&
         (muster_entity_get_boolean (MUSTER_ENTITY (person), "has_password") ||
          muster_entity_get_boolean (MUSTER_ENTITY (person), "has_pin") ||
          muster_entity_get_boolean (MUSTER_ENTITY (person), "has_badge"));
}

void
muster_gatekeeper_lock (MusterGatekeeper *self)
{
  g_return_if_fail (MUSTER_IS_GATEKEEPER (self));

  self->locked = TRUE;
  set_closed (self, TRUE, muster_access_get_person (muster_session_get_access (self->session)),
              FALSE);
}

void
muster_gatekeeper_ask (MusterGatekeeper *self)
{
  g_return_if_fail (MUSTER_IS_GATEKEEPER (self));

  set_closed (self, TRUE, NULL, !self->locked && !has_to_sign_in (self));
}

gboolean
muster_gatekeeper_take_badge (MusterGatekeeper *self, const char *code)
{
  g_return_val_if_fail (MUSTER_IS_GATEKEEPER (self), FALSE);

  if (!muster_gatekeeper_is_closed (self))
    return FALSE;
  muster_gate_take_badge (self->gate, code);
  return TRUE;
}
