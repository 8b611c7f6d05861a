/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-job.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* The rows of a job by what became of them, with the reasons of those refused, which can be saved
 * as a file. */
#define MUSTER_TYPE_JOB_ROWS (muster_job_rows_get_type ())
G_DECLARE_FINAL_TYPE (MusterJobRows, muster_job_rows, MUSTER, JOB_ROWS, AdwBin)

/* Called again when the job has gone on, it reads anew. */
void muster_job_rows_show (MusterJobRows *self, MusterSession *session, MusterJob *job);
/* Asks where to save the rows that were refused. */
void muster_job_rows_save_failed (MusterJobRows *self);

G_END_DECLS
