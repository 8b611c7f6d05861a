/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"

G_BEGIN_DECLS

/* "Add device group Cold rooms": an operation on one record of INFO, as it stands in the journal.
 * TITLE (nullable): the record's. (transfer full) */
char *muster_journal_describe (const char *verb, const MusterEntityInfo *info, const char *title);

/* A context of a transaction: when it is set, its summary stays, whatever is called later. For work
 * on many records, which is more than the last step of it. */
#define MUSTER_CONTEXT_SUMMARY_STAYS "summary-stays"

G_END_DECLS
