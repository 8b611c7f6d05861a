/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-rollout.h"

G_BEGIN_DECLS

/* What a rollout says, for a person. All (transfer full) (nullable): NULL where it says nothing of
 * it. */

/* "All devices", "“cold” · Status: Deployed". */
char *muster_rollout_describe_filter (MusterEntity *rollout);
/* "Mon–Fri, 22:00–04:00". */
char *muster_rollout_describe_window (MusterEntity *rollout);
/* "Temperature must not become higher: against before · …", a line for each that it watches. */
char *muster_rollout_describe_gate (MusterEntity *rollout);
/* What comes of starting it, for READY of TOTAL devices; -1: not known. Never NULL. */
char *muster_rollout_describe_start (MusterEntity *rollout, gint64 ready, gint64 total);

/* One WATCH of a telemetry gate (model/muster-gate.h): what must not happen, and how it is tested.
 * Never NULL. */
char *muster_gate_describe_watch (JsonObject *watch);
char *muster_gate_describe_test (JsonObject *watch);

/* What a telemetry gate found by one of its watches. */
typedef struct
{
  char       *text;      /* (owned) "Temperature: worse, 21.5 before, 24.1 after" */
  char       *figures;   /* (owned) of devices and tests, by which that was decided */
  const char *icon_name; /* of the verdict */
  const char *css_class; /* its colour */
} MusterGateFinding;

/* Of GROUP: (transfer full) (element-type MusterGateFinding), none before it was asked. */
GPtrArray *muster_rollout_list_findings (MusterEntity *group);

G_END_DECLS
