/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "muster-sample-file.h"

G_BEGIN_DECLS

/**
 * MusterSampleEngine:
 *
 * Keeps samples. What comes in is written to a journal, many messages in one transaction, and told
 * to be durable once that is committed; then it stands in memory, in rows of each device. A head
 * that has grown long enough is packed into a block by a thread of its own, and its journal entries
 * are dropped. After a crash the journal is read again.
 *
 * Three kinds of threads: one writes the journal, one the blocks, some read. They meet in the
 * table.
 */
typedef struct _MusterSampleEngine MusterSampleEngine;

/* PATH: of the file of blocks; the journal lies beside it. */
MusterSampleEngine *muster_sample_engine_new (const char *path);
/* Finishes what is queued, ends the threads: blocks for as long. Gives its reference back; with
 * another one, what is stored can still be read. */
void                muster_sample_engine_free (MusterSampleEngine *self);
MusterSampleEngine *muster_sample_engine_ref (MusterSampleEngine *self);
void                muster_sample_engine_unref (MusterSampleEngine *self);
/* From which size on the journal is shortened, for tests. */
void muster_sample_engine_set_journal_most (MusterSampleEngine *self, int bytes);
/* Resolves to TRUE once what was stored is known again. */
DexFuture *muster_sample_engine_when_open (MusterSampleEngine *self);
/* Resolve to TRUE once durable. */
DexFuture *muster_sample_engine_append_batch (MusterSampleEngine *self, MusterSampleBatch *batch);
/* CHUNK and PACKED, its bytes, are taken. */
DexFuture *muster_sample_engine_append_chunk (MusterSampleEngine *self,
                                              MusterSampleChunk  *chunk,
                                              GBytes             *packed);
DexFuture *muster_sample_engine_forget (MusterSampleEngine *self, const char *device_id);
/* Resolves to TRUE once all that was there stands in blocks. */
DexFuture *muster_sample_engine_flush (MusterSampleEngine *self);

/* Runs on a thread that reads, within one snapshot of FILE that is not older than what TABLE told
 * before; sets RESULT (left unset: TRUE). FALSE with ERROR rejects. */
typedef gboolean (*MusterSampleReadFunc) (MusterSampleTable *table,
                                          MusterSampleFile  *file,
                                          gpointer           data,
                                          GValue            *result,
                                          GError           **error);
DexFuture *muster_sample_engine_read (MusterSampleEngine  *self,
                                      MusterSampleReadFunc func,
                                      gpointer             data,
                                      GDestroyNotify       destroy);
/* The same on the thread that writes blocks, when its turn comes: FILE may be written, in
 * transactions of FUNC's own. */
DexFuture         *muster_sample_engine_write (MusterSampleEngine  *self,
                                               MusterSampleReadFunc func,
                                               gpointer             data,
                                               GDestroyNotify       destroy);
MusterSampleTable *muster_sample_engine_get_table (MusterSampleEngine *self);
/* A file of blocks to read from, for as long as it takes; to be given back. NULL with ERROR. */
MusterSampleFile *muster_sample_engine_borrow_file (MusterSampleEngine *self, GError **error);
void muster_sample_engine_return_file (MusterSampleEngine *self, MusterSampleFile *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleEngine, muster_sample_engine_free)

G_END_DECLS
