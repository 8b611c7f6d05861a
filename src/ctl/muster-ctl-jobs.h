/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ctl.h"

G_BEGIN_DECLS

/* In a fiber: the job once it has ended, or rests. (transfer full) */
MusterEntity *muster_ctl_await_job (MusterCtl *ctl, const char *id, GError **error);
/* Prints JOB. FALSE with an error when it was WAITED for and rows were refused. */
gboolean muster_ctl_conclude_job (MusterCtl    *ctl,
                                  MusterEntity *job,
                                  gboolean      waited,
                                  GError      **error);

G_END_DECLS
