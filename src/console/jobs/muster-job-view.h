/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-job-item.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* A job: how far it is, how fast and for how long still, with pause and cancel; once it is over,
 * what became of its rows, with a second try for those refused, and undo. */
#define MUSTER_TYPE_JOB_VIEW (muster_job_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterJobView, muster_job_view, MUSTER, JOB_VIEW, GtkListBoxRow)

GtkWidget *muster_job_view_new (MusterSession *session, MusterJobItem *item);
/* Where the result is shown beside it already, it needs no button for that. */
void muster_job_view_hide_result (MusterJobView *self);

G_END_DECLS
