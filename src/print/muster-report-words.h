/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-field.h"

G_BEGIN_DECLS

/* Words for the report of a board: of each step its verdict, what was measured, and the limits. */

/* What became of a step. */
typedef enum
{
  MUSTER_VERDICT_WAITING,
  MUSTER_VERDICT_RUNNING,
  MUSTER_VERDICT_PASSED,
  MUSTER_VERDICT_FAILED,
  MUSTER_VERDICT_SKIPPED,
} MusterVerdict;

extern const MusterEnum muster_verdict_enum;

/* That of a step of a report; one that nobody knows counts as waiting. */
MusterVerdict muster_step_get_verdict (JsonObject *step);
/* "15 to 35 °C", "at least 15 °C", "at most 35 °C"; NULL: there are none. NAN: that one is not
 * there. (transfer full) */
char *muster_limits_describe (double minimum, double maximum, const char *unit);
/* The same of a step or a check of a report or of a plan. */
char *muster_step_describe_limits (JsonObject *step);
/* "21.4 °C"; NULL: nothing was measured. (transfer full) */
char *muster_step_describe_measured (JsonObject *step);
/* The steps of TEXT, a report or NULL: borrowed from ROOT, which the caller frees (nullable). */
JsonArray *muster_report_read_steps (const char *text, JsonNode **root);
/* How many of them have an end: passed, failed or skipped. */
unsigned muster_report_count_done (JsonArray *steps);

G_END_DECLS
