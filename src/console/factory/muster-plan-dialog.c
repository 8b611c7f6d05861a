/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-plan-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-test-plan.h"
#include "muster-plan-dialog.h"
#include "muster-steps-editor.h"
#include "widgets/muster-record-dialog.h"

/* What is missing among the steps; else they stand in CHANGES. */
static char *
muster_plan_dialog_collect_cb (MusterRecordDialog *dialog,
                               JsonObject         *changes,
                               MusterStepsEditor  *steps)
{
  char            *missing = muster_steps_editor_find_missing (steps);
  g_autofree char *text = NULL;

  if (missing != NULL)
    return missing;
  text = muster_steps_editor_dup_json (steps);
  muster_record_dialog_collect_json (dialog, changes, "steps", text);
  return NULL;
}

AdwDialog *
muster_plan_dialog_new (MusterSession *session, MusterEntity *plan)
{
  static const char *const         fields[] = { "name", "model", "description", NULL };
  static const MusterRecordSection sections[] = { { NULL, fields }, { NULL, NULL } };
  GtkWidget                       *steps = muster_steps_editor_new ();
  AdwDialog                       *dialog =
    muster_record_dialog_new (session, &muster_test_plan_info, plan, sections,
                              plan != NULL ? _ ("Edit Test Plan") : _ ("Add a Test Plan"));

  muster_steps_editor_set_json (MUSTER_STEPS_EDITOR (steps),
                                plan != NULL ? muster_entity_get_string (plan, "steps") : NULL);
  muster_record_dialog_add_group (MUSTER_RECORD_DIALOG (dialog), ADW_PREFERENCES_GROUP (steps));
  g_signal_connect_object (dialog, "collect", G_CALLBACK (muster_plan_dialog_collect_cb), steps,
                           G_CONNECT_DEFAULT);
  adw_dialog_set_content_width (dialog, 560);
  adw_dialog_set_content_height (dialog, 720);
  return dialog;
}
