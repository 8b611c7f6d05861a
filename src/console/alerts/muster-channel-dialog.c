/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-channel-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-channel-config.h"
#include "muster-channel-dialog.h"
#include "muster-channel-trial.h"
#include "widgets/muster-record-dialog.h"

/* Owned by the dialog, from which the widgets are borrowed. */
typedef struct
{
  MusterRecordDialog  *dialog;
  MusterEntity        *channel; /* (owned) (nullable) */
  MusterChannelConfig *config;
} Form;

static void
form_free (gpointer data)
{
  Form *form = data;

  g_clear_object (&form->channel);
  g_free (form);
}

static int
get_kind (Form *form)
{
  GtkWidget *row =
    muster_entity_form_get_row (muster_record_dialog_get_form (form->dialog), "kind");

  return row != NULL ? (int)adw_combo_row_get_selected (ADW_COMBO_ROW (row))
                     : muster_entity_get_enum (form->channel, "kind");
}

static void
set_visible (Form *form, const char *field, gboolean visible)
{
  GtkWidget *row = muster_entity_form_get_row (muster_record_dialog_get_form (form->dialog), field);

  if (row != NULL)
    gtk_widget_set_visible (row, visible);
}

static void
muster_channel_dialog_kind_cb (Form *form)
{
  int         kind = get_kind (form);
  const char *label = muster_channel_kind_get_secret_label (kind);
  GtkWidget  *secret =
    muster_entity_form_get_row (muster_record_dialog_get_form (form->dialog), "secret");
  gboolean kept = form->channel != NULL && muster_entity_get_boolean (form->channel, "has_secret");
  g_autofree char *title =
    label != NULL && kept ? g_strdup_printf (_ ("%s; empty: as it is"), label) : g_strdup (label);

  muster_channel_config_set_kind (form->config, kind);
  set_visible (form, "secret", label != NULL);
  set_visible (form, "sound", kind == MUSTER_CHANNEL_CONSOLE || kind == MUSTER_CHANNEL_KIOSK);
  set_visible (form, "digest_limit",
               kind != MUSTER_CHANNEL_CONSOLE && kind != MUSTER_CHANNEL_KIOSK &&
                 kind != MUSTER_CHANNEL_SIREN);
  if (secret != NULL && title != NULL)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (secret), title);
}

static char *
muster_channel_dialog_collect_cb (Form *form, JsonObject *changes)
{
  g_autofree char *missing = muster_channel_config_check (form->config);
  g_autofree char *json = NULL;

  if (missing != NULL)
    return g_steal_pointer (&missing);
  json = muster_channel_config_dup_json (form->config);
  muster_record_dialog_collect_json (form->dialog, changes, "config", json);
  return NULL;
}

AdwDialog *
muster_channel_dialog_new (MusterSession *session, MusterEntity *channel)
{
  static const char *const         what[] = { "name",  "kind",         "enabled", "min_severity",
                                              "sound", "digest_limit", NULL };
  static const char *const         secret[] = { "secret", NULL };
  static const MusterRecordSection sections[] = { { NULL, what },
                                                  { NULL, secret },
                                                  { NULL, NULL } };
  AdwDialog                       *dialog =
    muster_record_dialog_new (session, &muster_notification_channel_info, channel, sections,
                              channel != NULL ? _ ("Edit Channel") : _ ("Add a Channel"));
  Form      *form = g_new0 (Form, 1);
  GtkWidget *kind;

  form->dialog = MUSTER_RECORD_DIALOG (dialog);
  g_set_object (&form->channel, channel);
  form->config = MUSTER_CHANNEL_CONFIG (muster_channel_config_new (session));
  muster_record_dialog_add_group (form->dialog, ADW_PREFERENCES_GROUP (form->config));
  if (channel != NULL)
    {
      GtkWidget *trial = muster_channel_trial_new (session, muster_entity_get_id (channel));

      muster_record_dialog_add_group (form->dialog, ADW_PREFERENCES_GROUP (trial));
    }
  g_object_set_data_full (G_OBJECT (dialog), "muster-channel-form", form, form_free);
  g_signal_connect_swapped (dialog, "collect", G_CALLBACK (muster_channel_dialog_collect_cb), form);
  muster_channel_dialog_kind_cb (form);
  muster_channel_config_set_json (form->config, channel != NULL
                                                  ? muster_entity_get_string (channel, "config")
                                                  : NULL);
  kind = muster_entity_form_get_row (muster_record_dialog_get_form (form->dialog), "kind");
  if (kind != NULL)
    g_signal_connect_swapped (kind, "notify::selected", G_CALLBACK (muster_channel_dialog_kind_cb),
                              form);
  return dialog;
}
