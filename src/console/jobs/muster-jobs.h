/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-job-item.h"
#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterJobs:
 *
 * The site's jobs, newest first (a [iface@Gio.ListModel] of [class@Muster.JobItem]): those under
 * way, and the last that ended. Signals `changed ()`: any of them went on; `ended
 * (MusterJobItem *)`: one that was under way is over.
 */
#define MUSTER_TYPE_JOBS (muster_jobs_get_type ())
G_DECLARE_FINAL_TYPE (MusterJobs, muster_jobs, MUSTER, JOBS, GObject)

MusterJobs *muster_jobs_new (MusterSession *session);
unsigned    muster_jobs_count_running (MusterJobs *self); /* under way, queued and paused too */
/* (transfer full) (nullable) */
MusterJobItem *muster_jobs_find (MusterJobs *self, const char *id);
/* Takes note of JOB, which was heard of otherwise. */
void        muster_jobs_hear (MusterJobs *self, MusterJob *job);
GListModel *muster_jobs_get_list (MusterJobs *self); /* borrowed */

G_END_DECLS
