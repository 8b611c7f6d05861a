/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-entity-form.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* A part of a form: fields under a heading. */
typedef struct
{
  const char        *title;  /* N_() marked, or NULL */
  const char *const *fields; /* names up to NULL */
} MusterRecordSection;

/**
 * MusterRecordDialog:
 *
 * The form of a record, made of its entity's table: makes a new one or changes one, shows what is
 * refused at the field that it is about, and offers to undo what was done.
 *
 * Signals: `saved (MusterEntity *)`; `collect (JsonObject *)`: whoever added groups of its own puts
 * into it what they say, by muster_record_dialog_collect_json() say, and returns (transfer full)
 * what is missing in them, for a person, or NULL; `confirm (JsonObject *) → gboolean`: whoever
 * returns TRUE asks the person first, and calls muster_record_dialog_send() if they agree.
 */
#define MUSTER_TYPE_RECORD_DIALOG (muster_record_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterRecordDialog, muster_record_dialog, MUSTER, RECORD_DIALOG, AdwDialog)

/* RECORD NULL: makes a new one of INFO. SECTIONS up to one without fields; NULL: every field that
 * may be set. TITLE: of the dialog. */
AdwDialog *muster_record_dialog_new (MusterSession             *session,
                                     const MusterEntityInfo    *info,
                                     MusterEntity              *record,
                                     const MusterRecordSection *sections,
                                     const char                *title);
/* What FIELD of a new record begins with, in the form of muster_field_format_text(). */
void muster_record_dialog_preset (MusterRecordDialog *self, const char *field, const char *text);
/* Stores CHANGES (taken), what `confirm` was given. */
void muster_record_dialog_send (MusterRecordDialog *self, JsonObject *changes);
/* GROUP stands below the others. */
void muster_record_dialog_add_group (MusterRecordDialog *self, AdwPreferencesGroup *group);
/* Borrowed. */
MusterEntityForm *muster_record_dialog_get_form (MusterRecordDialog *self);
/* Puts FIELD of the record into CHANGES where TEXT (JSON; NULL: null) is not what it was. */
void muster_record_dialog_collect_json (MusterRecordDialog *self,
                                        JsonObject         *changes,
                                        const char         *field,
                                        const char         *text);

G_END_DECLS
