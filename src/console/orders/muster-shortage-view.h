/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What one line of an order wants, and what of it is there. */
typedef struct
{
  char  *item_id;    /* (owned) of the line */
  char  *product_id; /* (owned) (nullable) */
  gint64 wanted;     /* what it still needs */
  gint64 available;
} MusterAvailability;

/* From the answer of muster_api_orders_get_availability(): (transfer full) (element-type
 * MusterAvailability), which frees its elements. */
GPtrArray *muster_availability_list (JsonObject *answer);
/* That of the line ITEM_ID in LIST (nullable), or NULL. */
const MusterAvailability *muster_availability_find (GPtrArray *list, const char *item_id);

/**
 * MusterShortageView:
 *
 * Which lines of an order are short, of what and how much, with a button that orders exactly that.
 * Hidden while there is nothing short. Signal `order (GPtrArray *short)`: that button, with the
 * lines (element-type MusterAvailability).
 */
#define MUSTER_TYPE_SHORTAGE_VIEW (muster_shortage_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterShortageView, muster_shortage_view, MUSTER, SHORTAGE_VIEW, GtkBox)

/* Shows what is short of LIST (nullable); ITEMS (element-type MusterOrderItem) name the lines. */
void muster_shortage_view_set (MusterShortageView *self,
                               MusterSession      *session,
                               GPtrArray          *list,
                               GPtrArray          *items);

G_END_DECLS
