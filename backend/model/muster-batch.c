/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-batch"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-batch.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "product", .label = N_("Product"), .doc = "What it is a batch of." },
  { "number", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 64, .label = N_("Number"), .doc = "The maker's batch number; unique for the product." },
  { "received_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Received"), .doc = "When it came." },
  { "expires_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Best before"), .doc = "When it should no longer be used." },
  { "supplier", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Supplier"), .doc = "Who delivered it." },
  { "notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about it." },
};
/* clang-format on */

const MusterEntityInfo muster_batch_info = {
  .name = "batch",
  .table = "batch",
  .path = "batches",
  .schema = "Batch",
  .doc = "Goods of one product that were made or came together.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "number",
  .get_type = muster_batch_get_type,
};

struct _MusterBatch
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterBatch, muster_batch, MUSTER_TYPE_ENTITY)

static void
muster_batch_class_init (MusterBatchClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_batch_info);
}

static void
muster_batch_init (MusterBatch *self)
{
}
