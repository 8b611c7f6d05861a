/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "client/muster-api-jobs.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* Has the daemon do what DRAFT says, and tells how it went: a toast with Undo for what was done,
 * and a sheet of what was refused and why, from which that can be tried again. Nothing waits for
 * it: it goes on without this window. PARENT: where the sheet opens. */
void muster_job_run (MusterSession *session, GtkWidget *parent, const MusterApiJobDraft *draft);
/* The result sheet of a job that has ended. */
void muster_job_show_result (MusterSession *session, GtkWidget *parent, MusterJob *job);

G_END_DECLS
