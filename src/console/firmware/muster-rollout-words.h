/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-rollout.h"

G_BEGIN_DECLS

/* What a rollout says, for a person. All (transfer full) (nullable): NULL where it says nothing of
 * it. */

/* "All devices", "“cold” · Status: Deployed". */
char *muster_rollout_describe_filter (MusterEntity *rollout);
/* "Mon–Fri, 22:00–04:00". */
char *muster_rollout_describe_window (MusterEntity *rollout);
/* "Temperature must not become higher", a line for each that it watches. */
char *muster_rollout_describe_gate (MusterEntity *rollout);
/* What the telemetry gate found of GROUP: "Temperature: worse, 21.5 before, 24.1 after". */
char *muster_rollout_describe_evidence (MusterEntity *group);
/* What comes of starting it, for READY of TOTAL devices; -1: not known. Never NULL. */
char *muster_rollout_describe_start (MusterEntity *rollout, gint64 ready, gint64 total);

G_END_DECLS
