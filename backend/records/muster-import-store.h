/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jobs/muster-job-service.h"
#include "muster-record-kinds.h"

G_BEGIN_DECLS

#define MUSTER_IMPORT_MAX_BYTES (64 * 1024 * 1024)

/**
 * MusterImportStore:
 *
 * Files that wait to be imported, FOLDER/ID.csv as UTF-8 text beside FOLDER/ID.json, which says
 * what is in it and how it shall be read. They stay for a week, over restarts.
 */
#define MUSTER_TYPE_IMPORT_STORE (muster_import_store_get_type ())
G_DECLARE_FINAL_TYPE (MusterImportStore, muster_import_store, MUSTER, IMPORT_STORE, GObject)

/* Removes what is older than a week. */
MusterImportStore *muster_import_store_new (MusterJobService *jobs, const char *folder);
MusterJobService  *muster_import_store_get_jobs (MusterImportStore *self);
/* Takes the file open as FD (not taken) for records of KIND; NAME: of the file (nullable); OWNER:
 * who sends it, as muster_actor_to_string(). Off the main thread. Resolves to the import, a
 * JsonObject (boxed). */
DexFuture *muster_import_store_add (MusterImportStore      *self,
                                    int                     fd,
                                    const MusterRecordKind *kind,
                                    const char             *name,
                                    const char             *owner);
/* The import ID: (transfer full), or NULL with MUSTER_ERROR_NOT_FOUND. */
JsonObject *muster_import_store_load (MusterImportStore *self, const char *id, GError **error);
gboolean    muster_import_store_save (MusterImportStore *self, JsonObject *import, GError **error);
gboolean    muster_import_store_remove (MusterImportStore *self, const char *id, GError **error);
/* Of its text. (transfer full) */
char *muster_import_store_build_path (MusterImportStore *self, const char *id);

G_END_DECLS
