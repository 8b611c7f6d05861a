/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-pace.h"
#include "model/muster-firmware-update.h"
#include "muster-gate-figures.h"
#include "muster-late-joiners.h"
#include "muster-rollout-plan.h"

G_BEGIN_DECLS

/* What is known of one update of a rollout. */
typedef struct
{
  char              *device_id; /* (owned) */
  MusterUpdateStatus status;
  guint              group;       /* index */
  gint64             granted_at;  /* monotonic: it may begin, and has not shown it yet; 0: not */
  gint64             finished_at; /* UTC µs; 0: it has not ended */
  gint64             held_at;     /* UTC µs: when it last had to wait for its window; 0: never */
} MusterRolloutMember;

/* A rollout under way, as it is in memory: its groups, how far each of its updates is, and who was
 * let begin. Main thread only. */
typedef struct
{
  struct _MusterRolloutService *service; /* whose it is */
  MusterEntity                 *rollout; /* (owned) */
  GPtrArray                    *groups;  /* (owned) (nullable) (element-type MusterRolloutGroup) */
  GHashTable          *members; /* (owned): (owned) update id → (owned) MusterRolloutMember */
  MusterRolloutCounts *counts;  /* (owned): along the groups */
  gint64               n_granted;
  gint64               since;   /* UTC µs: from when on this daemon could be told of it */
  MusterLateJoiners   *joiners; /* (owned): what to look at for late ones */
  gboolean             looking; /* late joiners are being looked for */
  guint                touch_id;
  gboolean             busy;    /* a move is being written */
  gboolean             judging; /* the telemetry gate is being asked */
  MusterPace          *pace;    /* (owned) (nullable): of all its downloads */
} MusterRolloutCourse;

MusterRolloutCourse *muster_rollout_course_new (struct _MusterRolloutService *service);
void                 muster_rollout_course_free (gpointer data);

/* ROLLOUT, or GROUPS, are what they say from now on. */
void muster_rollout_course_set_rollout (MusterRolloutCourse *self, MusterEntity *rollout);
void muster_rollout_course_set_groups (MusterRolloutCourse *self, GPtrArray *groups);
/* UPDATE is one of its own, and as far as it says. Returns whether anything changed by it. */
gboolean muster_rollout_course_note (MusterRolloutCourse *self, MusterEntity *update);

gboolean muster_rollout_course_is_under_way (MusterRolloutCourse *self);
/* How many are at it, with those that may begin. */
gint64 muster_rollout_course_count_running (MusterRolloutCourse *self);
/* Its records with the figures that windows show: (transfer full) (element-type MusterEntity). */
GPtrArray *muster_rollout_course_make_figures (MusterRolloutCourse *self);
/* What muster_rollout_plan_move() decides by, along the groups: (transfer full). */
MusterRolloutGroupState *muster_rollout_course_make_states (MusterRolloutCourse *self);
/* Why GROUP (an index) failed: (transfer full). */
char *muster_rollout_course_describe_failure (MusterRolloutCourse *self, unsigned group);

/* Lets UPDATE have one of the places, where there is one and its group has begun. */
gboolean muster_rollout_course_grant (MusterRolloutCourse *self,
                                      MusterEntity        *update,
                                      gint64               monotonic);
/* Takes the places of those that did not begin in time. */
void muster_rollout_course_expire_grants (MusterRolloutCourse *self, gint64 monotonic);

/* Adds to QUESTION the devices that the telemetry gate compares when it is asked of GROUP. */
void muster_rollout_course_list_compared (MusterRolloutCourse *self,
                                          guint                group,
                                          MusterGateQuestion  *question);

G_END_DECLS
