/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterEntityForm:
 *
 * Fields of a record as rows to fill in, made from its table: checked by the table's rules before
 * anything is sent, and errors shown at the row that they are about.
 */
#define MUSTER_TYPE_ENTITY_FORM (muster_entity_form_get_type ())
G_DECLARE_FINAL_TYPE (MusterEntityForm,
                      muster_entity_form,
                      MUSTER,
                      ENTITY_FORM,
                      AdwPreferencesGroup)

/* SESSION: where references are found. ENTITY (nullable): what is changed; else a new record of
 * INFO is made. FIELDS: names in the order of the rows, up to NULL. */
GtkWidget *muster_entity_form_new (MusterSession          *session,
                                   const MusterEntityInfo *info,
                                   MusterEntity           *entity,
                                   const char *const      *fields);
/* The row of FIELD (nullable). */
GtkWidget *muster_entity_form_get_row (MusterEntityForm *self, const char *field);
/* What differs from the record, or of a new one what was filled in: (transfer full), NULL with
 * ERROR, which is shown already. */
JsonObject *muster_entity_form_collect (MusterEntityForm *self, GError **error);
/* Shows what ERROR says of the fields; TRUE: nothing is left to say elsewhere. */
gboolean muster_entity_form_show_error (MusterEntityForm *self, const GError *error);

G_END_DECLS
