/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterSavedViews:
 *
 * The views of a list that were saved, to choose one, save the present one, and take one away.
 *
 * Signals: `chosen (char *text, char *sort, GStrv filters, GStrv columns)`, all nullable but
 * FILTERS (field, value … NULL); `save ()`: the list answers by muster_saved_views_save().
 */
#define MUSTER_TYPE_SAVED_VIEWS (muster_saved_views_get_type ())
G_DECLARE_FINAL_TYPE (MusterSavedViews, muster_saved_views, MUSTER, SAVED_VIEWS, GtkPopover)

/* ENTITY: whose list it is, "product". */
GtkWidget *muster_saved_views_new (MusterSession *session, const char *entity);
/* Asks for a name, then saves this. */
void muster_saved_views_save (MusterSavedViews  *self,
                              const char        *text,
                              const char        *sort,
                              const char *const *filters,
                              const char *const *columns);
/* What VIEW keeps beside text and sort order: fields and values up to NULL, and columns (nullable).
 * (out) (transfer full) */
void muster_saved_view_read (MusterEntity *view, char ***filters, char ***columns);

G_END_DECLS
