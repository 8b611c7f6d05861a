/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-toaster"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-toaster.h"

/* Longer than a mere message: it has to be read, thought about and reached. */
#define UNDO_SECONDS 10

struct _MusterToaster
{
  GObject parent_instance;

  AdwToastOverlay *overlay; /* (owned) */
  MusterSession   *session; /* (owned) */
  MusterUndo *undo;  /* (owned) (nullable) the last operation, as long as it can be taken back */
  AdwToast   *toast; /* (owned) (nullable) the one that offers it */
};

G_DEFINE_FINAL_TYPE (MusterToaster, muster_toaster, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static DexFuture *
muster_toaster_undo_fiber (gpointer user_data)
{
  MusterToaster *self = user_data;
  g_autoptr (MusterUndo) undo = g_steal_pointer (&self->undo);
  g_autoptr (GError) error = NULL;

  if (undo == NULL)
    return dex_future_new_true ();
  muster_toaster_hide (self);
  g_clear_object (&self->toast);
  g_signal_emit (self, signals[CHANGED], 0);
  if (dex_await (muster_undo_run (undo, self->session), &error))
    muster_session_tell (self->session, _ ("Taken back"));
  else
    muster_session_tell_error (self->session, _ ("Could not take it back"), error);
  return dex_future_new_true ();
}

static AdwToast *
create_toast (const char *text)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_use_markup (toast, FALSE);
  return toast;
}

static void
muster_toaster_message_cb (MusterToaster *self, const char *text, MusterUndo *undo)
{
  AdwToast *toast = create_toast (text);

  if (undo != NULL)
    {
      g_clear_pointer (&self->undo, muster_undo_unref);
      self->undo = muster_undo_ref (undo);
      adw_toast_set_button_label (toast, _ ("_Undo"));
      adw_toast_set_timeout (toast, UNDO_SECONDS);
      /* What was done last is what one wants back: it does not wait behind older ones. */
      adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (muster_toaster_undo), self,
                               G_CONNECT_SWAPPED);
      g_set_object (&self->toast, toast);
      g_signal_emit (self, signals[CHANGED], 0);
    }
  adw_toast_overlay_add_toast (self->overlay, toast);
}

static void
muster_toaster_dispose (GObject *object)
{
  MusterToaster *self = MUSTER_TOASTER (object);

  g_clear_pointer (&self->undo, muster_undo_unref);
  g_clear_object (&self->toast);
  g_clear_object (&self->overlay);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_toaster_parent_class)->dispose (object);
}

static void
muster_toaster_class_init (MusterToasterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_toaster_dispose;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_TOASTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
muster_toaster_init (MusterToaster *self)
{
}

MusterToaster *
muster_toaster_new (AdwToastOverlay *overlay, MusterSession *session)
{
  MusterToaster *self;

  g_return_val_if_fail (ADW_IS_TOAST_OVERLAY (overlay), NULL);
  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);

  self = g_object_new (MUSTER_TYPE_TOASTER, NULL);
  self->overlay = g_object_ref (overlay);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "message", G_CALLBACK (muster_toaster_message_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

gboolean
muster_toaster_can_undo (MusterToaster *self)
{
  g_return_val_if_fail (MUSTER_IS_TOASTER (self), FALSE);

  return self->undo != NULL;
}

void
muster_toaster_undo (MusterToaster *self)
{
  g_return_if_fail (MUSTER_IS_TOASTER (self));

  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_toaster_undo_fiber, g_object_ref (self), g_object_unref));
}

void
muster_toaster_hide (MusterToaster *self)
{
  g_return_if_fail (MUSTER_IS_TOASTER (self));

  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
}

void
muster_toaster_offer (MusterToaster *self,
                      const char    *text,
                      const char    *label,
                      const char    *action,
                      GVariant      *target)
{
  AdwToast *toast;

  g_return_if_fail (MUSTER_IS_TOASTER (self));
  g_return_if_fail (text != NULL && label != NULL && action != NULL);

  toast = create_toast (text);
  adw_toast_set_button_label (toast, label);
  adw_toast_set_action_name (toast, action);
  adw_toast_set_action_target_value (toast, target);
  adw_toast_overlay_add_toast (self->overlay, toast);
}
