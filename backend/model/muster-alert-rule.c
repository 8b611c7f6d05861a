/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-rule"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-alert-rule.h"
#include "muster-device-event.h"

/* clang-format off */
static const MusterEnumValue kinds[] = {
  { "threshold", N_("Threshold") }, { "range", N_("Range") }, { "rate", N_("Rate of change") }, { "missing", N_("Missing data") },
  { "state", N_("State") }, { "expression", N_("Expression") }, { "offline", N_("Offline") }, { "anomaly", N_("Anomaly") },
  { NULL, NULL },
};
const MusterEnum muster_alert_rule_kind_enum = { "AlertRuleKind", kinds };

static const MusterEnumValue operators[] = {
  { "gt", N_("Above") }, { "ge", N_("At or above") }, { "lt", N_("Below") }, { "le", N_("At or below") },
  { "eq", N_("Equal to") }, { "ne", N_("Other than") }, { NULL, NULL },
};
const MusterEnum muster_alert_operator_enum = { "AlertOperator", operators };

static const MusterEnumValue scopes[] = {
  { "site", N_("Site") }, { "device", N_("Device") }, { "product", N_("Product") }, { "location", N_("Place") },
  { "group", N_("Group") }, { NULL, NULL },
};
const MusterEnum muster_alert_scope_enum = { "AlertScope", scopes };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What people call the rule." },
  { "description", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 10000, .label = N_("Description"), .doc = "What it watches over, and what to do when it fires." },
  { "enabled", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = 1, .label = N_("Enabled"), .doc = "Whether it is evaluated." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_alert_rule_kind_enum, .label = N_("Kind"), .doc = "What is looked at: threshold (value against `value`), range (outside of `value` to `value_high`), rate (change in `rate_seconds`), missing (no sample for `missing_seconds`), state (a text, a truth value or a number equals `text`), expression (over several metrics), offline (the device is not reached), anomaly (a detector says so)." },
  { "metric", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Metric"), .doc = "Its name, or a pattern with `*` and `?` such as `*/temperature`; each metric that matches is watched by itself." },
  { "operator", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_alert_operator_enum, .label = N_("Operator"), .doc = "How the value is compared: a value that is gt 80 fires." },
  { "value", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE, .label = N_("Value"), .doc = "The threshold; of a range, its lower end; of a rate, the change in `rate_seconds`; of an anomaly, the score." },
  { "value_high", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE, .label = N_("Upper value"), .doc = "The upper end of a range." },
  { "text", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("State"), .doc = "What a state is compared with; operator eq fires on it, ne on any other." },
  { "expression", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 2000, .label = N_("Expression"), .doc = "Over the metrics of one device; what is true, or not 0, fires." },
  { "rate_seconds", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 86400, .unit = "s", .label = N_("In"), .doc = "The time in which a change counts." },
  { "for_seconds", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 604800, .unit = "s", .label = N_("For"), .doc = "How long it has to be so before an alert is raised." },
  { "hysteresis", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_PLAIN, .label = N_("Hysteresis"), .doc = "How far back over the threshold the value must come before it counts as well again." },
  { "severity", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_severity_enum, .default_value = 1, .label = N_("Severity"), .doc = "How much it matters." },
  { "steps", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Steps"), .doc = "Further thresholds, each of its own severity: [{\"severity\":\"error\",\"value\":90}]." },
  { "scope_kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_alert_scope_enum, .label = N_("Scope"), .doc = "What the devices have in common that it looks at; a place includes what lies within." },
  { "scope_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Of"), .doc = "That device, product, place or group; null for the whole site." },
  { "missing_seconds", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 2592000, .unit = "s", .label = N_("Silent for"), .doc = "Of a missing metric: after how long without a sample; of an offline device: after how long without a sign of life." },
  { "quiet_hours", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Quiet hours"), .doc = "When it raises nothing, in the site's time zone: [{\"days\":[1,2,3,4,5],\"from\":\"22:00\",\"to\":\"06:00\"}]; 1 is Monday, the day that it begins on." },
  { "calendar_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "duty_calendar", .label = N_("Calendar"), .doc = "It raises alerts only while somebody of this calendar is on duty." },
  { "escalation_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "escalation", .label = N_("Escalation"), .doc = "Who is told, and when; null for the default one." },
  { "message", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 2000, .label = N_("Message"), .doc = "The text of an alert, where {device}, {metric}, {value}, {threshold}, {unit}, {place} and {rule} stand for what they name." },
  { "is_default", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Made by Muster"), .doc = "Whether Muster made it for a metric of a product." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_CASCADE, .references = "product", .label = N_("Product"), .doc = "The product that a rule made by Muster is for." },
};
/* clang-format on */

const MusterEntityInfo muster_alert_rule_info = {
  .name = "alert_rule",
  .table = "alert_rule",
  .path = "alert-rules",
  .schema = "AlertRule",
  .doc = "What raises an alert: a condition on the samples of some devices.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_alert_rule_get_type,
};

struct _MusterAlertRule
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterAlertRule, muster_alert_rule, MUSTER_TYPE_ENTITY)

static void
muster_alert_rule_class_init (MusterAlertRuleClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_alert_rule_info);
}

static void
muster_alert_rule_init (MusterAlertRule *self)
{
}
