/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-test-plan"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-test-plan.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "description", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Description"), .doc = "What it is for, and how the board is to be set up." },
  { "model", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 24, .label = N_("Model"), .doc = "The model that the board must say it is; none: any." },
  { "steps", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, 0, 65536, .label = N_("Steps"), .doc = "Array of 1 to 64 steps: {name, action: identity, self-test, read, write, blink, ask or reboot; metric: of read and write; value: of write; minimum, maximum, unit: what is read must lie between; timeout_ms: how long it may take; text: the question of blink and ask}." },
};
/* clang-format on */

const MusterEntityInfo muster_test_plan_info = {
  .name = "test_plan",
  .table = "test_plan",
  .path = "test-plans",
  .schema = "TestPlan",
  .doc = "What a board is asked and must answer, step by step.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .instead = "give those that are tested by it another plan first",
  .get_type = muster_test_plan_get_type,
};

struct _MusterTestPlan
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterTestPlan, muster_test_plan, MUSTER_TYPE_ENTITY)

static void
muster_test_plan_class_init (MusterTestPlanClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_test_plan_info);
}

static void
muster_test_plan_init (MusterTestPlan *self)
{
}
