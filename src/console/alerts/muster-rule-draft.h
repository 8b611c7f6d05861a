/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-alert-rule.h"
#include "muster-threshold-layer.h"

G_BEGIN_DECLS

/* More would not be told apart on a chart. */
#define MUSTER_RULE_MAX_THRESHOLDS 9

/* What the editor needs to know of a rule that is not saved yet, as the JSON that would be. */

/* -1: not said yet. */
int muster_rule_draft_get_kind (JsonObject *draft);
/* The thresholds that can be drawn over the values themselves, in the order of `value`,
 * `value_high`, `steps`; their number. Names are static. */
unsigned muster_rule_draft_list_thresholds (JsonObject *draft, MusterThreshold *thresholds);
/* Whether there is enough to try it out. */
gboolean muster_rule_draft_is_whole (JsonObject *draft);
/* Whether a rule of KIND has FIELD, so that the form shows it. */
gboolean muster_rule_kind_has (MusterAlertRuleKind kind, const char *field);
/* Which of METRICS (element-type utf8) PATTERN (nullable) means first; NULL: none. */
const char *muster_rule_find_metric (GPtrArray *metrics, const char *pattern);

G_END_DECLS
