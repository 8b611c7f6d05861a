/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* Why a rule fires, or why it is silent: its last evaluations, of all its devices or of one. */
#define MUSTER_TYPE_RULE_WHY (muster_rule_why_get_type ())
G_DECLARE_FINAL_TYPE (MusterRuleWhy, muster_rule_why, MUSTER, RULE_WHY, MusterPage)

MusterPage *muster_rule_why_new (MusterSession *session, MusterEntity *rule);

G_END_DECLS
