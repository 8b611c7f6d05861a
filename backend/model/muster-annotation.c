/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-annotation"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-annotation.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_CASCADE, .references = "device", .label = N_("Device"), .doc = "On the charts of this device; null: on all charts." },
  { "metric", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Metric"), .doc = "On the charts of this metric; null: of all." },
  { "at", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("At"), .doc = "When it was, or began." },
  { "until", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Until"), .doc = "When it ended; null: it is one moment." },
  { "text", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 500, .label = N_("Text"), .doc = "What happened." },
  { "author", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 200, .label = N_("Author"), .doc = "Who wrote it." },
};
/* clang-format on */

const MusterEntityInfo muster_annotation_info = {
  .name = "annotation",
  .table = "annotation",
  .path = "annotations",
  .schema = "Annotation",
  .doc = "A remark at a moment or a range of time, drawn on charts.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "text",
  .get_type = muster_annotation_get_type,
};

struct _MusterAnnotation
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterAnnotation, muster_annotation, MUSTER_TYPE_ENTITY)

static void
muster_annotation_class_init (MusterAnnotationClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_annotation_info);
}

static void
muster_annotation_init (MusterAnnotation *self)
{
}
