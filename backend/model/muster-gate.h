/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "muster-error.h"

G_BEGIN_DECLS

#define MUSTER_GATE_WATCHES_MAX 8
#define MUSTER_GATE_METRIC_MAX 200 /* characters */
#define MUSTER_GATE_TOLERANCE_MAX 1e12
#define MUSTER_GATE_ALPHA_MIN 0.0001
#define MUSTER_GATE_ALPHA_MAX 0.2
#define MUSTER_GATE_ALPHA_DEFAULT 0.01
#define MUSTER_GATE_BEFORE_MIN 60        /* seconds */
#define MUSTER_GATE_BEFORE_MAX 2592000   /* seconds */
#define MUSTER_GATE_BEFORE_DEFAULT 86400 /* seconds */

/* The words of its members, the first of each what is meant where one is left out. */
extern const char *const muster_gate_subjects[]; /* by MusterGateSubject */
extern const char *const muster_gate_directions[];
extern const char *const muster_gate_references[];
extern const char *const muster_gate_doubts[];

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
 * fault of the update. `alpha` is divided by the number of tests of the gate (Bonferroni).
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

/* The watches of GATE, the JSON of a rollout's field (nullable): (transfer full) (element-type
 * MusterGateWatch), none where it has none. What is wrong is added to ERRORS, below `/gate`; then
 * the watches are of no use. */
GArray *muster_gate_read (const char *gate, MusterFieldErrors *errors);

G_END_DECLS
