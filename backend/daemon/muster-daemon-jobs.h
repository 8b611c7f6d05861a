/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jobs/muster-job-service.h"

G_BEGIN_DECLS

/* The service with every kind of record that is changed in bulk, each under the rights of the
 * operation of the API that it stands for. Before DATABASE starts. */
MusterJobService *muster_daemon_jobs_new (MusterDatabase *database, MusterBus *bus);

G_END_DECLS
