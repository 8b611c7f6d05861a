/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "core/muster-database.h"
#include "core/muster-metrics.h"

G_BEGIN_DECLS

/**
 * MusterOperations:
 *
 * How the daemon itself fares: health of its services, metrics, backup of the records.
 */
#define MUSTER_TYPE_OPERATIONS (muster_operations_get_type ())
G_DECLARE_FINAL_TYPE (MusterOperations, muster_operations, MUSTER, OPERATIONS, GObject)

/* SERVICES (element-type MusterService) may still be filled later. BACKUPS: the folder of backups
 * without a path of their own. */
MusterOperations *muster_operations_new (GPtrArray      *services,
                                         MusterDatabase *database,
                                         MusterMetrics  *metrics,
                                         const char     *backups);
/* Appends `{"status":"ready|degraded|starting","services":[{"name","running","trouble"}…]}`.
 * Degraded: all run, and some cannot do their whole duty. FALSE when one does not run. */
gboolean muster_operations_encode_health (MusterOperations *self, GString *json);
/* The samples go with the records: OWNER's COPY (referenced weakly) makes the new file PATH. */
typedef DexFuture *(*MusterOperationsCopy) (gpointer owner, const char *path);
void muster_operations_set_copy_samples (MusterOperations    *self,
                                         GObject             *owner,
                                         MusterOperationsCopy copy);

/* What goes with the records into a folder beside them: FOLDERS (paths), those that are there. */
void muster_operations_set_folders (MusterOperations *self, const char *const *folders);

/* Copies the records to PATH (absolute, nothing there yet), or to a new file in the folder of
 * backups, the samples to a file and the folders to a folder beside it. Resolves to the paths,
 * records first, then samples ("" without any), then the folder ("" without any), as a GStrv. All
 * copies are made or none. */
DexFuture *muster_operations_backup (MusterOperations *self, const char *path);
char      *muster_operations_print_metrics (MusterOperations *self);
/* When this was made: monotonic µs. */
gint64 muster_operations_get_started (MusterOperations *self);

/* Adds /health/live, /health/ready, /metrics and /backup. */
void muster_operations_resource_add (MusterRouter *router, MusterOperations *self);

G_END_DECLS
