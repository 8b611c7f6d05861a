/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterReferenceRow:
 *
 * A row of a form that points at another record, found by typing: a product, a place, a customer.
 * Property `record-id` (string, null: none) notifies.
 */
#define MUSTER_TYPE_REFERENCE_ROW (muster_reference_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterReferenceRow, muster_reference_row, MUSTER, REFERENCE_ROW, AdwActionRow)

/* ENTITY: "product"; one of muster_reference_find_info(). TITLE: what stands in front. NULLABLE:
 * whether it may point at nothing. */
GtkWidget *muster_reference_row_new (MusterSession *session,
                                     const char    *entity,
                                     const char    *title,
                                     gboolean       nullable);

const char *muster_reference_row_get_id (MusterReferenceRow *self); /* (nullable) */
void        muster_reference_row_set_id (MusterReferenceRow *self, const char *id);
/* The record, once it is known: borrowed (nullable). */
MusterEntity *muster_reference_row_get_record (MusterReferenceRow *self);
/* Only those that match FILTERS (field, value … NULL; nullable) are offered. */
void muster_reference_row_set_filters (MusterReferenceRow *self, const char *const *filters);
/* Opens the list, as a click would. */
void muster_reference_row_open (MusterReferenceRow *self);

G_END_DECLS
