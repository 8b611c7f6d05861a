/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-batch"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-flash-batch.h"
#include "muster-factory-batch.h"

/* clang-format off */
static const MusterEnumValue statuses[] = {
  { "open", N_("Open") }, { "closed", N_("Closed") }, { NULL, NULL },
};
const MusterEnum muster_factory_batch_status_enum = { "FactoryBatchStatus", statuses };

static const MusterEnumValue labels[] = {
  { "hand", N_("By hand") }, { "station", N_("At the station, when a unit passes") }, { "site", N_("On the site’s label printer, when a unit passes") }, { NULL, NULL },
};
const MusterEnum muster_factory_labels_enum = { "FactoryLabels", labels };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_RESTRICT, .references = "product", .label = N_("Product"), .doc = "What they are units of; one that is tracked by serial number." },
  { "model", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 24, .label = N_("Model"), .doc = "The model that a board must say it is; none: any." },
  { "hardware_revision", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 24, .label = N_("Hardware revision"), .doc = "The revision that a board must say it is; none: any." },
  { "artifact_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_RESTRICT, .references = "firmware_artifact", .label = N_("Firmware"), .doc = "What a board is given first; none: it has its firmware already." },
  { "tool", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_flash_tool_enum, .label = N_("Tool"), .doc = "The program that writes the firmware." },
  { "programmer", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Programmer"), .doc = "What stands between the machine and the chip, as the tool calls it." },
  { "part", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Part"), .doc = "The chip, as the tool calls it." },
  { "address", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 4294967295, .label = N_("Address"), .doc = "Where in the chip's memory the firmware goes." },
  { "serial_prefix", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 20, .label = N_("Serial numbers begin with"), .doc = "What every serial number of the batch begins with: letters, digits, `-`, `_` and `.`." },
  { "serial_digits", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 12, .default_value = 4, .label = N_("Digits"), .doc = "How many digits the number behind that has, with zeros before it." },
  { "serial_next", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 999999999999, .default_value = 1, .label = N_("Next number"), .doc = "The number that the next board is given." },
  { "wanted", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, 1, 10000, .default_value = 1, .label = N_("Wanted"), .doc = "How many units are to be made." },
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_RESTRICT, .references = "location", .label = N_("Place"), .doc = "Where units that passed are put." },
  { "plan_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_RESTRICT, .references = "test_plan", .label = N_("Test plan"), .doc = "What each unit must pass; none: getting its identity is enough." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_factory_batch_status_enum, .label = N_("Status"), .doc = "Whether units are made in it." },
  { "flash_batch_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "flash_batch", .label = N_("Flash batch"), .doc = "Where the writing of its boards is noted." },
  { "total", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, G_MAXINT32, .label = N_("Boards"), .doc = "How many boards were put on its ports." },
  { "passed", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, G_MAXINT32, .label = N_("Passed"), .doc = "How many are made." },
  { "failed", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, G_MAXINT32, .label = N_("Failed"), .doc = "How many wait to be tried again." },
  { "labels", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_factory_labels_enum, .label = N_("Labels are printed"), .doc = "Who prints the label of a unit that passed: people; the station's window on its own printer; the daemon on the printer of the settings labels.*." },
};
/* clang-format on */

const MusterEntityInfo muster_factory_batch_info = {
  .name = "factory_batch",
  .table = "factory_batch",
  .path = "factory/batches",
  .schema = "FactoryBatch",
  .doc = "Units of a product that are made here, one serial number after the other.",
  .flags = MUSTER_ENTITY_FINAL,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .instead = "close it",
  .get_type = muster_factory_batch_get_type,
};

struct _MusterFactoryBatch
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFactoryBatch, muster_factory_batch, MUSTER_TYPE_ENTITY)

static void
muster_factory_batch_class_init (MusterFactoryBatchClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_factory_batch_info);
}

static void
muster_factory_batch_init (MusterFactoryBatch *self)
{
}
