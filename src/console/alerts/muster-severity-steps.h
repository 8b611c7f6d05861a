/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * MusterSeveritySteps:
 *
 * Further thresholds of a rule, each of its own severity, as a group of a form.
 *
 * Signal `changed`.
 */
#define MUSTER_TYPE_SEVERITY_STEPS (muster_severity_steps_get_type ())
G_DECLARE_FINAL_TYPE (MusterSeveritySteps,
                      muster_severity_steps,
                      MUSTER,
                      SEVERITY_STEPS,
                      AdwPreferencesGroup)

GtkWidget *muster_severity_steps_new (void);

/* [{"severity":"error","value":90}…] (nullable). */
void muster_severity_steps_set_json (MusterSeveritySteps *self, const char *text);
/* The same back, of what is a number: (transfer full); NULL: none. */
JsonArray *muster_severity_steps_get_json (MusterSeveritySteps *self);
/* The INDEXth of those that muster_severity_steps_get_json() gives is VALUE. */
void muster_severity_steps_set_value (MusterSeveritySteps *self, unsigned index, double value);

G_END_DECLS
