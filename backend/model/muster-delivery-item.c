/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery-item"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-delivery-item.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "delivery_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "delivery", .label = N_("Delivery"), .doc = "In which delivery." },
  { "order_item_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "order_item", .label = N_("Order line"), .doc = "For which line of the order." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_RESTRICT, .references = "product", .label = N_("Product"), .doc = "What it is." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "device", .label = N_("Device"), .doc = "The very unit." },
  { "serial", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 64, .label = N_("Serial number"), .doc = "Of the unit, as announced or scanned." },
  { "secret", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, .format = "secret", .label = N_("Label secret"), .doc = "The pairing secret of an announced unit." },
  { "mac", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, .format = "mac", .label = N_("MAC address"), .doc = "Of an announced unit." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 1000000000, .default_value = 1, .label = N_("Quantity"), .doc = "How many." },
  { "received", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, 1000000000, .label = N_("Received"), .doc = "How many were found when it arrived." },
  { "expected", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, .label = N_("Expected"), .doc = "Whether a unit of the site's own is to be seen on the network by this: it is announced or has arrived, and is not adopted yet." },
};
/* clang-format on */

const MusterEntityInfo muster_delivery_item_info = {
  .name = "delivery_item",
  .table = "delivery_item",
  .path = "delivery-items",
  .schema = "DeliveryItem",
  .doc = "What a delivery holds of an order line.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "serial",
  .get_type = muster_delivery_item_get_type,
};

struct _MusterDeliveryItem
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDeliveryItem, muster_delivery_item, MUSTER_TYPE_ENTITY)

static void
muster_delivery_item_class_init (MusterDeliveryItemClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_delivery_item_info);
}

static void
muster_delivery_item_init (MusterDeliveryItem *self)
{
}
