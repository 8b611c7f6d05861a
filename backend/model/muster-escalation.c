/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-escalation"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-escalation.h"
#include "muster-device-event.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "is_default", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Default"), .doc = "Whether it is for every alert whose rule names no other; there is at most one." },
  { "steps", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, 0, 20000, .label = N_("Steps"), .doc = "Who is told when, as long as nobody has acknowledged: [{\"after_seconds\":0,\"channels\":[\"id\"],\"people\":[\"id\"],\"calendar_id\":\"id\",\"repeat_seconds\":300}]; counted from the begin of the alert. Who is on duty in the calendar is told beside the people; a step is repeated until the next one." },
  { "renotify_seconds", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 60, 604800, .unit = "s", .label = N_("Begin again after"), .doc = "After how long it begins anew for an alert that is acknowledged, or at the end of its steps, and still not resolved; null: never." },
  { "min_severity", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_severity_enum, .label = N_("Least severity"), .doc = "Of what matters less nobody is told." },
  { "problems", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, 100000, .label = N_("Problems"), .doc = "What keeps it from telling whom it names, a line each: people who are disabled or have no address, channels that are off, calendars without shifts." },
};
/* clang-format on */

const MusterEntityInfo muster_escalation_info = {
  .name = "escalation",
  .table = "escalation",
  .path = "escalations",
  .schema = "Escalation",
  .doc = "Who is told of an alert, after what time, and over what channels.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_escalation_get_type,
};

struct _MusterEscalation
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterEscalation, muster_escalation, MUSTER_TYPE_ENTITY)

static void
muster_escalation_class_init (MusterEscalationClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_escalation_info);
}

static void
muster_escalation_init (MusterEscalation *self)
{
}
