/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-escalation-run"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-escalation-run.h"
#include "muster-device-event.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "alert_id", MUSTER_FIELD_UUID, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, .references = "alert", .label = N_("Alert"), .doc = "Whose it is." },
  { "escalation_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "escalation", .label = N_("Escalation"), .doc = "Which one it goes through." },
  { "severity", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_severity_enum, .label = N_("Severity"), .doc = "What it was told as." },
  { "begun_at", MUSTER_FIELD_TIME, MUSTER_FIELD_READ_ONLY, .label = N_("Begun"), .doc = "What the delays of its steps count from." },
  { "step", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, 1000, .label = N_("Step"), .doc = "The next one." },
  { "told_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Told"), .doc = "When people were told last." },
  { "rounds", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, G_MAXINT64, .label = N_("Rounds"), .doc = "How many times it has begun again." },
  { "next_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Next"), .doc = "When there is something to do next; null: nothing by itself." },
};
/* clang-format on */

const MusterEntityInfo muster_escalation_run_info = {
  .name = "escalation_run",
  .table = "escalation_run",
  .path = "escalation-runs",
  .schema = "EscalationRun",
  .doc = "How far the escalation of one alert has come.",
  .flags = MUSTER_ENTITY_UNJOURNALLED,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "alert_id",
  .get_type = muster_escalation_run_get_type,
};

struct _MusterEscalationRun
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterEscalationRun, muster_escalation_run, MUSTER_TYPE_ENTITY)

static void
muster_escalation_run_class_init (MusterEscalationRunClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_escalation_run_info);
}

static void
muster_escalation_run_init (MusterEscalationRun *self)
{
}
