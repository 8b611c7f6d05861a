/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-artifact-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-firmware-artifact.h"
#include "muster-artifact-dialog.h"
#include "muster-artifact-words.h"
#include "widgets/muster-record-dialog.h"

static char *
muster_artifact_dialog_collect_cb (MusterRecordDialog *dialog,
                                   JsonObject         *changes,
                                   GtkEditable        *models)
{
  g_autofree char *json = muster_artifact_models_to_json (gtk_editable_get_text (models));

  muster_record_dialog_collect_json (dialog, changes, "models", json);
  return NULL;
}

AdwDialog *
muster_artifact_dialog_new (MusterSession *session, MusterEntity *artifact)
{
  static const char *const what[] = { "name", "vendor", "description", "release_notes", NULL };
  static const char *const fits[] = { "hardware_from", "hardware_to", "requires_version",
                                      "allow_downgrade", NULL };
  static const MusterRecordSection sections[] = { { NULL, what },
                                                  { N_ ("What It Fits"), fits },
                                                  { NULL, NULL } };
  AdwDialog *dialog = muster_record_dialog_new (session, &muster_firmware_artifact_info, artifact,
                                                sections, _ ("Edit Firmware"));
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *models = adw_entry_row_new ();
  g_autofree char *text = muster_entity_is_null (artifact, "models")
                            ? g_strdup ("")
                            : muster_artifact_describe_models (artifact);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (models),
                                 _ ("Models, with commas between; empty: any"));
  gtk_editable_set_text (GTK_EDITABLE (models), text);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), models);
  muster_record_dialog_add_group (MUSTER_RECORD_DIALOG (dialog), ADW_PREFERENCES_GROUP (group));
  g_signal_connect_object (dialog, "collect", G_CALLBACK (muster_artifact_dialog_collect_cb),
                           models, 0);
  return dialog;
}
