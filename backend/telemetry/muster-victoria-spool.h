/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-engine.h"

G_BEGIN_DECLS

/**
 * MusterVictoriaSpool:
 *
 * Samples on their way: durable here until they are known to be durable there. A store of its own,
 * in files of its own, so that what waits out a long outage takes little room and can be read.
 * Reference counted, from any thread.
 */
typedef struct _MusterVictoriaSpool MusterVictoriaSpool;

/* The spool with NUMBER beside the samples in PATH ("…/samples.db"). */
MusterVictoriaSpool *muster_victoria_spool_open (const char *path, unsigned number);
MusterVictoriaSpool *muster_victoria_spool_ref (MusterVictoriaSpool *self);
/* The last one ends its threads, which takes a while, and deletes its files if it is done. */
void muster_victoria_spool_unref (MusterVictoriaSpool *self);
/* The numbers of the spools beside PATH, in order: (transfer full) (element-type guint). */
GArray             *muster_victoria_spool_list (const char *path);
unsigned            muster_victoria_spool_get_number (MusterVictoriaSpool *self);
MusterSampleEngine *muster_victoria_spool_get_engine (MusterVictoriaSpool *self);
/* All of it is safe elsewhere. */
void muster_victoria_spool_set_done (MusterVictoriaSpool *self);
/* Bytes of its files. */
gint64 muster_victoria_spool_get_size (MusterVictoriaSpool *self);
/* Resolves to TRUE once it stands in the new file PATH. */
DexFuture *muster_victoria_spool_backup (MusterVictoriaSpool *self,
                                         const char          *path,
                                         GCancellable        *cancellable);
/* "…/samples.db" and "spool-000001" make "…/samples-spool-000001.db": (transfer full). */
char *muster_victoria_make_path (const char *path, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterVictoriaSpool, muster_victoria_spool_unref)

G_END_DECLS
