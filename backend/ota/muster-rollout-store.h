/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "model/muster-rollout-group.h"
#include "model/muster-rollout.h"
#include "muster-reserves.h"
#include "muster-rollout-plan.h"

G_BEGIN_DECLS

/* A rollout with its groups in order, and what came of its updates. */
typedef struct
{
  MusterEntity *rollout; /* (owned) */
  GPtrArray    *groups;  /* (owned) (element-type MusterRolloutGroup) */
  GPtrArray    *updates; /* (owned) (element-type MusterFirmwareUpdate): those made or changed; of
                            one that was read, all */
} MusterRolloutState;

#define MUSTER_TYPE_ROLLOUT_STATE (muster_rollout_state_get_type ())
GType muster_rollout_state_get_type (void);

/* What people do to a rollout, and the moves that it makes by itself. */
typedef enum
{
  MUSTER_ROLLOUT_DO_START,
  MUSTER_ROLLOUT_DO_APPROVE, /* another person than who made it */
  MUSTER_ROLLOUT_DO_PAUSE,
  MUSTER_ROLLOUT_DO_RESUME,
  MUSTER_ROLLOUT_DO_CANCEL,
  MUSTER_ROLLOUT_DO_RETRY, /* those that failed or reverted */
  MUSTER_ROLLOUT_DO_OPEN,  /* a group that waits for it */
  MUSTER_ROLLOUT_DO_DENY,  /* one that waits for approval ends */
  MUSTER_ROLLOUT_DO_NEXT,  /* the next group begins, whatever became of those before it */
  MUSTER_ROLLOUT_DO_JOIN,  /* devices that came to match */
  MUSTER_ROLLOUT_DO_ASK,   /* a group waits to be opened */
  MUSTER_ROLLOUT_DO_BEGIN,
  MUSTER_ROLLOUT_DO_WATCH,
  MUSTER_ROLLOUT_DO_PASS,
  MUSTER_ROLLOUT_DO_FAIL,
  MUSTER_ROLLOUT_DO_FINISH,
} MusterRolloutDeed;

typedef struct
{
  char             *id;
  MusterRolloutDeed deed;
  gint64            position; /* of a group, from 1 */
  char             *reason;   /* (nullable); of an approval and a denial, what was said with it */
  char             *evidence; /* (nullable): JSON */
  GHashTable       *joiners;  /* (owned) (nullable): ids of the devices that may join */
  MusterReserves   *reserves; /* (owned) (nullable): of the devices that may be taken in */
  gboolean          needs_signature;
} MusterRolloutChange;

void muster_rollout_change_free (gpointer data);
/* A MusterDatabaseFunc. Resolves to a MusterRolloutState. */
gboolean muster_rollout_store_change (MusterTransaction *transaction,
                                      gpointer           data,
                                      GValue            *result,
                                      GError           **error);
/* Resolves to a GPtrArray (boxed, element-type MusterRolloutState) of those that are under way. */
gboolean muster_rollout_store_list (MusterTransaction *transaction,
                                    gpointer           data,
                                    GValue            *result,
                                    GError           **error);
/* Writes the counts of DATA, a GPtrArray of a rollout and its groups. */
gboolean muster_rollout_store_touch (MusterTransaction *transaction,
                                     gpointer           data,
                                     GValue            *result,
                                     GError           **error);
/* The devices that can be given it, and are not yet: (transfer full) (element-type MusterDevice).
 * ONLY: (nullable): no others than these, by their ids. RESERVES: (nullable): what they have is not
 * looked at. */
GPtrArray *muster_rollout_store_list_devices (MusterTransaction *transaction,
                                              MusterEntity      *rollout,
                                              GHashTable        *only,
                                              MusterReserves    *reserves,
                                              GError           **error);
/* The group (an index of PLAN) of each of DEVICES, which are all that ROLLOUT is for: (transfer
 * full) (element-type guint). Takes the last of PLAN off where nobody planned it and it is for
 * nobody. */
GArray *muster_rollout_store_split (MusterTransaction *transaction,
                                    MusterEntity      *rollout,
                                    GArray            *plan,
                                    GPtrArray         *devices,
                                    GError           **error);
/* The group at POSITION, from 1, which is not stored yet: (transfer full). */
MusterEntity *muster_rollout_store_make_group (MusterEntity                 *rollout,
                                               const MusterRolloutGroupPlan *plan,
                                               unsigned                      position);
/* A rule on rollouts: what it is for is fixed once it has begun, and what it says fits together. */
void muster_rollout_rules_add (MusterDatabase *database);

G_END_DECLS
