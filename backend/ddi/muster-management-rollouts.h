/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-rollout-group.h"
#include "muster-management-private.h"
#include "ota/muster-rollout-plan.h"

G_BEGIN_DECLS

/* How far the targets of a rollout, or of one of its groups, are. */
typedef struct
{
  gint64 total;
  gint64 running;
  gint64 succeeded;
  gint64 failed;
  gint64 cancelled;
} MusterManagementCounts;

/* Of RECORD, whose updates point at it by FIELD. */
gboolean muster_management_read_counts (MusterManagementCounts *self,
                                        MusterTransaction      *transaction,
                                        const char             *field,
                                        MusterEntity           *record,
                                        GError                **error);
void     muster_management_add_counts (GString *json, const MusterManagementCounts *counts);
/* Which targets ROLLOUT is for, as a filter: (transfer full) (nullable): it says so otherwise. */
char *muster_management_dup_target_filter (MusterTransaction *transaction, MusterEntity *rollout);

/* The rollout that the path means: (transfer full). */
MusterEntity *muster_management_get_rollout (MusterManagementCall *call, GError **error);
/* What OBJECT says of groups and of the conditions by which one follows the other, into ROLLOUT. */
gboolean muster_management_take_groups (MusterEntity *rollout, JsonObject *object, GError **error);
/* Whether each target of ROLLOUT is in one of the groups that were taken, as hawkBit demands. */
gboolean muster_management_check_groups (MusterManagementCall *call,
                                         MusterEntity         *rollout,
                                         GError              **error);
/* The stored ROLLOUT, which begins if STARTS and as soon as it may: (transfer full). */
MusterEntity *muster_management_add_rollout (MusterManagementCall *call,
                                             MusterEntity         *rollout,
                                             gboolean              starts,
                                             GError              **error);
/* ROLLOUT after DEED, with the request's remark: (transfer full). */
MusterEntity *muster_management_do (MusterManagementCall *call,
                                    MusterEntity         *rollout,
                                    MusterRolloutDeed     deed,
                                    gint64                position,
                                    GError              **error);

G_END_DECLS
