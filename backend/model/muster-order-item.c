/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-item"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-order-item.h"

/* clang-format off */
static const MusterEnumValue order_line_kind_values[] = {
  { "item", N_("Item") }, { "discount", N_("Discount") }, { "tax", N_("Tax") }, { "shipping", N_("Shipping") },
  { NULL, NULL },
};
const MusterEnum muster_order_line_kind_enum = { "OrderLineKind", order_line_kind_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "order_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "order", .label = N_("Order"), .doc = "Of which order." },
  { "position", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, 1000000, .label = N_("Position"), .doc = "Its place among the lines, from 1." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_IMMUTABLE, .enumeration = &muster_order_line_kind_enum, .label = N_("Kind"), .doc = "Goods or charge." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_RESTRICT, .references = "product", .label = N_("Product"), .doc = "What is ordered." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "device", .label = N_("Device"), .doc = "The very unit that is ordered." },
  { "description", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 200, .label = N_("Description"), .doc = "What the line says." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 1000000000, .default_value = 1, .label = N_("Quantity"), .doc = "How many." },
  { "unit_price", MUSTER_FIELD_MONEY, MUSTER_FIELD_PLAIN, .label = N_("Unit price"), .doc = "Price of one; of a charge, its amount." },
  { "rate", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, -10000, 100000, .label = N_("Rate"), .doc = "Of a discount or tax: hundredths of a percent of the items; 1900 is 19 %." },
  { "subtotal", MUSTER_FIELD_MONEY, MUSTER_FIELD_READ_ONLY, .label = N_("Subtotal"), .doc = "What the line comes to." },
  { "reserved", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, 1000000000, .label = N_("Reserved"), .doc = "How many units are set aside for it now." },
  { "shipped", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, 1000000000, .label = N_("Shipped"), .doc = "How many have left with a delivery; of a purchase, are announced by one." },
  { "delivered", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, 1000000000, .label = N_("Delivered"), .doc = "How many have arrived." },
  { "adopted", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, 1000000000, .label = N_("Adopted"), .doc = "How many of those that arrived were seen on the network and adopted." },
};
/* clang-format on */

const MusterEntityInfo muster_order_item_info = {
  .name = "order_item",
  .table = "order_item",
  .path = "order-items",
  .schema = "OrderItem",
  .doc = "A line of an order: goods, or a discount, tax or shipping charge.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "description",
  .get_type = muster_order_item_get_type,
};

struct _MusterOrderItem
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterOrderItem, muster_order_item, MUSTER_TYPE_ENTITY)

static void
muster_order_item_class_init (MusterOrderItemClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_order_item_info);
}

static void
muster_order_item_init (MusterOrderItem *self)
{
}
