/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-order-draft.h"

G_BEGIN_DECLS

/* The sums at the foot of an order; what is zero is left out, but the total. */
#define MUSTER_TYPE_TOTALS_VIEW (muster_totals_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterTotalsView, muster_totals_view, MUSTER, TOTALS_VIEW, GtkWidget)

void muster_totals_view_set (MusterTotalsView        *self,
                             const MusterDraftTotals *totals,
                             const char              *currency);
/* What ORDER says of itself. */
void muster_totals_view_set_order (MusterTotalsView *self, MusterEntity *order);

G_END_DECLS
