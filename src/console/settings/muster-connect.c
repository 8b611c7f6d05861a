/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-connect"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-error.h"
#include "client/muster-api-site.h"
#include "client/muster-fiber.h"
#include "muster-connect.h"

typedef struct
{
  MusterApiClient *client;
  GtkWidget       *parent;
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;

  g_object_unref (check->client);
  g_object_unref (check->parent);
  g_free (check);
}

static void
muster_connect_answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) answer = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);

  dex_promise_resolve_boolean (answer, g_str_equal (response, "trust"));
}

/* Resolves to whether the person trusts the certificate of FINGERPRINT. */
static DexFuture *
ask (Check *check, const char *fingerprint, gboolean changed)
{
  DexPromise      *answer = dex_promise_new ();
  g_autofree char *body = g_strdup_printf (
    changed ? _ ("The certificate of %s is not the one that was trusted before. Go on only if you "
                 "know why it changed. Its fingerprint must be the one that the site’s machine "
                 "shows:")
            : _ ("Nobody known vouches for %s. Before the token is sent, compare this fingerprint "
                 "with the one that the site’s machine shows:"),
    muster_api_client_get_target (check->client));
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Trust This Site?"), body);
  GtkWidget *label =
    g_object_new (GTK_TYPE_LABEL, "label", fingerprint, "selectable", TRUE, "focusable", FALSE,
                  "wrap", TRUE, "wrap-mode", PANGO_WRAP_CHAR, "max-width-chars", 36, NULL);

  gtk_widget_add_css_class (label, "monospace");
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), label);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "trust",
                                  _ ("_Trust"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "trust",
                                            changed ? ADW_RESPONSE_DESTRUCTIVE
                                                    : ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_choose (ADW_ALERT_DIALOG (dialog), check->parent, NULL,
                           muster_connect_answered_cb, dex_ref (answer));
  return DEX_FUTURE (answer);
}

static DexFuture *
muster_connect_fiber (gpointer user_data)
{
  Check *check = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterSite) site = dex_await_object (muster_api_site_get (check->client), &error);
  const char *fingerprint =
    error != NULL ? muster_api_certificate_error_get_fingerprint (error) : NULL;

  if (fingerprint != NULL)
    {
      gboolean changed =
        g_error_matches (error, MUSTER_API_CERTIFICATE_ERROR, MUSTER_API_CERTIFICATE_ERROR_CHANGED);

      if (!dex_await_boolean (ask (check, fingerprint, changed), NULL))
        return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "the site is not trusted");
      if (!muster_api_client_set_pin (check->client, fingerprint, NULL))
        return dex_future_new_for_error (g_steal_pointer (&error));
      g_clear_error (&error);
      site = dex_await_object (muster_api_site_get (check->client), &error);
    }
  if (site == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_new_take_object (g_steal_pointer (&site));
}

DexFuture *
muster_connect_check (MusterApiClient *client, GtkWidget *parent)
{
  Check *check;

  g_return_val_if_fail (MUSTER_IS_API_CLIENT (client), NULL);
  g_return_val_if_fail (GTK_IS_WIDGET (parent), NULL);

  check = g_new0 (Check, 1);
  check->client = g_object_ref (client);
  check->parent = g_object_ref (parent);
  return muster_fiber_spawn (NULL, 0, muster_connect_fiber, check, check_free);
}
