/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/muster-suggest.h"

G_BEGIN_DECLS

/* Products by name, SKU or GTIN, with price and stock; what is typed may say how many. Items:
 * MusterProduct. */
extern const MusterSuggestSource muster_product_source;
/* People of the site, and who has ordered before. Items: MusterPerson or MusterOrder. */
extern const MusterSuggestSource muster_customer_source;

G_END_DECLS
