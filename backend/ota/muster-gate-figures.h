/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "model/muster-sample.h"
#include "muster-rollout-gate.h"
#include "telemetry/muster-sample-store.h"

G_BEGIN_DECLS

/* What is asked of a group that has been watched. */
typedef struct
{
  MusterDatabase    *database; /* (owned) */
  MusterSampleStore *store;    /* (owned) */
  MusterEntity      *rollout;  /* (owned) */
  MusterEntity      *group; /* (owned): with started_at and finished_at, since when it is watched */
  GPtrArray         *updated; /* (owned) (element-type utf8): devices that run it */
  GPtrArray         *rest;    /* (owned) (element-type utf8): devices that are still to */
  gint64             until;   /* UTC µs: now */
} MusterGateQuestion;

MusterGateQuestion *muster_gate_question_new (MusterDatabase    *database,
                                              MusterSampleStore *store,
                                              MusterEntity      *rollout,
                                              MusterEntity      *group,
                                              gint64             until);
/* Notes that the device is one of those that are compared. */
void muster_gate_question_add (MusterGateQuestion *self, const char *device_id, gboolean is_rest);
/* Takes SELF. Reads what its devices said, and judges: resolves to a MusterGateJudgement. */
DexFuture *muster_gate_question_answer (MusterGateQuestion *self);

/* The value of a number; NAN: it is none. */
double muster_gate_figures_get_number (const MusterSample *sample);

G_END_DECLS
