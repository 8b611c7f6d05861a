/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-escalation-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-escalation.h"
#include "muster-escalation-dialog.h"
#include "muster-escalation-steps.h"
#include "widgets/muster-record-dialog.h"

static char *
muster_escalation_dialog_collect_cb (MusterRecordDialog    *dialog,
                                     JsonObject            *changes,
                                     MusterEscalationSteps *steps)
{
  g_autofree char *missing = muster_escalation_steps_check (steps);
  g_autofree char *json = NULL;

  if (missing != NULL)
    return g_steal_pointer (&missing);
  json = muster_escalation_steps_dup_json (steps);
  muster_record_dialog_collect_json (dialog, changes, "steps", json);
  return NULL;
}

/* What keeps it from telling whom it names: the steps to mend stand below. */
static GtkWidget *
create_problems (const char *problems)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  gtk_widget_add_css_class (icon, "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Not everybody is told"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), problems);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return group;
}

AdwDialog *
muster_escalation_dialog_new (MusterSession *session, MusterEntity *escalation)
{
  static const char *const what[] = { "name", "is_default", "min_severity", "renotify_seconds",
                                      NULL };
  static const MusterRecordSection sections[] = { { NULL, what }, { NULL, NULL } };
  AdwDialog                       *dialog =
    muster_record_dialog_new (session, &muster_escalation_info, escalation, sections,
                              escalation != NULL ? _ ("Edit Escalation") : _ ("Add an Escalation"));
  GtkWidget  *steps = muster_escalation_steps_new (session);
  const char *problems =
    escalation != NULL ? muster_entity_get_string (escalation, "problems") : NULL;

  if (problems != NULL)
    muster_record_dialog_add_group (MUSTER_RECORD_DIALOG (dialog),
                                    ADW_PREFERENCES_GROUP (create_problems (problems)));
  muster_escalation_steps_set_json (MUSTER_ESCALATION_STEPS (steps),
                                    escalation != NULL
                                      ? muster_entity_get_string (escalation, "steps")
                                      : "[{\"after_seconds\":0}]");
  muster_record_dialog_add_group (MUSTER_RECORD_DIALOG (dialog), ADW_PREFERENCES_GROUP (steps));
  g_signal_connect_object (dialog, "collect", G_CALLBACK (muster_escalation_dialog_collect_cb),
                           steps, 0);
  return dialog;
}
