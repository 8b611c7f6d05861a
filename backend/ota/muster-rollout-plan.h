/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-rollout-group.h"
#include "model/muster-rollout.h"

G_BEGIN_DECLS

#define MUSTER_ROLLOUT_GROUPS_MAX 100

/* One group as it is planned. */
typedef struct
{
  char    *name;              /* (owned) */
  gint64   count;             /* devices; 0: by `percent` */
  double   percent;           /* of all devices; 0: by `share` */
  double   share;             /* percent of those it may take; 0: all of them */
  char    *target_query;      /* (owned) (nullable): RSQL; it may take only those that match */
  int      success_threshold; /* percent */
  int      error_threshold;   /* percent */
  gboolean manual;
  gboolean confirmation_required;
  gboolean is_rest; /* it was not planned, and is for those that no other one takes */
} MusterRolloutGroupPlan;

/* The groups of PLAN (JSON, nullable: one group of all), with what they leave out filled in by
 * ROLLOUT: (transfer full) (element-type MusterRolloutGroupPlan), the last of which takes what is
 * left. MUSTER_ERROR_INVALID names what is wrong below `/plan`. */
GArray *muster_rollout_plan_read (MusterEntity *rollout, GError **error);

/* Whether DEVICE (an index) is one that GROUP (an index) with a `target_query` may take. */
typedef gboolean (*MusterRolloutMatches) (guint group, guint device, gpointer user_data);
/* The group (an index) of each of N_DEVICES: (transfer full) (element-type guint). Each group in
 * its turn takes the first of those that are left. Percentages round up, so that no group of a few
 * devices is empty before the last. MATCHES: (nullable) where no group has a `target_query`. */
GArray *muster_rollout_plan_split (GArray              *plan,
                                   guint                n_devices,
                                   MusterRolloutMatches matches,
                                   gpointer             user_data);

/* How far the updates of a group are. */
typedef struct
{
  gint64 total;
  gint64 waiting;
  gint64 running; /* and being cancelled */
  gint64 succeeded;
  gint64 failed; /* and reverted */
  gint64 cancelled;
} MusterRolloutCounts;

/* A group as it is. */
typedef struct
{
  MusterRolloutGroupStatus status;
  MusterRolloutCounts      counts;
  int                      success_threshold;
  int                      error_threshold;
  gboolean                 manual;
  gboolean                 is_opened; /* by hand */
  gint64                   done_at;   /* UTC µs: since when it is watched; 0: it is not */
} MusterRolloutGroupState;

/* What the telemetry gate says of a group that is watched. */
typedef enum
{
  MUSTER_GATE_NONE,    /* nothing is looked at */
  MUSTER_GATE_UNKNOWN, /* it was not asked yet */
  MUSTER_GATE_GOOD,
  MUSTER_GATE_UNSURE, /* too few devices said anything: it goes on */
  MUSTER_GATE_WORSE,
} MusterGateVerdict;

typedef enum
{
  MUSTER_ROLLOUT_WAIT,   /* nothing is to be done */
  MUSTER_ROLLOUT_ASK,    /* GROUP begins as soon as a person opens it */
  MUSTER_ROLLOUT_BEGIN,  /* GROUP begins */
  MUSTER_ROLLOUT_WATCH,  /* enough of GROUP succeeded: it is watched */
  MUSTER_ROLLOUT_JUDGE,  /* GROUP was watched long enough: the gate is to be asked */
  MUSTER_ROLLOUT_PASS,   /* GROUP is done */
  MUSTER_ROLLOUT_FAIL,   /* too many of GROUP failed, or its telemetry became worse */
  MUSTER_ROLLOUT_FINISH, /* all is done */
} MusterRolloutMove;

/* The next move of a running rollout, and the GROUP (an index) that it is about. SOAK: microseconds
 * for which a group is watched; VERDICT: of the gate, for the group that is watched. Pure. */
MusterRolloutMove muster_rollout_plan_move (const MusterRolloutGroupState *groups,
                                            unsigned                       n_groups,
                                            gint64                         soak,
                                            MusterGateVerdict              verdict,
                                            gint64                         now,
                                            unsigned                      *group);

G_END_DECLS
