/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jobs/muster-job-service.h"

G_BEGIN_DECLS

/* What a job of kind "import" does: one row of a file becomes a record. Its parameters are those of
 * a MusterImportPlan and `columns`. */
extern const MusterJobKind muster_import_job_kind;

/* Resolves to the MusterJob that applies IMPORT (as of muster_import_file_describe(), with `entity`
 * and `name`), whose rows are in the file at PATH. */
DexFuture *muster_import_job_start (MusterJobService *jobs,
                                    MusterActor      *actor,
                                    JsonObject       *import,
                                    const char       *path);

G_END_DECLS
