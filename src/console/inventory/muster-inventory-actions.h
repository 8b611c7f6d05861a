/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What is done to one record or many, from whichever list or page: each tells how it went, with
 * Undo. IDS end with NULL. PARENT: the widget that asks. */

/* Asks for a place, then puts the devices there. */
void muster_inventory_move_units (MusterSession *session, GtkWidget *parent, char **ids);
/* Sets their status; what a unit's life does not allow is refused one by one. */
void muster_inventory_set_status (MusterSession          *session,
                                  GtkWidget              *parent,
                                  const MusterEntityInfo *info,
                                  char                  **ids,
                                  const char             *status);
/* Deletes records of INFO. */
void muster_inventory_delete (MusterSession          *session,
                              GtkWidget              *parent,
                              const MusterEntityInfo *info,
                              char                  **ids);
/* Asks for one field and its value, then sets it on all of them. FIELDS: names up to NULL. */
void muster_inventory_edit (MusterSession          *session,
                            GtkWidget              *parent,
                            const MusterEntityInfo *info,
                            const char *const      *fields,
                            char                  **ids);
/* Asks to whom and until when, then lends one device. */
void muster_inventory_lend (MusterSession *session, GtkWidget *parent, const char *device_id);
/* Asks for the unit that takes the place of one device. */
void muster_inventory_replace (MusterSession *session, GtkWidget *parent, const char *device_id);
/* Takes a lent unit back to where it was. */
void muster_inventory_return_loan (MusterSession *session, const char *loan_id);
/* Moves, adjusts or scraps goods kept by quantity. PRODUCT_ID and LOCATION_ID are nullable. */
void muster_inventory_move_goods (MusterSession *session,
                                  GtkWidget     *parent,
                                  const char    *product_id,
                                  const char    *location_id);

G_END_DECLS
