/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-channel-trial"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-notifications.h"
#include "muster-channel-trial.h"
#include "muster-permission.h"
#include "widgets/muster-format.h"

typedef struct
{
  MusterSession *session;    /* (owned) */
  char          *channel_id; /* (owned) */
  DexFuture     *trying;     /* (owned) (nullable) */
  /* Borrowed from the group, which owns this */
  GtkWidget *button;
  GtkWidget *spinner;
  GtkWidget *answer;
  GtkWidget *image;
} Trial;

static void
trial_free (gpointer data)
{
  Trial *trial = data;

  dex_clear (&trial->trying);
  g_object_unref (trial->session);
  g_free (trial->channel_id);
  g_free (trial);
}

static void
show_answer (Trial *trial, gboolean sent, const char *detail)
{
  g_autofree char *text = muster_format_sentence (detail != NULL ? detail : "");

  gtk_widget_set_visible (trial->answer, TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (trial->answer),
                                 sent ? _ ("It was taken") : _ ("It was not taken"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (trial->answer), text);
  gtk_image_set_from_icon_name (GTK_IMAGE (trial->image),
                                sent ? "muster-online-symbolic" : "muster-cross-symbolic");
  gtk_widget_set_css_classes (trial->image, (const char *[]){ sent ? "success" : "error", NULL });
  gtk_accessible_announce (GTK_ACCESSIBLE (trial->answer),
                           sent ? _ ("It was taken") : _ ("It was not taken"),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static DexFuture *
muster_channel_trial_answered_cb (DexFuture *future, gpointer user_data)
{
  Trial *trial = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  gtk_widget_set_sensitive (trial->button, TRUE);
  gtk_widget_set_visible (trial->spinner, FALSE);
  if (value != NULL)
    {
      JsonObject *answer = g_value_get_boxed (value);

      show_answer (trial, muster_api_json_get_boolean (answer, "sent"),
                   muster_api_json_get_string (answer, "detail"));
    }
  else
    show_answer (trial, FALSE, error->message);
  return dex_future_new_true ();
}

static void
muster_channel_trial_send_cb (Trial *trial)
{
  gtk_widget_set_sensitive (trial->button, FALSE);
  gtk_widget_set_visible (trial->spinner, TRUE);
  gtk_widget_set_visible (trial->answer, FALSE);
  dex_clear (&trial->trying);
  trial->trying =
    dex_future_finally (muster_api_channels_test (muster_session_get_client (trial->session),
                                                  trial->channel_id),
                        muster_channel_trial_answered_cb, trial, NULL);
}

GtkWidget *
muster_channel_trial_new (MusterSession *session, const char *channel_id)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", _ ("Try it"), "subtitle",
                                 _ ("As it was saved last"), NULL);
  Trial     *trial = g_new0 (Trial, 1);

  trial->session = g_object_ref (session);
  trial->channel_id = g_strdup (channel_id);
  trial->button = gtk_button_new_with_mnemonic (_ ("Send _Test"));
  trial->spinner = adw_spinner_new ();
  trial->answer = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "subtitle-selectable",
                                TRUE, "visible", FALSE, NULL);
  trial->image = gtk_image_new ();
  gtk_widget_set_valign (trial->button, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (trial->spinner, FALSE);
  gtk_image_set_pixel_size (GTK_IMAGE (trial->image), 12);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), trial->spinner);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), trial->button);
  adw_action_row_add_prefix (ADW_ACTION_ROW (trial->answer), trial->image);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), trial->answer);
  muster_permission_guard (session, trial->button, "testNotificationChannel");
  g_object_set_data_full (G_OBJECT (group), "muster-trial", trial, trial_free);
  g_signal_connect_swapped (trial->button, "clicked", G_CALLBACK (muster_channel_trial_send_cb),
                            trial);
  return group;
}
