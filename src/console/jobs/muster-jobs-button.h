/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-jobs.h"

G_BEGIN_DECLS

/* The jobs of the site in a popover, and how many are under way on the button; not there as long as
 * there are none. */
#define MUSTER_TYPE_JOBS_BUTTON (muster_jobs_button_get_type ())
G_DECLARE_FINAL_TYPE (MusterJobsButton, muster_jobs_button, MUSTER, JOBS_BUTTON, AdwBin)

void muster_jobs_button_set_jobs (MusterJobsButton *self, MusterSession *session, MusterJobs *jobs);
/* Shows the popover. FALSE: there is no job to show. */
gboolean muster_jobs_button_open (MusterJobsButton *self);

G_END_DECLS
