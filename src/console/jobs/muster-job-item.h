/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-job.h"

G_BEGIN_DECLS

/* A job as it goes on: how fast, and for how long still. Signal `changed ()`. */
#define MUSTER_TYPE_JOB_ITEM (muster_job_item_get_type ())
G_DECLARE_FINAL_TYPE (MusterJobItem, muster_job_item, MUSTER, JOB_ITEM, GObject)

/* NOW: monotonic time in microseconds, of when JOB was heard. */
MusterJobItem *muster_job_item_new (MusterJob *job, gint64 now);
/* The same job, heard again; what is older than what is known is passed over. */
void        muster_job_item_update (MusterJobItem *self, MusterJob *job, gint64 now);
MusterJob  *muster_job_item_get_job (MusterJobItem *self);
const char *muster_job_item_get_id (MusterJobItem *self);
gboolean    muster_job_item_is_over (MusterJobItem *self);
gint64      muster_job_item_get_processed (MusterJobItem *self); /* rows, whatever became of them */
double      muster_job_item_get_fraction (MusterJobItem *self);  /* 0 to 1 */
double      muster_job_item_get_rate (MusterJobItem *self);      /* rows a second; 0: not known */
double      muster_job_item_get_remaining (MusterJobItem *self); /* seconds; -1: not known */
/* All that in a line: (transfer full). */
char *muster_job_item_describe (MusterJobItem *self);

G_END_DECLS
