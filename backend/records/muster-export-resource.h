/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "core/muster-repository.h"

G_BEGIN_DECLS

/* GET /exports/…: any list as a file, whole. FOLDER: where it is put together. */
void muster_export_resource_add (MusterRouter     *router,
                                 MusterRepository *repository,
                                 const char       *folder);

G_END_DECLS
