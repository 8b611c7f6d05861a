/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "print/muster-report-words.h"

G_BEGIN_DECLS

/* What a step of a test plan does. */
typedef enum
{
  MUSTER_STEP_IDENTITY,
  MUSTER_STEP_SELF_TEST,
  MUSTER_STEP_READ,
  MUSTER_STEP_WRITE,
  MUSTER_STEP_BLINK,
  MUSTER_STEP_ASK,
  MUSTER_STEP_REBOOT,
} MusterStepAction;

#define MUSTER_STEP_N_ACTIONS (MUSTER_STEP_REBOOT + 1)

extern const MusterEnum muster_step_action_enum;

/* The symbol of a verdict, and the class of its colour. */
const char *muster_verdict_get_icon_name (MusterVerdict verdict);
const char *muster_verdict_get_css_class (MusterVerdict verdict);

/* What a step of a plan does, in few words: "Read · temperature · 15 to 35 °C". (transfer full) */
char *muster_step_describe (JsonObject *step);

/* What a person types as a value: a number, or "on", "off", "true", "false". (transfer full), NULL:
 * it is neither. */
JsonNode *muster_value_read (const char *text);

/* Nothing is NAN, and TRUE; FALSE: it is no number. A comma counts as a point. */
gboolean muster_number_read (const char *text, double *number);

G_END_DECLS
