/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* A count while it is made: what is scanned while the page is in front is counted, also while the
 * site is away; what is missing, extra or moved is shown as it turns out; then the result becomes
 * the stock. */
#define MUSTER_TYPE_STOCKTAKE_PAGE (muster_stocktake_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterStocktakePage,
                      muster_stocktake_page,
                      MUSTER,
                      STOCKTAKE_PAGE,
                      MusterPage)

MusterPage *muster_stocktake_page_new (MusterSession *session, const char *stocktake_id);

G_END_DECLS
