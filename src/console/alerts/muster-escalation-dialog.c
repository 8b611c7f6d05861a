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

AdwDialog *
muster_escalation_dialog_new (MusterSession *session, MusterEntity *escalation)
{
  static const char *const what[] = { "name", "is_default", "min_severity", "renotify_seconds",
                                      NULL };
  static const MusterRecordSection sections[] = { { NULL, what }, { NULL, NULL } };
  AdwDialog                       *dialog =
    muster_record_dialog_new (session, &muster_escalation_info, escalation, sections,
                              escalation != NULL ? _ ("Edit Escalation") : _ ("Add an Escalation"));
  GtkWidget *steps = muster_escalation_steps_new (session);

  muster_escalation_steps_set_json (MUSTER_ESCALATION_STEPS (steps),
                                    escalation != NULL
                                      ? muster_entity_get_string (escalation, "steps")
                                      : "[{\"after_seconds\":0}]");
  muster_record_dialog_add_group (MUSTER_RECORD_DIALOG (dialog), ADW_PREFERENCES_GROUP (steps));
  g_signal_connect_object (dialog, "collect", G_CALLBACK (muster_escalation_dialog_collect_cb),
                           steps, 0);
  return dialog;
}
