/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-product"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-device.h"
#include "muster-product.h"

/* clang-format off */
static const MusterEnumValue tracking_values[] = {
  { "serial", N_("By serial number") }, { "quantity", N_("By quantity") }, { NULL, NULL },
};
const MusterEnum muster_tracking_enum = { "Tracking", tracking_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What it is called." },
  { "model", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Model"), .doc = "The maker's name of the model." },
  { "manufacturer", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Manufacturer"), .doc = "Who makes it." },
  { "type", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 60, .label = N_("Type"), .doc = "What sort of product it is, in the site's own words." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_device_kind_enum, .default_value = 13, .label = N_("Kind"), .doc = "What its units are on the network." },
  { "tracking", MUSTER_FIELD_ENUM, MUSTER_FIELD_IMMUTABLE, .enumeration = &muster_tracking_enum, .label = N_("Tracking"), .doc = "Whether every unit has a record of its own or only their number is kept." },
  { "sku", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_UNIQUE | MUSTER_FIELD_SEARCHABLE, 1, 64, .label = N_("SKU"), .doc = "Stock keeping unit; unique on the site." },
  { "gtin", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_UNIQUE | MUSTER_FIELD_SEARCHABLE, 8, 14, .format = "gtin", .label = N_("GTIN"), .doc = "Global trade item number, the digits below its bar code." },
  { "description", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 10000, .label = N_("Description"), .doc = "What customers read of it." },
  { "unit_price", MUSTER_FIELD_MONEY, MUSTER_FIELD_NULLABLE, 0, G_MAXINT64, .label = N_("Price"), .doc = "Sales price of one." },
  { "currency", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 3, 3, .default_text = "EUR", .format = "currency", .label = N_("Currency"), .doc = "ISO 4217 code of its price." },
  { "specifications", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 65536, .label = N_("Specifications"), .doc = "Properties of the model: an object of names and values." },
  { "reorder_point", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 0, 1000000000, .label = N_("Reorder point"), .doc = "Order more when fewer than these are available." },
  { "reorder_quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 1000000000, .label = N_("Reorder quantity"), .doc = "How many to order then." },
  { "warranty_months", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 0, 600, .unit = "mo", .label = N_("Warranty"), .doc = "How long the maker answers for a unit, from its delivery." },
  { "supplier", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Supplier"), .doc = "Who to buy it from." },
  { "discontinued", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Discontinued"), .doc = "No longer bought or sold." },
  { "picture_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "attachment", .label = N_("Picture"), .doc = "The attachment that shows it." },
  { "on_hand", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, .label = N_("On hand"), .doc = "How many lie in stock, reserved ones included: the sum of the stock moves." },
  { "reserved", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, .label = N_("Reserved"), .doc = "How many of those are promised to orders." },
};
/* clang-format on */

const MusterEntityInfo muster_product_info = {
  .name = "product",
  .table = "product",
  .path = "products",
  .schema = "Product",
  .doc = "A model that the site buys, keeps, sells or runs.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .instead = "mark it as discontinued",
  .get_type = muster_product_get_type,
};

struct _MusterProduct
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterProduct, muster_product, MUSTER_TYPE_ENTITY)

static void
muster_product_class_init (MusterProductClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_product_info);
}

static void
muster_product_init (MusterProduct *self)
{
}
