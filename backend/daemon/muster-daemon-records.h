/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "core/muster-repository.h"
#include "core/muster-settings.h"
#include "jobs/muster-job-service.h"
#include "muster-data-dir.h"
#include "records/muster-attachment-store.h"

G_BEGIN_DECLS

/* What holds for all records, put together: attachments, imports, exports, search, views. */
typedef struct _MusterDaemonRecords MusterDaemonRecords;

/* Before DATABASE and JOBS start. */
MusterDaemonRecords *muster_daemon_records_new (MusterDataDir    *data_dir,
                                                MusterDatabase   *database,
                                                MusterJobService *jobs,
                                                GError          **error);
void                 muster_daemon_records_free (MusterDaemonRecords *self);
/* The folder of what comes and goes. */
const char *muster_daemon_records_get_spool (MusterDaemonRecords *self);
void        muster_daemon_records_add (MusterDaemonRecords *self,
                                       MusterRouter        *router,
                                       MusterRepository    *repository,
                                       MusterSettings      *settings);

G_END_DECLS
