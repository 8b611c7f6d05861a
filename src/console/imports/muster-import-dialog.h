/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-entity.h"
#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterImportDialog:
 *
 * From a CSV file to records: choose it, say what its columns are, see what would come of it,
 * import, see what came of it. Nothing changes before the last step; that one is a job of the
 * daemon, which goes on when the dialog is closed and is undone as one.
 */
#define MUSTER_TYPE_IMPORT_DIALOG (muster_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterImportDialog, muster_import_dialog, MUSTER, IMPORT_DIALOG, AdwDialog)

/* For records of INFO. FILE (nullable): is chosen already. */
AdwDialog *muster_import_dialog_new (MusterSession          *session,
                                     const MusterEntityInfo *info,
                                     GFile                  *file);
/* Has WIDGET take CSV files that are dropped on it as such an import; OPERATION: the right that it
 * takes ("createDevice"), static. */
void muster_import_accept_drops (GtkWidget              *widget,
                                 MusterSession          *session,
                                 const MusterEntityInfo *info,
                                 const char             *operation);

G_END_DECLS
