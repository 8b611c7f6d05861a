/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-order-item.h"

G_BEGIN_DECLS

/* What an order comes to, in ten-thousandths (muster-money.h). */
typedef struct
{
  gint64 subtotal; /* of the goods */
  gint64 discount; /* zero or less */
  gint64 tax;
  gint64 shipping;
  gint64 total; /* the sum of the four, and of all lines */
} MusterOrderTotals;

/* Sets the `subtotal` of every one of LINES (element-type MusterOrderItem) and TOTALS to their
 * sums, each line rounded to the minor unit of CURRENCY, so that the totals are exact:
 *
 * - goods and shipping come to quantity times unit price;
 * - a discount takes `rate` of the goods off, or its unit price times its quantity, of whichever
 *   sign it is given;
 * - a tax comes to `rate` of goods, discounts and shipping together, or to its fixed amount. Taxes
 *   do not add to each other's base.
 *
 * MUSTER_ERROR_INVALID with rows below `/items` for negative prices, amounts of 10^12 and more, and
 * discounts that exceed the goods. */
gboolean muster_order_price (GPtrArray         *lines,
                             const char        *currency,
                             MusterOrderTotals *totals,
                             GError           **error);

G_END_DECLS
