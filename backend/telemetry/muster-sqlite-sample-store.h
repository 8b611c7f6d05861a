/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "core/muster-service.h"
#include "muster-sample-engine.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/**
 * MusterSqliteSampleStore:
 *
 * Samples in packed blocks in a SQLite file of their own, with a journal beside it (see
 * MusterSampleEngine). The newest sample of each series is kept in memory.
 */
#define MUSTER_TYPE_SQLITE_SAMPLE_STORE (muster_sqlite_sample_store_get_type ())
G_DECLARE_FINAL_TYPE (MusterSqliteSampleStore,
                      muster_sqlite_sample_store,
                      MUSTER,
                      SQLITE_SAMPLE_STORE,
                      MusterService)

/* PATH: of the file, made at start. */
MusterSqliteSampleStore *muster_sqlite_sample_store_new (const char *path, MusterClock *clock);

/* NULL while it is not started. */
MusterSampleEngine *muster_sqlite_sample_store_get_engine (MusterSqliteSampleStore *self);
/* Resolves to TRUE once roll-ups tell what blocks tell by now. */
DexFuture *muster_sqlite_sample_store_catch_up (MusterSqliteSampleStore *self);

G_END_DECLS
