/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_JOB_STATUS_QUEUED,
  MUSTER_JOB_STATUS_RUNNING,
  MUSTER_JOB_STATUS_PAUSED,
  MUSTER_JOB_STATUS_DONE,
  MUSTER_JOB_STATUS_FAILED,
  MUSTER_JOB_STATUS_CANCELLED,
} MusterJobStatus;

extern const MusterEnum         muster_job_status_enum;
extern const MusterStateMachine muster_job_status_machine;
extern const MusterEntityInfo   muster_job_info;

/* Long work that the daemon does: bulk changes, imports. */
#define MUSTER_TYPE_JOB (muster_job_get_type ())
G_DECLARE_FINAL_TYPE (MusterJob, muster_job, MUSTER, JOB, MusterEntity)

G_END_DECLS
