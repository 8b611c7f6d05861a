/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "client/muster-api-page.h"
#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterRolloutGraph:
 *
 * The groups of a rollout one below the other, as they come: how far each is, where it counts as
 * done and where it stops the rollout, what the telemetry gate found, and a button where a person
 * is waited for.
 *
 * Signals: `open (guint position)`: that group is to begin; `activate (MusterEntity *)`: its
 * devices are asked for.
 */
#define MUSTER_TYPE_ROLLOUT_GRAPH (muster_rollout_graph_get_type ())
G_DECLARE_FINAL_TYPE (MusterRolloutGraph, muster_rollout_graph, MUSTER, ROLLOUT_GRAPH, AdwBin)

/* GROUPS: of MusterRolloutGroup, in their order. */
void muster_rollout_graph_show (MusterRolloutGraph *self,
                                MusterSession      *session,
                                MusterApiPage      *groups);

G_END_DECLS
