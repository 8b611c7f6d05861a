/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-loan"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-loan.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "device", .label = N_("Device"), .doc = "What is lent." },
  { "borrower", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Borrower"), .doc = "Who has it." },
  { "person_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "person", .label = N_("Person"), .doc = "Who that is, among the site's people." },
  { "due_at", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("Due"), .doc = "When it should be back." },
  { "returned_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Returned"), .doc = "When it came back." },
  { "from_stock", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("From stock"), .doc = "Whether it was taken out of the stock for it, and comes back there." },
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_RESTRICT, .references = "location", .label = N_("From"), .doc = "The place that it was taken from." },
  { "notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about it." },
};
/* clang-format on */

const MusterEntityInfo muster_loan_info = {
  .name = "loan",
  .table = "loan",
  .path = "loans",
  .schema = "Loan",
  .doc = "A unit lent to somebody.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "borrower",
  .get_type = muster_loan_get_type,
};

struct _MusterLoan
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterLoan, muster_loan, MUSTER_TYPE_ENTITY)

static void
muster_loan_class_init (MusterLoanClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_loan_info);
}

static void
muster_loan_init (MusterLoan *self)
{
}
