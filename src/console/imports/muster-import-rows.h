/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-entity.h"
#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterImportRows:
 *
 * What an import would do: how many rows are new, changed, the same, refused, and the first of
 * them, each with what it makes of its record or why it is refused. Signal `counted ()`: what
 * muster_import_rows_count() tells is known now.
 */
#define MUSTER_TYPE_IMPORT_ROWS (muster_import_rows_get_type ())
G_DECLARE_FINAL_TYPE (MusterImportRows, muster_import_rows, MUSTER, IMPORT_ROWS, AdwBin)

/* Asks what the import ID of records of INFO would do. */
void muster_import_rows_show (MusterImportRows       *self,
                              MusterSession          *session,
                              const MusterEntityInfo *info,
                              const char             *id);
/* How many rows would come out so: "new", "changed", "same", "failed"; "rows": all. 0 until it is
 * known. */
gint64 muster_import_rows_count (MusterImportRows *self, const char *outcome);

G_END_DECLS
