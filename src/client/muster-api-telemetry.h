/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

#include "model/muster-metric.h"

G_BEGIN_DECLS

/* What is known of metrics, and what is made of samples. Exclusions, annotations and derived
 * metrics are listed, added, changed and deleted by muster-api-collection.h. Times are milliseconds
 * since 1970. */

/* Resolves to a MusterApiPage of MusterMetric that match QUERY (nullable). */
DexFuture *muster_api_metrics_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Makes one of MEMBERS (taken). Resolves to the MusterMetric. */
DexFuture *muster_api_metrics_create (MusterApiClient *client, JsonObject *members);
/* Sets the members of CHANGES (taken) of the record at REVISION (0: whichever). Resolves to the
 * MusterMetric as it is now. */
DexFuture *muster_api_metrics_update (MusterApiClient *client,
                                      const char      *id,
                                      JsonObject      *changes,
                                      gint64           revision);
/* Resolves to TRUE. */
DexFuture *muster_api_metrics_delete (MusterApiClient *client, const char *id, gint64 revision);

/* Reckons the derived metric ID anew from what is stored from FROM to TO (0: now), of DEVICE_ID
 * (nullable: of all it is of). Resolves to a JsonObject (boxed) {"stored"}. */
DexFuture *muster_api_derived_metrics_recalculate (MusterApiClient *client,
                                                   const char      *id,
                                                   const char      *device_id,
                                                   gint64           from,
                                                   gint64           to);

/* What EXPRESSION is at present, of DEVICE_ID (nullable) or a device of PRODUCT_ID (nullable).
 * Resolves to a JsonObject (boxed) {"device_id","value","inputs":[{"metric","value","at"}…]};
 * rejects with a row at /expression that says at which character what is wrong. */
DexFuture *muster_api_derived_metrics_preview (MusterApiClient *client,
                                               const char      *expression,
                                               const char      *device_id,
                                               const char      *product_id);
/* What would be deleted if retention classes were CLASSES (taken) (nullable: as they are), and the
 * room MAX_BYTES (below 0: as it is). Resolves to a JsonObject (boxed) {"items":[{"id","name",
 * "samples","bytes","rollup_bytes","series","from","to"}…],"samples","bytes","max_bytes",
 * "kept_in"}. */
DexFuture *muster_api_retention_preview (MusterApiClient *client,
                                         JsonArray       *classes,
                                         gint64           max_bytes);
/* The same for one change: of the class ID among CLASSES (element-type MusterEntity), all that
 * there are, to what CHANGES say; ID NULL: for a new one; CHANGES NULL: without it. */
DexFuture *muster_api_retention_preview_change (MusterApiClient *client,
                                                GPtrArray       *classes,
                                                const char      *id,
                                                JsonObject      *changes);
/* What there is, by retention class: resolves to the same. */
DexFuture *muster_api_retention_get_statistics (MusterApiClient *client);

/* How a CSV file of samples is read. */
typedef struct
{
  const char *device;        /* (nullable): whose the rows are that name none */
  const char *zone;          /* (nullable): of times that name none; that of the daemon's machine */
  gboolean    decimal_comma; /* 21,5 is a number */
  gboolean    is_preview;    /* nothing is stored */
} MusterApiSamplesImport;

/* Resolves to a JsonObject (boxed) {"stored","refused","rows","samples","wrong","from","to",
 * "devices","metrics","errors":[{"row","column","detail"}]}. */
DexFuture *muster_api_samples_import (MusterApiClient              *client,
                                      GBytes                       *file,
                                      const MusterApiSamplesImport *options);

G_END_DECLS
