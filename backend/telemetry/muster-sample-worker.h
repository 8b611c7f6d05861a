/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "muster-sample-file.h"

G_BEGIN_DECLS

/* A thread that owns one connection to the sample file and does jobs in order. */
typedef struct _MusterSampleWorker MusterSampleWorker;

/* Runs on the worker's thread; sets RESULT (left unset: TRUE). FALSE with ERROR rejects. */
typedef gboolean (*MusterSampleJob) (MusterSampleFile *file,
                                     gpointer          data,
                                     GValue           *result,
                                     GError          **error);

MusterSampleWorker *muster_sample_worker_new (const char          *path,
                                              MusterConnectionMode mode,
                                              const char          *thread_name);
/* Finishes what is queued, closes the file, ends the thread: blocks for as long. */
void muster_sample_worker_free (MusterSampleWorker *self);
/* Resolves to TRUE once the file is open. */
DexFuture *muster_sample_worker_when_open (MusterSampleWorker *self);
/* A job by itself, outside of any transaction. */
DexFuture *muster_sample_worker_run (MusterSampleWorker *self,
                                     MusterSampleJob     job,
                                     gpointer            data,
                                     GDestroyNotify      destroy);
/* Keeps BATCH together with whatever else arrives soon, in one transaction. Resolves to TRUE once
 * durable. */
DexFuture *muster_sample_worker_append (MusterSampleWorker *self, MusterSampleBatch *batch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleWorker, muster_sample_worker_free)

G_END_DECLS
