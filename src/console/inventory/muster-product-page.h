/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* All about one product: what it is, how many there are and where, its batches, moves, history. */
#define MUSTER_TYPE_PRODUCT_PAGE (muster_product_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterProductPage, muster_product_page, MUSTER, PRODUCT_PAGE, MusterPage)

MusterPage *muster_product_page_new (MusterSession *session, const char *product_id);

/* The form of a product; RECORD NULL: adds a new one. */
AdwDialog *muster_product_dialog_new (MusterSession *session, MusterEntity *record);

G_END_DECLS
