/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "core/muster-metrics.h"
#include "core/muster-service.h"
#include "muster-sample-engine.h"
#include "muster-sample-store.h"
#include "muster-victoria-config.h"

G_BEGIN_DECLS

/**
 * MusterVictoriaSampleStore:
 *
 * Samples in VictoriaMetrics, for sites beyond one machine. What is appended is durable in a spool
 * here when it is acknowledged, and forwarded in its order; it leaves the spool when it was read
 * back from the server. Questions are answered from the server's samples, those in the spools and
 * those stored on this machine before, by the same code as those of #MusterSqliteSampleStore.
 */
#define MUSTER_TYPE_VICTORIA_SAMPLE_STORE (muster_victoria_sample_store_get_type ())
G_DECLARE_FINAL_TYPE (MusterVictoriaSampleStore,
                      muster_victoria_sample_store,
                      MUSTER,
                      VICTORIA_SAMPLE_STORE,
                      MusterService)

/* PATH: of the samples on this machine ("…/samples.db"); what belongs to this store lies beside it.
 * Takes CONFIG. MOST_BYTES: how much may wait for the server before samples are refused. */
MusterVictoriaSampleStore *muster_victoria_sample_store_new (const char           *path,
                                                             MusterClock          *clock,
                                                             MusterVictoriaConfig *config,
                                                             gint64                most_bytes);
/* Gives what is in the current spool on its way now, for tests. */
void muster_victoria_sample_store_rotate (MusterVictoriaSampleStore *self);
void muster_victoria_sample_store_add_metrics (MusterVictoriaSampleStore *self,
                                               MusterMetrics             *metrics);

/* What keeps samples on this machine: NULL while it is not started. */
MusterSampleEngine *muster_victoria_sample_store_get_engine (MusterVictoriaSampleStore *self);

G_END_DECLS
