/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-intake.h"
#include "muster-victoria-answers.h"
#include "muster-victoria-forwarder.h"
#include "muster-victoria-sample-store.h"
#include "muster-victoria-spools.h"

G_BEGIN_DECLS

struct _MusterVictoriaSampleStore
{
  MusterService            parent_instance;
  char                    *path;
  MusterClock             *clock;
  MusterVictoriaConfig    *config;
  gint64                   most_bytes;
  MusterSampleIntake      *intake;
  MusterSampleEngine      *local;  /* (nullable) while started: what was stored here before */
  MusterVictoriaLedger    *ledger; /* (nullable) while started */
  MusterVictoriaAnswers   *answers;
  MusterVictoriaForwarder *forwarder;
  GCancellable            *cancellable; /* at the stop */
  MusterVictoriaSpools    *spools;
  gint64                   backlog; /* bytes */
  guint                    tick;
  char                    *trouble; /* (nullable): the forwarder's */
};

/* The newest samples of what is there, on its way and on this machine, of DEVICE_IDS (nullable:
 * all): (transfer full) (element-type MusterSampleBatch). */
GPtrArray *muster_victoria_sample_store_list_latest (MusterVictoriaSampleStore *self,
                                                     const char *const         *device_ids);
/* What it tells of itself, as MusterSampleStore has it: of a started one. (transfer floating) */
GVariant *muster_victoria_sample_store_make_figures (MusterVictoriaSampleStore *self);

G_END_DECLS
