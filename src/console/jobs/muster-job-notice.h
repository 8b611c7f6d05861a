/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-jobs.h"

G_BEGIN_DECLS

/* As long as WINDOW lives, tells whoever began a job of JOBS how it ended, in WINDOW, with a way to
 * take it back; with the window out of sight by the desktop too. */
void muster_job_notice_attach (GtkWindow *window, MusterSession *session, MusterJobs *jobs);

G_END_DECLS
