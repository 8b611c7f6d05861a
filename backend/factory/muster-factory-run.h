/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flash/muster-flash-service.h"
#include "muster-factory-store.h"
#include "muster-test-engine.h"

G_BEGIN_DECLS

/**
 * MusterFactoryRun:
 *
 * What is done with one board now: a unit of a batch on its way, or a test plan alone.
 */
typedef struct _MusterFactoryRun MusterFactoryRun;

/* What one run at a time passes; shared by those of a service, which keeps it. */
typedef struct
{
  DexFuture *last; /* (owned) (nullable): resolves once the last has passed */
} MusterFactoryGate;

/* RECORD: a MusterFactoryUnit or MusterTestRun that waits. */
MusterFactoryRun *muster_factory_run_new (MusterFlashService *flash,
                                          MusterFactoryGate  *gate,
                                          MusterActor        *actor,
                                          MusterEntity       *record);
void              muster_factory_run_free (MusterFactoryRun *self);

const char *muster_factory_run_get_id (MusterFactoryRun *self);
const char *muster_factory_run_get_port (MusterFactoryRun *self);

/* To its end, which is written down. In a fiber. */
void muster_factory_run_work (MusterFactoryRun *self);
/* Ends it. IS_FOR_GOOD: as cancelled; else as the daemon does, to be done anew. */
void muster_factory_run_stop (MusterFactoryRun *self, gboolean is_for_good);
/* Takes ANSWER's texts. */
void muster_factory_run_answer (MusterFactoryRun *self, MusterTestAnswer *answer);
/* Something that it may wait for has changed. */
void muster_factory_run_wake (MusterFactoryRun *self);

G_END_DECLS
