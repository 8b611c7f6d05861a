/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-daemon-records"

#include "config.h"

#include "muster-daemon-records.h"
#include "records/muster-attachment-resource.h"
#include "records/muster-export-resource.h"
#include "records/muster-import-job.h"
#include "records/muster-import-resource.h"
#include "records/muster-search-resource.h"
#include "records/muster-view-resource.h"

struct _MusterDaemonRecords
{
  char                  *spool;       /* (owned) */
  char                  *imports;     /* (owned): folder of files that wait */
  MusterAttachmentStore *attachments; /* (owned) */
  MusterJobService      *jobs;        /* (owned) */
};

MusterDaemonRecords *
muster_daemon_records_new (MusterDataDir    *data_dir,
                           MusterDatabase   *database,
                           MusterJobService *jobs,
                           GError          **error)
{
  MusterDaemonRecords *self = g_new0 (MusterDaemonRecords, 1);
  g_autofree char     *attachments = muster_data_dir_build (data_dir, "attachments");

  self->jobs = g_object_ref (jobs);
  self->spool = muster_data_dir_make (data_dir, "spool", error);
  if (self->spool != NULL)
    self->imports = muster_data_dir_make (data_dir, "imports", error);
  if (self->imports != NULL)
    self->attachments = muster_attachment_store_new (database, attachments, error);
  if (self->attachments == NULL)
    {
      muster_daemon_records_free (self);
      return NULL;
    }
  muster_job_service_add_kind (jobs, &muster_import_job_kind, NULL);
  return self;
}

void
muster_daemon_records_free (MusterDaemonRecords *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->attachments);
  g_clear_object (&self->jobs);
  g_free (self->spool);
  g_free (self->imports);
  g_free (self);
}

const char *
muster_daemon_records_get_spool (MusterDaemonRecords *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->spool;
}

void
muster_daemon_records_add (MusterDaemonRecords *self,
                           MusterRouter        *router,
                           MusterRepository    *repository,
                           MusterSettings      *settings)
{
  g_autoptr (MusterImportStore) imports = NULL;

  g_return_if_fail (self != NULL);

  imports = muster_import_store_new (self->jobs, self->imports);
  muster_attachment_store_start (self->attachments, repository, settings);
  muster_search_resource_add (router, repository);
  muster_export_resource_add (router, repository, self->spool);
  muster_import_resource_add (router, imports);
  muster_attachment_resource_add (router, self->attachments);
  muster_view_resource_add (router, repository);
}
