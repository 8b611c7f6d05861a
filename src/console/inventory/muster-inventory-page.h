/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-views-page.h"

G_BEGIN_DECLS

/* What the site owns, where it lies, and where it went: products, units, places, moves, counts,
 * what to order, what is lent. */
#define MUSTER_TYPE_INVENTORY_PAGE (muster_inventory_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterInventoryPage,
                      muster_inventory_page,
                      MUSTER,
                      INVENTORY_PAGE,
                      MusterViewsPage)

/* Shows the place ID and what lies there. */
void muster_inventory_page_show_place (MusterInventoryPage *self, const char *id);
/* Shows the units for which FIELD is VALUE, with LABEL on the chip that says so. */
void muster_inventory_page_show_units (MusterInventoryPage *self,
                                       const char          *field,
                                       const char          *value,
                                       const char          *label);

G_END_DECLS
