/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-number-series"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-number-series.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_UNIQUE, 1, 32, .label = N_("Series"), .doc = "What its numbers begin with." },
  { "last", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, 999999999, .label = N_("Last"), .doc = "The number given last." },
};
/* clang-format on */

const MusterEntityInfo muster_number_series_info = {
  .name = "number_series",
  .table = "number_series",
  .path = "number-series",
  .schema = "NumberSeries",
  .doc = "The last number given in a series, such as SO-2026.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_number_series_get_type,
};

struct _MusterNumberSeries
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterNumberSeries, muster_number_series, MUSTER_TYPE_ENTITY)

static void
muster_number_series_class_init (MusterNumberSeriesClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_number_series_info);
}

static void
muster_number_series_init (MusterNumberSeries *self)
{
}
