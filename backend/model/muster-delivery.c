/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-delivery.h"

/* clang-format off */
static const MusterEnumValue delivery_status_values[] = {
  { "pending", N_("Pending") }, { "shipped", N_("Shipped") }, { "in_transit", N_("In transit") },
  { "delivered", N_("Delivered") }, { "failed", N_("Failed") }, { "returned", N_("Returned") }, { NULL, NULL },
};
const MusterEnum muster_delivery_status_enum = { "DeliveryStatus", delivery_status_values };

#define S(name) MUSTER_DELIVERY_STATUS_##name
static const MusterTransition delivery_status_transitions[] = {
  { S (PENDING), S (SHIPPED) }, { S (PENDING), S (FAILED) }, { S (PENDING), S (IN_TRANSIT) }, { S (PENDING), S (DELIVERED) },
  { S (SHIPPED), S (IN_TRANSIT) }, { S (SHIPPED), S (DELIVERED) }, { S (SHIPPED), S (FAILED) }, { S (SHIPPED), S (RETURNED) },
  { S (IN_TRANSIT), S (DELIVERED) }, { S (IN_TRANSIT), S (FAILED) }, { S (IN_TRANSIT), S (RETURNED) },
  { S (DELIVERED), S (RETURNED) },
  { S (FAILED), S (PENDING) }, { S (FAILED), S (RETURNED) },
  { -1, -1 },
};
#undef S
const MusterStateMachine muster_delivery_status_machine = { &muster_delivery_status_enum, delivery_status_transitions };

static const MusterEnumValue delivery_direction_values[] = {
  { "outbound", N_("Outgoing") }, { "inbound", N_("Incoming") }, { NULL, NULL },
};
const MusterEnum muster_delivery_direction_enum = { "DeliveryDirection", delivery_direction_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "delivery_number", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE | MUSTER_FIELD_SEARCHABLE, 1, 32, .label = N_("Number"), .doc = "A number without gaps: DN-2026-000123." },
  { "order_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "order", .label = N_("Order"), .doc = "Of which order." },
  { "direction", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_delivery_direction_enum, .label = N_("Direction"), .doc = "Which way it goes." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_delivery_status_enum, .label = N_("Status"), .doc = "How far it is." },
  { "customer_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "person", .label = N_("Person"), .doc = "Whose order it belongs to, among the site's people." },
  { "carrier", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Carrier"), .doc = "Who brings it." },
  { "tracking_number", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Tracking number"), .doc = "The carrier's number of it." },
  { "shipping_address", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 1000, .label = N_("Shipping address"), .doc = "Where it goes." },
  { "expected_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Expected"), .doc = "When it should arrive." },
  { "shipped_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Shipped"), .doc = "When it left." },
  { "delivered_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Delivered"), .doc = "When it arrived." },
  { "delivery_notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about it." },
  { "recipient", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Recipient"), .doc = "Who confirmed that it arrived." },
  { "signature", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 65536, .label = N_("Signature"), .doc = "The recipient's signature: a list of strokes, each a list of [x, y] from 0 to 1." },
};
/* clang-format on */

const MusterEntityInfo muster_delivery_info = {
  .name = "delivery",
  .table = "delivery",
  .path = "deliveries",
  .schema = "Delivery",
  .doc = "Goods on their way, to a customer or from a supplier.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_delivery_status_machine,
  .machine_field = "status",
  .title_field = "delivery_number",
  .get_type = muster_delivery_get_type,
};

struct _MusterDelivery
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDelivery, muster_delivery, MUSTER_TYPE_ENTITY)

static void
muster_delivery_class_init (MusterDeliveryClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_delivery_info);
}

static void
muster_delivery_init (MusterDelivery *self)
{
}
