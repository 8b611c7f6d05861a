/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metric"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-metric.h"

/* clang-format off */
static const MusterEnumValue datatypes[] = {
  { "int8", N_("8-bit integer") }, { "int16", N_("16-bit integer") }, { "int32", N_("32-bit integer") }, { "int64", N_("64-bit integer") },
  { "uint8", N_("8-bit unsigned") }, { "uint16", N_("16-bit unsigned") }, { "uint32", N_("32-bit unsigned") }, { "uint64", N_("64-bit unsigned") },
  { "float", N_("Single float") }, { "double", N_("Double float") }, { "boolean", N_("Yes or no") }, { "string", N_("Text") },
  { "datetime", N_("Date and time") }, { "other", N_("Other") }, { NULL, NULL },
};
const MusterEnum muster_datatype_enum = { "Datatype", datatypes };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "device", .label = N_("Device"), .doc = "The device that reports it." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_SEARCHABLE, 1, 200, .label = N_("Metric"), .doc = "The name on the wire, folders parted by `/`; unique within the device." },
  { "datatype", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_datatype_enum, .default_value = 9, .label = N_("Type"), .doc = "Sparkplug datatype." },
  { "unit", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 32, .label = N_("Unit"), .doc = "Engineering unit shown behind the number." },
  { "minimum", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE, .label = N_("Least"), .doc = "Low end of the range that makes sense." },
  { "maximum", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE, .label = N_("Greatest"), .doc = "High end of the range that makes sense." },
  { "writable", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Writable"), .doc = "Whether a command may write it." },
  { "description", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 500, .label = N_("Description"), .doc = "What it measures." },
  { "max_rate", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE, .unit = "1/s", .label = N_("Fastest change"), .doc = "How much it can change a second at most. What changes faster, or lies outside of the range, is stored as bad." },
};
/* clang-format on */

const MusterEntityInfo muster_metric_info = {
  .name = "metric",
  .table = "metric",
  .path = "monitoring/metrics",
  .schema = "Metric",
  .doc = "One quantity that a device reports.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_metric_get_type,
};

struct _MusterMetric
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterMetric, muster_metric, MUSTER_TYPE_ENTITY)

static void
muster_metric_class_init (MusterMetricClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_metric_info);
}

static void
muster_metric_init (MusterMetric *self)
{
}
