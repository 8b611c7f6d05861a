/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-alert.h"
#include "muster-device-event.h"

/* clang-format off */
static const MusterEnumValue statuses[] = {
  { "open", N_("Open") }, { "acknowledged", N_("Acknowledged") }, { "resolved", N_("Resolved") }, { NULL, NULL },
};
const MusterEnum muster_alert_status_enum = { "AlertStatus", statuses };

static const MusterEnumValue causes[] = {
  { "none", N_("Nothing") }, { "gateway", N_("Gateway") }, { "broker", N_("Broker") }, { "switch", N_("Network switch") },
  { "place", N_("Place") }, { NULL, NULL },
};
const MusterEnum muster_alert_cause_enum = { "AlertCause", causes };

/* What gets worse after somebody took notice is open again; what comes back soon after it ended by itself is as it
 * was before. */
static const MusterTransition transitions[] = {
  { MUSTER_ALERT_STATUS_OPEN, MUSTER_ALERT_STATUS_ACKNOWLEDGED },
  { MUSTER_ALERT_STATUS_OPEN, MUSTER_ALERT_STATUS_RESOLVED },
  { MUSTER_ALERT_STATUS_ACKNOWLEDGED, MUSTER_ALERT_STATUS_OPEN },
  { MUSTER_ALERT_STATUS_ACKNOWLEDGED, MUSTER_ALERT_STATUS_RESOLVED },
  { MUSTER_ALERT_STATUS_RESOLVED, MUSTER_ALERT_STATUS_OPEN },
  { MUSTER_ALERT_STATUS_RESOLVED, MUSTER_ALERT_STATUS_ACKNOWLEDGED },
  { -1, -1 },
};
const MusterStateMachine muster_alert_status_machine = { &muster_alert_status_enum, transitions };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "rule_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "alert_rule", .label = N_("Rule"), .doc = "The rule that raised it; null for what Muster itself finds." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_CASCADE, .references = "device", .label = N_("Device"), .doc = "The device that it is about." },
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "location", .label = N_("Place"), .doc = "Where that device stood." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "product", .label = N_("Product"), .doc = "What that device is." },
  { "metric", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SEARCHABLE, 0, 200, .label = N_("Metric"), .doc = "What was measured." },
  { "severity", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_severity_enum, .default_value = 1, .label = N_("Severity"), .doc = "How much it matters." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_alert_status_enum, .label = N_("Status"), .doc = "Whether it still is so, and whether somebody knows." },
  { "title", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SEARCHABLE, 0, 300, .label = N_("Title"), .doc = "What is wrong, in one line." },
  { "detail", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SEARCHABLE, 0, 4000, .label = N_("Detail"), .doc = "More of it: the text of its rule." },
  { "value", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Value"), .doc = "What was measured when it was raised, or when its severity last changed." },
  { "threshold", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Threshold"), .doc = "What the value went over." },
  { "unit", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 40, .label = N_("Unit"), .doc = "Of value and threshold." },
  { "raised_at", MUSTER_FIELD_TIME, MUSTER_FIELD_READ_ONLY, .label = N_("Raised"), .doc = "When it began." },
  { "last_at", MUSTER_FIELD_TIME, MUSTER_FIELD_READ_ONLY, .label = N_("Last"), .doc = "When it was last raised or changed its severity." },
  { "occurrences", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .default_value = 1, .minimum = 1, .maximum = G_MAXINT64, .label = N_("Occurrences"), .doc = "How many times it was raised: again while it was unresolved, or soon after it had ended by itself." },
  { "acknowledged_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Acknowledged"), .doc = "When somebody took notice." },
  { "acknowledged_by", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 200, .label = N_("Acknowledged by"), .doc = "Who took notice." },
  { "comment", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SEARCHABLE, 0, 4000, .label = N_("Comment"), .doc = "What people said about it." },
  { "assigned_to", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "person", .label = N_("Assigned to"), .doc = "Who sees to it." },
  { "silenced_until", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Silenced until"), .doc = "Nobody is told of it before." },
  { "resolved_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Resolved"), .doc = "When it ended." },
  { "resolved_by", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 200, .label = N_("Resolved by"), .doc = "Who resolved it; null where it ended by itself." },
  { "duration_seconds", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, G_MAXINT64, .unit = "s", .label = N_("Duration"), .doc = "From raised to resolved." },
  { "dedupe_key", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, 0, 400, .label = N_("Key"), .doc = "What it is about: no two unresolved alerts share it." },
  { "cause_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "alert", .label = N_("Cause"), .doc = "The alert that explains this one; nobody is told of one that is explained." },
  { "children", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, G_MAXINT64, .label = N_("Explains"), .doc = "How many alerts it has explained." },
  { "cause_kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_alert_cause_enum, .label = N_("Explains as"), .doc = "What it is that explains others." },
  { "explanation", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SEARCHABLE, 0, 300, .label = N_("Explanation"), .doc = "What changed shortly before: \"12 min after firmware 1.4.2\"." },
  { "journal_sequence", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, G_MAXINT64, .label = N_("Journal"), .doc = "The entry of the journal that explains it." },
};
/* clang-format on */

const MusterEntityInfo muster_alert_info = {
  .name = "alert",
  .table = "alert",
  .path = "alerts",
  .schema = "Alert",
  .doc = "Something is wrong, and somebody should know.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_alert_status_machine,
  .machine_field = "status",
  .title_field = "title",
  .get_type = muster_alert_get_type,
};

struct _MusterAlert
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterAlert, muster_alert, MUSTER_TYPE_ENTITY)

static void
muster_alert_class_init (MusterAlertClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_alert_info);
}

static void
muster_alert_init (MusterAlert *self)
{
}
