/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* Where a rule is written: the form, and beside it a chart on which its thresholds are dragged and
 * the firings that it would have had are drawn. */
#define MUSTER_TYPE_RULE_EDITOR (muster_rule_editor_get_type ())
G_DECLARE_FINAL_TYPE (MusterRuleEditor, muster_rule_editor, MUSTER, RULE_EDITOR, MusterPage)

/* RULE_ID NULL: a new one. */
MusterPage *muster_rule_editor_new (MusterSession *session, const char *rule_id);
/* A new one for METRIC (nullable) of a device. */
MusterPage *muster_rule_editor_new_for_metric (MusterSession *session,
                                               const char    *device_id,
                                               const char    *metric);
/* Likewise, with THRESHOLD (NAN: none, one is suggested) in the metric's unit: what was pointed at
 * on a chart. */
MusterPage *muster_rule_editor_new_for_threshold (MusterSession *session,
                                                  const char    *device_id,
                                                  const char    *metric,
                                                  double         threshold);

G_END_DECLS
