/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "muster-record-kinds.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_IMPORT_NEW,
  MUSTER_IMPORT_CHANGED,
  MUSTER_IMPORT_SAME,
  MUSTER_IMPORT_FAILED,
} MusterImportOutcome;

extern const MusterEnum muster_import_outcome_enum;

/**
 * MusterImportPlan:
 *
 * How rows of a table become records: `{"mapping": {COLUMN: FIELD or null}, "key": FIELD or null,
 * "options": {"decimal_comma", "date_format": "iso|dmy|mdy|ymd", "empty": "keep|clear"},
 * "defaults": {FIELD: text}}`. A field that points at a record takes that record's id, or what else
 * names it (`FIELD.FIELD` says by which); the first that fits.
 */
typedef struct _MusterImportPlan MusterImportPlan;

/* COLUMNS: names, ended by NULL, each once. MUSTER_ERROR_INVALID names what is wrong in SETTINGS.
 */
MusterImportPlan *muster_import_plan_new (const MusterRecordKind *kind,
                                          const char *const      *columns,
                                          JsonObject             *settings,
                                          GError                **error);
void              muster_import_plan_free (MusterImportPlan *self);
/* For a preview: what rows before would have made counts as being there, and values that another
 * record holds already are refused here rather than by the database. */
void muster_import_plan_set_preview (MusterImportPlan *self);

/* What CELLS (along the columns; NULL for a cell that is missing) would make: RECORD as it is to be
 * inserted or updated (transfer full), BEFORE as it is (transfer full) (nullable). On refusal both
 * are NULL and ERRORS has a row a field. Writes nothing. FALSE with ERROR when the database fails.
 */
gboolean muster_import_plan_read (MusterImportPlan    *self,
                                  MusterTransaction   *transaction,
                                  const char *const   *cells,
                                  MusterImportOutcome *outcome,
                                  MusterEntity       **record,
                                  MusterEntity       **before,
                                  MusterFieldErrors   *errors,
                                  GError             **error);

/* The row of the file before that has the same key as CELLS, or 0: then NUMBER is the first that
 * has it. */
gint64 muster_import_plan_find_repeat (MusterImportPlan  *self,
                                       const char *const *cells,
                                       gint64             number);
/* Adds to ERRORS that the row FIRST has the same key. */
void muster_import_plan_refuse_repeat (MusterImportPlan  *self,
                                       gint64             first,
                                       MusterFieldErrors *errors);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterImportPlan, muster_import_plan_free)

/* --- guesses (muster-import-guess.c) --- */

/* The field of KIND that a column headed NAME most likely holds, as in a mapping, or NULL: by its
 * name, its label and what else people call it, in English and German. (transfer full) */
char *muster_import_guess_field (const MusterRecordKind *kind, const char *name);
/* Whether an import may set FIELD. */
gboolean muster_import_may_set (const MusterField *field);

/* --- texts (muster-import-text.c) --- */

typedef enum
{
  MUSTER_IMPORT_DATE_ISO,
  MUSTER_IMPORT_DATE_DMY,
  MUSTER_IMPORT_DATE_MDY,
  MUSTER_IMPORT_DATE_YMD,
} MusterImportDateFormat;

extern const MusterEnum muster_import_date_format_enum;

/* TEXT of a cell as muster_field_decode_text() takes it for FIELD. (transfer full) */
char *muster_import_convert_text (const MusterField     *field,
                                  const char            *text,
                                  gboolean               decimal_comma,
                                  MusterImportDateFormat date_format);

G_END_DECLS
