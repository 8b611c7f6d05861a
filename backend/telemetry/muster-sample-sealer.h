/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "muster-sample-file.h"

G_BEGIN_DECLS

/* The thread that packs what is in memory into blocks, and owns the file of blocks. */
typedef struct _MusterSampleSealer MusterSampleSealer;

/* Told on the sealer's thread that journal entries before SEQUENCE are needed no more. */
typedef void (*MusterSampleTrimFunc) (gint64 sequence, gpointer user_data);

/* FILE is taken, and has the first N_METRICS names of metrics; TABLE must outlive it. */
MusterSampleSealer *muster_sample_sealer_new (MusterSampleTable   *table,
                                              MusterSampleFile    *file,
                                              unsigned             n_metrics,
                                              MusterSampleTrimFunc trim,
                                              gpointer             user_data);
/* Does what is queued and ends. */
void muster_sample_sealer_free (MusterSampleSealer *self);
/* Devices (element-type MusterSampleDevice) whose heads are long enough. */
void muster_sample_sealer_push (MusterSampleSealer *self, GPtrArray *devices);
/* Deletes the blocks of a device that is gone. */
/* A reader found BLOCK damaged: it is looked at again, and put aside. From any thread. */
void muster_sample_sealer_check (MusterSampleSealer *self, const MusterSampleFileBlock *block);
void muster_sample_sealer_forget (MusterSampleSealer *self, guint32 device);
/* Seals heads that have something from before SEQUENCE. PROMISE (nullable): settled when done. */
void muster_sample_sealer_flush (MusterSampleSealer *self, gint64 sequence, DexPromise *promise);
/* Runs FUNC on the thread, between two seals: it may write to the file, in transactions of its own.
 */
typedef void (*MusterSampleSealerFunc) (MusterSampleFile *file, gpointer data);
void muster_sample_sealer_call (MusterSampleSealer    *self,
                                MusterSampleSealerFunc func,
                                gpointer               data);
/* Blocks while far more is in memory than should be. */
void muster_sample_sealer_wait_for_room (MusterSampleSealer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleSealer, muster_sample_sealer_free)

G_END_DECLS
