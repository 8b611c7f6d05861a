/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-silence"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-alert-silence.h"
#include "muster-alert-rule.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "reason", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 300, .label = N_("Reason"), .doc = "Why nobody is told." },
  { "scope_kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_alert_scope_enum, .label = N_("Scope"), .doc = "What the devices have in common whose alerts are silent; a place includes what lies within." },
  { "scope_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Of"), .doc = "That device, product, place or group; null for the whole site." },
  { "rule_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_CASCADE, .references = "alert_rule", .label = N_("Rule"), .doc = "Only alerts of this rule." },
  { "metric", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Metric"), .doc = "Only alerts of this metric, or of those that match a pattern with `*` and `?`." },
  { "starts_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("From"), .doc = "When it begins; null for at once." },
  { "ends_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Until"), .doc = "When it ends; null, for a window that recurs, for never." },
  { "days", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 100, .label = N_("Days"), .doc = "Of a window that recurs: the days of the week that it begins on, 1 is Monday: [6,7]." },
  { "from_time", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 5, 5, .label = N_("From the hour"), .doc = "Of a window that recurs, in the site's time zone: \"02:00\"." },
  { "to_time", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 5, 5, .label = N_("To the hour"), .doc = "Of a window that recurs; not after its beginning: on the next day." },
  { "author", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, 0, 200, .label = N_("Author"), .doc = "Who made it." },
  { "warn_before_seconds", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 604800, .default_value = 900, .unit = "s", .label = N_("Warn before"), .doc = "How long before its end people are told that it ends; 0: not at all." },
};
/* clang-format on */

const MusterEntityInfo muster_alert_silence_info = {
  .name = "alert_silence",
  .table = "alert_silence",
  .path = "alert-silences",
  .schema = "AlertSilence",
  .doc = "Alerts of which nobody is told for a time.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "reason",
  .get_type = muster_alert_silence_get_type,
};

struct _MusterAlertSilence
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterAlertSilence, muster_alert_silence, MUSTER_TYPE_ENTITY)

static void
muster_alert_silence_class_init (MusterAlertSilenceClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_alert_silence_info);
}

static void
muster_alert_silence_init (MusterAlertSilence *self)
{
}
