/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-connection.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/* The samples' SQL on one connection: one row a sample, in order of series and time. One thread at
 * a time. A series is one metric of one device. */
typedef struct _MusterSampleFile MusterSampleFile;

/* MUSTER_CONNECTION_WRITE makes the file and its tables where there are none. */
MusterSampleFile *muster_sample_file_open (const char          *path,
                                           MusterConnectionMode mode,
                                           GError             **error);
void              muster_sample_file_close (MusterSampleFile *self);

const MusterFileFormat *muster_sample_file_get_format (void);

gboolean muster_sample_file_begin (MusterSampleFile *self, GError **error);
/* Keeps BATCH's samples but transient ones; a sample of the same time is replaced. */
gboolean muster_sample_file_append (MusterSampleFile  *self,
                                    MusterSampleBatch *batch,
                                    GError           **error);
/* Durable when it returns TRUE. On failure everything since begin is gone. */
gboolean muster_sample_file_commit (MusterSampleFile *self, GError **error);
void     muster_sample_file_rollback (MusterSampleFile *self);

/* NULL on failure: (transfer full). */
MusterSampleBatch *muster_sample_file_query_range (MusterSampleFile        *self,
                                                   const MusterSampleQuery *query,
                                                   GError                 **error);
/* The newest sample of each series that is not historical: (transfer full) (element-type
 * MusterSampleBatch), one a device. */
GPtrArray *muster_sample_file_query_latest (MusterSampleFile *self, GError **error);
gboolean muster_sample_file_forget (MusterSampleFile *self, const char *device_id, GError **error);

typedef struct
{
  gint64 samples; /* rows */
  gint64 series;
  gint64 bytes; /* of the file */
} MusterSampleFileStats;
gboolean muster_sample_file_get_stats (MusterSampleFile      *self,
                                       MusterSampleFileStats *stats,
                                       GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleFile, muster_sample_file_close)

G_END_DECLS
