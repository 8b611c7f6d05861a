/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Who is told when, step by step, as a group of a form. */
#define MUSTER_TYPE_ESCALATION_STEPS (muster_escalation_steps_get_type ())
G_DECLARE_FINAL_TYPE (MusterEscalationSteps,
                      muster_escalation_steps,
                      MUSTER,
                      ESCALATION_STEPS,
                      AdwPreferencesGroup)

GtkWidget *muster_escalation_steps_new (MusterSession *session);

/* [{"after_seconds":0,"channels":[…],"people":[…],"calendar_id":…,"repeat_seconds":…}…] (nullable).
 */
void muster_escalation_steps_set_json (MusterEscalationSteps *self, const char *text);
/* The same back, earliest first: (transfer full). */
char *muster_escalation_steps_dup_json (MusterEscalationSteps *self);
/* What is missing, for a person, or NULL: (transfer full). */
char *muster_escalation_steps_check (MusterEscalationSteps *self);

G_END_DECLS
