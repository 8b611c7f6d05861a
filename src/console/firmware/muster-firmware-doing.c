/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-doing"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-firmware-doing.h"

/* What is under way, and what takes it back. */
typedef struct
{
  MusterSession     *session; /* (owned) */
  char              *id;      /* (owned) (nullable) */
  char              *done;    /* (owned) */
  char              *failed;  /* (owned) */
  MusterFirmwareCall back;    /* (nullable) */
} Doing;

static Doing *
doing_new (MusterSession     *session,
           const char        *id,
           char              *done,
           const char        *failed,
           MusterFirmwareCall back)
{
  Doing *self = g_new0 (Doing, 1);

  self->session = g_object_ref (session);
  self->id = g_strdup (id);
  self->done = done;
  self->failed = g_strdup (failed);
  self->back = back;
  return self;
}

static void
doing_free (gpointer data)
{
  Doing *self = data;

  g_object_unref (self->session);
  g_free (self->id);
  g_free (self->done);
  g_free (self->failed);
  g_free (self);
}

static DexFuture *
take_back (MusterSession *session, gpointer user_data)
{
  Doing *doing = user_data;

  return doing->back (muster_session_get_client (session), doing->id);
}

static DexFuture *
muster_firmware_done_cb (DexFuture *future, gpointer user_data)
{
  Doing *doing = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    muster_session_tell_error (doing->session, doing->failed, error);
  else if (doing->back != NULL)
    muster_session_offer_undo (doing->session, doing->done, take_back,
                               doing_new (doing->session, doing->id, NULL, NULL, doing->back),
                               doing_free);
  else
    muster_session_tell (doing->session, doing->done);
  return dex_future_new_true ();
}

void
muster_firmware_do (MusterSession     *session,
                    const char        *id,
                    MusterFirmwareCall call,
                    char              *done,
                    const char        *failed,
                    MusterFirmwareCall back)
{
  g_return_if_fail (MUSTER_IS_SESSION (session) && id != NULL);

  dex_future_disown (dex_future_finally (call (muster_session_get_client (session), id),
                                         muster_firmware_done_cb,
                                         doing_new (session, id, done, failed, back), doing_free));
}

void
muster_firmware_tell (MusterSession *session, DexFuture *work, char *done, const char *failed)
{
  g_return_if_fail (MUSTER_IS_SESSION (session));

  dex_future_disown (dex_future_finally (work, muster_firmware_done_cb,
                                         doing_new (session, NULL, done, failed, NULL),
                                         doing_free));
}

void
muster_firmware_ask (GtkWidget  *widget,
                     const char *heading,
                     const char *body,
                     const char *verb,
                     gboolean    is_destructive,
                     GCallback   yes)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, body);

  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "yes", verb,
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "yes",
                                            is_destructive ? ADW_RESPONSE_DESTRUCTIVE
                                                           : ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog),
                                         is_destructive ? "cancel" : "yes");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response::yes", yes, widget, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, widget);
}
