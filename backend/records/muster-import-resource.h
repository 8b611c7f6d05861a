/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-import-store.h"

G_BEGIN_DECLS

/* /imports: a file becomes records, in four steps: send it, say what its columns are, look at what
 * would come of it, apply it. */
void muster_import_resource_add (MusterRouter *router, MusterImportStore *store);

G_END_DECLS
