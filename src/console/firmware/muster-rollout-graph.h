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
 * devices are asked for, or, where they are shown, those of all groups.
 */
#define MUSTER_TYPE_ROLLOUT_GRAPH (muster_rollout_graph_get_type ())
G_DECLARE_FINAL_TYPE (MusterRolloutGraph, muster_rollout_graph, MUSTER, ROLLOUT_GRAPH, AdwBin)

/* GROUPS: of MusterRolloutGroup, in their order. */
void muster_rollout_graph_show (MusterRolloutGraph *self,
                                MusterSession      *session,
                                MusterApiPage      *groups);
/* Marks the group whose devices alone are shown; NULL: those of all are. */
void muster_rollout_graph_set_shown (MusterRolloutGraph *self, const char *group_id);

G_END_DECLS
