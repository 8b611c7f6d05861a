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
/* Has it try those rows of the job ID again that were refused, and tells in the same way. */
void muster_job_run_retry (MusterSession *session, GtkWidget *parent, const char *id);

G_END_DECLS
