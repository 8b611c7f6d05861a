/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterEntityForm:
 *
 * The fields of a record as rows to fill in, made from its table: checked by the table's rules
 * before anything is sent, and errors shown at the row that they are about. The rows stand in
 * groups that belong to whoever asked for them; the form must not outlive those.
 *
 * Signal `changed`: some row says something else.
 */
#define MUSTER_TYPE_ENTITY_FORM (muster_entity_form_get_type ())
G_DECLARE_FINAL_TYPE (MusterEntityForm, muster_entity_form, MUSTER, ENTITY_FORM, GObject)

/* SESSION: where references are found. ENTITY (nullable): what is changed; else a new record of
 * INFO is made. */
MusterEntityForm *muster_entity_form_new (MusterSession          *session,
                                          const MusterEntityInfo *info,
                                          MusterEntity           *entity);
/* Puts rows for those of FIELDS (names up to NULL; NULL: all that have a row) that may be set into
 * a group with TITLE (nullable) at the end of PAGE: (transfer none) (nullable) where there are
 * none. */
AdwPreferencesGroup *muster_entity_form_add_group (MusterEntityForm   *self,
                                                   AdwPreferencesPage *page,
                                                   const char         *title,
                                                   const char *const  *fields);
/* The row of FIELD (nullable). */
GtkWidget *muster_entity_form_get_row (MusterEntityForm *self, const char *field);
/* The row that comes first (nullable). */
GtkWidget *muster_entity_form_get_first_row (MusterEntityForm *self);
/* What FIELD begins with, in the form of muster_field_format_text(); nothing without such a row. */
void muster_entity_form_preset (MusterEntityForm *self, const char *field, const char *text);
/* What differs from the record, or of a new one what was filled in: (transfer full), NULL with
 * ERROR, which is shown already. */
JsonObject *muster_entity_form_collect (MusterEntityForm *self, GError **error);
/* What the rows that are to be seen say now, as far as that is a value of their fields: (transfer
 * full). Nothing is shown of what is none: somebody is still at it. */
JsonObject *muster_entity_form_sketch (MusterEntityForm *self);
/* Shows what ERROR says of the fields; TRUE: nothing is left to say elsewhere. */
gboolean muster_entity_form_show_error (MusterEntityForm *self, const GError *error);

G_END_DECLS
