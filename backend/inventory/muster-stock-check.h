/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* What was compared, and what does not agree. */
typedef struct
{
  unsigned   n_moves;
  unsigned   n_levels;
  unsigned   n_products;
  unsigned   n_units;
  GPtrArray *differences; /* (element-type utf8): sentences */
} MusterStockReport;

/* Whether quantities are the sums of the moves: adds all moves up and compares them with the
 * levels, with the products' own figures and, where units have records, with where those say they
 * are. NULL with ERROR. */
MusterStockReport *muster_stock_check (MusterTransaction *transaction, GError **error);
void               muster_stock_report_free (MusterStockReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterStockReport, muster_stock_report_free)

G_END_DECLS
