/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-order.h"

/* clang-format off */
static const MusterEnumValue order_kind_values[] = {
  { "sales", N_("Sales") }, { "purchase", N_("Purchase") }, { "return", N_("Return") }, { NULL, NULL },
};
const MusterEnum muster_order_kind_enum = { "OrderKind", order_kind_values };

static const MusterEnumValue order_status_values[] = {
  { "pending", N_("Pending") }, { "confirmed", N_("Confirmed") }, { "processing", N_("Processing") },
  { "shipped", N_("Shipped") }, { "delivered", N_("Delivered") }, { "cancelled", N_("Cancelled") },
  { NULL, NULL },
};
const MusterEnum muster_order_status_enum = { "OrderStatus", order_status_values };

#define S(name) MUSTER_ORDER_STATUS_##name
static const MusterTransition order_status_transitions[] = {
  { S (PENDING), S (CONFIRMED) }, { S (PENDING), S (CANCELLED) },
  { S (CONFIRMED), S (PROCESSING) }, { S (CONFIRMED), S (SHIPPED) }, { S (CONFIRMED), S (CANCELLED) }, { S (CONFIRMED), S (PENDING) },
  { S (PROCESSING), S (SHIPPED) }, { S (PROCESSING), S (CANCELLED) },
  { S (SHIPPED), S (DELIVERED) }, { S (SHIPPED), S (PROCESSING) },
  { S (DELIVERED), S (PROCESSING) },
  { -1, -1 },
};
#undef S
const MusterStateMachine muster_order_status_machine = { &muster_order_status_enum, order_status_transitions };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "order_number", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE | MUSTER_FIELD_SEARCHABLE, 1, 32, .label = N_("Number"), .doc = "Kind, year and a number without gaps: SO-2026-000123." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_IMMUTABLE, .enumeration = &muster_order_kind_enum, .label = N_("Kind"), .doc = "Which way the goods go." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_order_status_enum, .label = N_("Status"), .doc = "How far it is." },
  { "customer", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Customer"), .doc = "Who ordered; of a purchase, who supplies." },
  { "customer_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "person", .label = N_("Person"), .doc = "Who that is, among the site's people: the order is theirs to see." },
  { "customer_email", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 3, 254, .format = "email", .label = N_("E-mail"), .doc = "Where to write to." },
  { "reference", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 64, .label = N_("Reference"), .doc = "The other side's own number of it." },
  { "shipping_address", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 1000, .label = N_("Shipping address"), .doc = "Where it goes." },
  { "currency", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 3, 3, .default_text = "EUR", .format = "currency", .label = N_("Currency"), .doc = "ISO 4217 code of all its amounts." },
  { "subtotal", MUSTER_FIELD_MONEY, MUSTER_FIELD_READ_ONLY, .label = N_("Subtotal"), .doc = "The sum of its items." },
  { "discount_amount", MUSTER_FIELD_MONEY, MUSTER_FIELD_READ_ONLY, .label = N_("Discount"), .doc = "The sum of its discounts: zero or less." },
  { "tax_amount", MUSTER_FIELD_MONEY, MUSTER_FIELD_READ_ONLY, .label = N_("Tax"), .doc = "The sum of its taxes." },
  { "shipping_amount", MUSTER_FIELD_MONEY, MUSTER_FIELD_READ_ONLY, .label = N_("Shipping"), .doc = "The sum of its shipping charges." },
  { "total_amount", MUSTER_FIELD_MONEY, MUSTER_FIELD_READ_ONLY, .label = N_("Total"), .doc = "The sum of all its lines." },
  { "due_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Due"), .doc = "When it should be there." },
  { "notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about it." },
  { "origin_order_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE, .references = "order", .label = N_("Original order"), .doc = "Of a return: what is sent back." },
  { "confirmed_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Confirmed"), .doc = "When it was confirmed." },
  { "shipped_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Shipped"), .doc = "When all of it had left." },
  { "delivered_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Delivered"), .doc = "When all of it had arrived." },
  { "cancelled_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Cancelled"), .doc = "When it was cancelled." },
};
/* clang-format on */

const MusterEntityInfo muster_order_info = {
  .name = "order",
  .table = "site_order",
  .path = "orders",
  .schema = "Order",
  .doc =
    "What somebody ordered from the site, the site ordered from somebody, or somebody sends back.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_order_status_machine,
  .machine_field = "status",
  .title_field = "order_number",
  .get_type = muster_order_get_type,
};

struct _MusterOrder
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterOrder, muster_order, MUSTER_TYPE_ENTITY)

static void
muster_order_class_init (MusterOrderClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_order_info);
}

static void
muster_order_init (MusterOrder *self)
{
}
