/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterRulePreview:
 *
 * What a rule that is being written would have done: the metric of one of its devices on a chart
 * with the rule's thresholds, which can be dragged, and the firings that it would have had.
 *
 * Signals: `moved (unsigned index, double value)`: threshold INDEX was dragged there (0: `value`;
 * of a range 1: `value_high`; else 1, 2 …: the steps); `shown`: the values of the chart are there.
 */
#define MUSTER_TYPE_RULE_PREVIEW (muster_rule_preview_get_type ())
G_DECLARE_FINAL_TYPE (MusterRulePreview, muster_rule_preview, MUSTER, RULE_PREVIEW, AdwBin)

/* To be called once. */
void muster_rule_preview_open (MusterRulePreview *self, MusterSession *session);
/* The rule as it would be saved now; DRAFT is taken. */
void muster_rule_preview_set_rule (MusterRulePreview *self, JsonObject *draft);
/* Shows a device of its choice no longer, but this one. */
void muster_rule_preview_set_device (MusterRulePreview *self, const char *device_id);
/* A round value that next to nothing on the chart is over: FALSE while nothing is on it. */
gboolean muster_rule_preview_suggest (MusterRulePreview *self, double *value);
/* A round hysteresis for what is on the chart, above its noise: FALSE while nothing is on it. */
gboolean muster_rule_preview_suggest_hysteresis (MusterRulePreview *self, double *value);
/* Metrics of the device on the chart: (transfer full) (element-type utf8). */
GPtrArray *muster_rule_preview_list_metrics (MusterRulePreview *self);

G_END_DECLS
