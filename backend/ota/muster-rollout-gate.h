/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-rollout-plan.h"

G_BEGIN_DECLS

/**
 * The telemetry gate of a rollout: what devices of a group say after their update must not be worse
 * than what they said before, nor than what happened to the rest meanwhile.
 *
 * `gate` of a rollout is an object, or an array of up to 8:
 *
 * - `watch`: `metric` (the mean of `metric`), `errors` (events of severity error, an hour) or
 *   `reboots` (births at the broker, an hour);
 * - `metric`: its name on the wire, with `metric`;
 * - `worse`: `higher` (the default) or `lower`, of a metric; more errors or reboots are worse;
 * - `tolerance`: by so much, in the metric's unit, it may be worse;
 * - `alpha`: how likely a false alarm of this gate may be, 0.0001 to 0.2, by default 0.01;
 * - `before`: seconds before the group began that count, 60 to 2592000, by default 86400;
 * - `against`: `before` (the devices' own figures), `rest` (the change of the devices that are
 * still to be updated, in the same time), or `any` of both, the default;
 * - `unsure`: what becomes of it where too few devices said anything for the tests to find
 *   anything, `go_on` (the default) or `stop`.
 *
 * Each device counts once, by the figure after its update less the one before. Against before:
 * Wilcoxon's signed-rank test of these differences; against the rest: the rank-sum test of these
 * and the differences of the others, so that what changes for all of them, as the weather, is no
 * fault of the update. `alpha` is divided by the number of tests of the gate (Bonferroni). A gate
 * is asked once a group, when the time in which it is watched (`soak`) is over.
 */
typedef enum
{
  MUSTER_GATE_WATCH_METRIC,
  MUSTER_GATE_WATCH_ERRORS,
  MUSTER_GATE_WATCH_REBOOTS,
} MusterGateSubject;

typedef struct
{
  MusterGateSubject subject;
  char             *metric; /* (owned) (nullable) */
  gboolean          worse_is_lower;
  double            tolerance;
  double            alpha;
  gint64            before; /* µs */
  gboolean          against_before;
  gboolean          against_rest;
  gboolean          stops_unsure;
} MusterGateWatch;

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
