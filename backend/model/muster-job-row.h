/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_JOB_ROW_STATUS_PENDING,
  MUSTER_JOB_ROW_STATUS_DONE,
  MUSTER_JOB_ROW_STATUS_SKIPPED,
  MUSTER_JOB_ROW_STATUS_FAILED,
} MusterJobRowStatus;

extern const MusterEnum       muster_job_row_status_enum;
extern const MusterEntityInfo muster_job_row_info;

/* One row of a job and what became of it. */
#define MUSTER_TYPE_JOB_ROW (muster_job_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterJobRow, muster_job_row, MUSTER, JOB_ROW, MusterEntity)

G_END_DECLS
