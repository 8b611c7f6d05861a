/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-derived-metric"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-derived-metric.h"

/* clang-format off */
static const MusterEnumValue methods[] = {
  { "value", N_("Value") }, { "integral", N_("Integral over hours") }, { "rate", N_("Change a second") }, { NULL, NULL },
};
const MusterEnum muster_derived_method_enum = { "DerivedMethod", methods };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_CASCADE, .references = "device", .label = N_("Device"), .doc = "Of this device; goes before one of its product with the same name." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_CASCADE, .references = "product", .label = N_("Product"), .doc = "Or of every device of this product." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_SEARCHABLE, 1, 200, .label = N_("Metric"), .doc = "The name under which its samples are stored, folders parted by `/`." },
  { "unit", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 32, .label = N_("Unit"), .doc = "Engineering unit shown behind the number." },
  { "expression", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 2000, .label = N_("Expression"), .doc = "Made of the device's other metrics: `temperature * 1.8 + 32`, `\"power/a\" + \"power/b\"`; what they last were counts." },
  { "method", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_derived_method_enum, .label = N_("Method"), .doc = "Whether the value itself is stored, its integral over hours (of W / 1000: kWh), or its change a second." },
  { "enabled", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = TRUE, .label = N_("Enabled"), .doc = "Whether it is reckoned." },
  { "description", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 500, .label = N_("Description"), .doc = "What it tells." },
};
/* clang-format on */

const MusterEntityInfo muster_derived_metric_info = {
  .name = "derived_metric",
  .table = "derived_metric",
  .path = "derived-metrics",
  .schema = "DerivedMetric",
  .doc = "A metric that Muster reckons from others as they come in.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_derived_metric_get_type,
};

struct _MusterDerivedMetric
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDerivedMetric, muster_derived_metric, MUSTER_TYPE_ENTITY)

static void
muster_derived_metric_class_init (MusterDerivedMetricClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_derived_metric_info);
}

static void
muster_derived_metric_init (MusterDerivedMetric *self)
{
}
