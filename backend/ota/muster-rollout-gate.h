/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-gate.h"
#include "muster-rollout-plan.h"

G_BEGIN_DECLS

/* The telemetry gate of a rollout, as the daemon asks it: see model/muster-gate.h for what it says.
 * It is asked once a group, when the time in which it is watched (`soak`) is over. */

/* The watches of ROLLOUT's gate, none where it has none: (transfer full) (element-type
 * MusterGateWatch). MUSTER_ERROR_INVALID names what is wrong below `/gate`. */
GArray *muster_rollout_gate_read (MusterEntity *rollout, GError **error);

/* What one device said in the time before and in the time after; NAN: nothing. */
typedef struct
{
  double   before;
  double   after;
  gboolean is_rest; /* not updated yet: it is what others are compared with */
} MusterGateFigure;

/* What a gate found of one group. */
typedef struct
{
  MusterGateVerdict verdict;
  char             *evidence; /* (owned): JSON, kept with the group */
  char             *reason;   /* (owned) (nullable): why it stops the rollout */
} MusterGateJudgement;

#define MUSTER_TYPE_GATE_JUDGEMENT (muster_gate_judgement_get_type ())
GType muster_gate_judgement_get_type (void);
void  muster_gate_judgement_free (MusterGateJudgement *self);

/* Decides by FIGURES, for each of WATCHES a GArray (element-type MusterGateFigure). GROUP_NAME: for
 * people. FROM and TO: the time after the update, UTC µs, from which the others follow; BEGAN: when
 * the group did. Pure. (transfer full) */
MusterGateJudgement *muster_rollout_gate_judge (GArray     *watches,
                                                GPtrArray  *figures,
                                                const char *group_name,
                                                gint64      began,
                                                gint64      from,
                                                gint64      to);

G_END_DECLS
