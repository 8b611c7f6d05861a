/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery-issue"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-delivery-issue.h"

/* clang-format off */
static const MusterEnumValue issue_kind_values[] = {
  { "damaged", N_("Damaged") }, { "missing", N_("Missing") }, { "wrong", N_("Wrong goods") }, { NULL, NULL },
};
const MusterEnum muster_issue_kind_enum = { "DeliveryIssueKind", issue_kind_values };

static const MusterEnumValue issue_status_values[] = {
  { "open", N_("Open") }, { "resolved", N_("Resolved") }, { NULL, NULL },
};
const MusterEnum muster_issue_status_enum = { "DeliveryIssueStatus", issue_status_values };

#define S(name) MUSTER_ISSUE_STATUS_##name
static const MusterTransition issue_status_transitions[] = {
  { S (OPEN), S (RESOLVED) },
  { S (RESOLVED), S (OPEN) },
  { -1, -1 },
};
#undef S
const MusterStateMachine muster_issue_status_machine = { &muster_issue_status_enum, issue_status_transitions };

static const MusterEnumValue follow_up_values[] = {
  { "none", N_("None yet") }, { "replace", N_("Replacement") }, { "refund", N_("Refund") },
  { "return", N_("Return") }, { "claim", N_("Claim with the carrier") }, { NULL, NULL },
};
const MusterEnum muster_follow_up_enum = { "FollowUp", follow_up_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "delivery_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "delivery", .label = N_("Delivery"), .doc = "With which delivery." },
  { "delivery_item_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "delivery_item", .label = N_("Item"), .doc = "With what in it." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_issue_kind_enum, .label = N_("Kind"), .doc = "What sort of trouble." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 1000000000, .default_value = 1, .label = N_("Quantity"), .doc = "How many are concerned." },
  { "description", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 2000, .label = N_("Description"), .doc = "What was found." },
  { "attachment_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "attachment", .label = N_("Photo"), .doc = "A picture of it." },
  { "follow_up", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_follow_up_enum, .label = N_("Follow-up"), .doc = "What is done about it." },
  { "follow_up_order_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "order", .label = N_("Follow-up order"), .doc = "The order that replaces the goods or takes them back." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_issue_status_enum, .label = N_("Status"), .doc = "Whether it still needs somebody." },
  { "resolution", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 2000, .label = N_("Resolution"), .doc = "How it ended." },
};
/* clang-format on */

const MusterEntityInfo muster_delivery_issue_info = {
  .name = "delivery_issue",
  .table = "delivery_issue",
  .path = "delivery-issues",
  .schema = "DeliveryIssue",
  .doc = "What was wrong with a delivery.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_issue_status_machine,
  .machine_field = "status",
  .title_field = "description",
  .get_type = muster_delivery_issue_get_type,
};

struct _MusterDeliveryIssue
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDeliveryIssue, muster_delivery_issue, MUSTER_TYPE_ENTITY)

static void
muster_delivery_issue_class_init (MusterDeliveryIssueClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_delivery_issue_info);
}

static void
muster_delivery_issue_init (MusterDeliveryIssue *self)
{
}
