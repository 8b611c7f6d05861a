/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* What IMPORT, whose text is the file at PATH, would do: resolves to a GBytes
 * `{"rows","new","changed","same","failed","items":[{"row","outcome","values","before","errors"}]}`
 * with at most LIMIT rows; ONLY (nullable): of that outcome. */
DexFuture *muster_import_preview (MusterDatabase *database,
                                  JsonObject     *import,
                                  const char     *path,
                                  const char     *only,
                                  unsigned        limit);

G_END_DECLS
