/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_ALERT_RULE_THRESHOLD,
  MUSTER_ALERT_RULE_RANGE,
  MUSTER_ALERT_RULE_RATE,
  MUSTER_ALERT_RULE_MISSING,
  MUSTER_ALERT_RULE_STATE,
  MUSTER_ALERT_RULE_EXPRESSION,
  MUSTER_ALERT_RULE_OFFLINE,
  MUSTER_ALERT_RULE_ANOMALY,
} MusterAlertRuleKind;

typedef enum
{
  MUSTER_ALERT_OPERATOR_GT,
  MUSTER_ALERT_OPERATOR_GE,
  MUSTER_ALERT_OPERATOR_LT,
  MUSTER_ALERT_OPERATOR_LE,
  MUSTER_ALERT_OPERATOR_EQ,
  MUSTER_ALERT_OPERATOR_NE,
} MusterAlertOperator;

typedef enum
{
  MUSTER_ALERT_SCOPE_SITE,
  MUSTER_ALERT_SCOPE_DEVICE,
  MUSTER_ALERT_SCOPE_PRODUCT,
  MUSTER_ALERT_SCOPE_LOCATION,
  MUSTER_ALERT_SCOPE_GROUP,
} MusterAlertScope;

extern const MusterEnum       muster_alert_rule_kind_enum;
extern const MusterEnum       muster_alert_operator_enum;
extern const MusterEnum       muster_alert_scope_enum;
extern const MusterEntityInfo muster_alert_rule_info;

/* What raises an alert: a condition on the samples of some devices. */
#define MUSTER_TYPE_ALERT_RULE (muster_alert_rule_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertRule, muster_alert_rule, MUSTER, ALERT_RULE, MusterEntity)

G_END_DECLS
