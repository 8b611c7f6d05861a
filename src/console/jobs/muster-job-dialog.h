/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-job-item.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* The result of a job: its rows by what became of them, with the reasons. */
#define MUSTER_TYPE_JOB_DIALOG (muster_job_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterJobDialog, muster_job_dialog, MUSTER, JOB_DIALOG, AdwDialog)

AdwDialog *muster_job_dialog_new (MusterSession *session, MusterJobItem *item);

G_END_DECLS
