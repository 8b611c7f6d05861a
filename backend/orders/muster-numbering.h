/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* The next number of the series PREFIX of this year (UTC): "SO-2026-000123". (transfer full); NULL
 * with ERROR. VERB (nullable): "Add order", with which and the number the operation stands in
 * History.
 *
 * The series is a record that changes in the same operation as the one that bears the number, so
 * there are no gaps: an operation that fails takes no number, undoing the last one gives its number
 * back, and undoing an earlier one is in conflict with the later. */
char *muster_number_series_take (MusterTransaction *transaction,
                                 const char        *prefix,
                                 const char        *verb,
                                 GError           **error);

G_END_DECLS
