/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-job-service.h"

G_BEGIN_DECLS

/* Adds /jobs and what is below. */
void muster_job_resource_add (MusterRouter     *router,
                              MusterJobService *service,
                              MusterRepository *repository);

G_END_DECLS
