/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

#include "model/muster-job.h"

G_BEGIN_DECLS

/* A file becomes records in steps; an import is the JsonObject that the daemon answers: `id`,
 * `entity`, `name`, `encoding`, `delimiter`, `rows`, `columns` [{`name`, `samples`}], `mapping`
 * {column: field or null}, `key`, `options`, `defaults`, `job_id`. */

/* Sends FILE, the text of a CSV file called NAME (nullable), of records of the kind ENTITY
 * ("device"). Resolves to the import (JsonObject, boxed). */
DexFuture *muster_api_imports_create (MusterApiClient *client,
                                      const char      *entity,
                                      const char      *name,
                                      GBytes          *file);
DexFuture *muster_api_imports_get (MusterApiClient *client, const char *id);
/* PLAN is taken: those of `mapping`, `key`, `options`, `defaults` that change. Resolves to the
 * import. */
DexFuture *muster_api_imports_update (MusterApiClient *client, const char *id, JsonObject *plan);
/* What it would do: resolves to a JsonObject (boxed) with `rows`, `new`, `changed`, `same`,
 * `failed` and `items` [{`row`, `outcome`, `cells`, `values`, `before`, `errors` [{`field`,
 * `detail`}]}], at most LIMIT (0: 50). ONLY (nullable): "new", "changed", "same" or "failed" rows.
 */
DexFuture *muster_api_imports_preview (MusterApiClient *client,
                                       const char      *id,
                                       const char      *only,
                                       unsigned         limit);
/* Resolves to the MusterJob that does it. */
DexFuture *muster_api_imports_apply (MusterApiClient *client, const char *id);
/* Resolves to TRUE. */
DexFuture *muster_api_imports_delete (MusterApiClient *client, const char *id);

/* The list COLLECTION ("devices") as a file: COLUMNS ("name,serial,location_id.path"; nullable:
 * all), FORMAT "csv" or "ndjson", QUERY (nullable): its filters and order. Resolves to its text
 * (GBytes). */
DexFuture *muster_api_export (MusterApiClient          *client,
                              const char               *collection,
                              const char               *columns,
                              const char               *format,
                              gboolean                  byte_order_mark,
                              const MusterApiListQuery *query);

G_END_DECLS
