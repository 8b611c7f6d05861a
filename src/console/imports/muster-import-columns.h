/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-entity.h"

G_BEGIN_DECLS

/**
 * MusterImportColumns:
 *
 * What the columns of a file are: a field for each, by which of them a row finds its record, and
 * how numbers, days and empty cells are meant. Signal `changed`: see
 * muster_import_columns_is_valid().
 */
#define MUSTER_TYPE_IMPORT_COLUMNS (muster_import_columns_get_type ())
G_DECLARE_FINAL_TYPE (MusterImportColumns, muster_import_columns, MUSTER, IMPORT_COLUMNS, AdwBin)

/* Shows IMPORT, as the daemon answers it, of records of INFO: with what it has guessed. */
void muster_import_columns_show (MusterImportColumns    *self,
                                 const MusterEntityInfo *info,
                                 JsonObject             *import);
/* Whether at least one field is filled, and none by two columns. */
gboolean muster_import_columns_is_valid (MusterImportColumns *self);
/* What the person has chosen: `mapping`, `key`, `options`: (transfer full). */
JsonObject *muster_import_columns_create_plan (MusterImportColumns *self);

G_END_DECLS
