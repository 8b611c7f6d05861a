/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-toaster"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-toaster.h"

/* Longer than a mere message: it has to be read, thought about and reached. */
#define UNDO_SECONDS 10
#define KEY "muster-undo"

struct _MusterToaster
{
  GObject parent_instance;

  AdwToastOverlay *overlay; /* (owned) */
  MusterSession   *session; /* (owned) */
  MusterUndo *undo;   /* (owned) (nullable) the last operation, as long as it can be taken back */
  AdwToast   *toast;  /* (owned) (nullable) the one that offers it */
  char       *person; /* (owned) (nullable) id of who is at the console */
};

G_DEFINE_FINAL_TYPE (MusterToaster, muster_toaster, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

typedef struct
{
  MusterSession *session; /* (owned) */
  MusterUndo    *undo;    /* (owned) */
} TakingBack;

static void
taking_back_free (gpointer data)
{
  TakingBack *taking = data;

  g_object_unref (taking->session);
  muster_undo_unref (taking->undo);
  g_free (taking);
}

static DexFuture *
muster_toaster_undo_fiber (gpointer user_data)
{
  TakingBack *taking = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_await (muster_undo_run (taking->undo, taking->session), &error))
    muster_session_tell (taking->session, _ ("Taken back"));
  else
    muster_session_tell_error (taking->session, _ ("Could not take it back"), error);
  return dex_future_new_true ();
}

/* UNDO is used up, whoever asked for it. */
static void
take_back (MusterToaster *self, MusterUndo *undo)
{
  TakingBack *taking = g_new0 (TakingBack, 1);

  taking->session = g_object_ref (self->session);
  taking->undo = muster_undo_ref (undo);
  if (self->undo == undo)
    {
      muster_toaster_hide (self);
      g_clear_object (&self->toast);
      g_clear_pointer (&self->undo, muster_undo_unref);
      g_signal_emit (self, signals[CHANGED], 0);
    }
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_toaster_undo_fiber, taking, taking_back_free));
}

/* A toast that waited while a newer one was shown takes back what it tells of itself. */
static void
muster_toaster_clicked_cb (MusterToaster *self, AdwToast *toast)
{
  g_autoptr (MusterUndo) undo = g_object_steal_data (G_OBJECT (toast), KEY);

  if (undo != NULL)
    take_back (self, undo);
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
      g_object_set_data_full (G_OBJECT (toast), KEY, muster_undo_ref (undo),
                              (GDestroyNotify)muster_undo_unref);
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (muster_toaster_clicked_cb),
                               self, G_CONNECT_SWAPPED);
      g_set_object (&self->toast, toast);
      g_signal_emit (self, signals[CHANGED], 0);
    }
  adw_toast_overlay_add_toast (self->overlay, toast);
}

/* What somebody did is for nobody else's Ctrl+Z. */
static void
muster_toaster_rights_cb (MusterToaster *self)
{
  MusterPerson *person = muster_access_get_person (muster_session_get_access (self->session));

  if (!g_set_str (&self->person,
                  person != NULL ? muster_entity_get_id (MUSTER_ENTITY (person)) : NULL))
    return;
  muster_toaster_hide (self);
  g_clear_object (&self->toast);
  g_clear_pointer (&self->undo, muster_undo_unref);
  g_signal_emit (self, signals[CHANGED], 0);
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
muster_toaster_finalize (GObject *object)
{
  g_free (MUSTER_TOASTER (object)->person);
  G_OBJECT_CLASS (muster_toaster_parent_class)->finalize (object);
}

static void
muster_toaster_class_init (MusterToasterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_toaster_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_toaster_finalize;
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
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_toaster_rights_cb), self,
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

  if (self->undo != NULL)
    take_back (self, self->undo);
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
