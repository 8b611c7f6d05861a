/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-database.h"

G_BEGIN_DECLS

/**
 * muster_database_write_patiently:
 * @func: as of muster_database_write(), without an operation of its own; it must leave @data as it
 *   was, for it runs once an attempt
 * @data: (transfer full): freed by @destroy (nullable) in the end
 * @cancellable: (nullable): ends the patience, not an attempt that is under way
 * @what: whose writing it is, for the log
 *
 * In a fiber. For what goes on by itself and has nobody to tell: as long as nothing can be written
 * (%MUSTER_ERROR_STORAGE_FULL, %MUSTER_ERROR_UNAVAILABLE), it is tried again, after 1 s first and
 * after twice as long each time, up to 60 s. That is logged once.
 *
 * Returns: (transfer full): how the last attempt ended, settled
 */
DexFuture *muster_database_write_patiently (MusterDatabase    *database,
                                            MusterActor       *actor,
                                            MusterDatabaseFunc func,
                                            gpointer           data,
                                            GDestroyNotify     destroy,
                                            GCancellable      *cancellable,
                                            const char        *what);

G_END_DECLS
