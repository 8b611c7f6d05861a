/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"
#include "muster-api-reading.h"

#include "model/muster-device.h"
#include "model/muster-metric.h"

G_BEGIN_DECLS

/* More would not fit into one request. */
#define MUSTER_API_IDS_MAXIMUM 800

/* --- records. QUERY may be NULL. --- */

/* Resolves to a MusterApiPage of MusterDevice. */
DexFuture *muster_api_devices_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Every match in order, limit and cursor ignored: resolves to a GStrv (G_TYPE_STRV). */
DexFuture *muster_api_devices_list_ids (MusterApiClient *client, const MusterApiListQuery *query);
/* The records of at most MUSTER_API_IDS_MAXIMUM IDS, in no order; missing ones are left out:
 * resolves to a MusterApiPage of MusterDevice. */
DexFuture *muster_api_devices_list_by_ids (MusterApiClient *client, const char *const *ids);
/* Resolves to a MusterDevice. */
DexFuture *muster_api_devices_get (MusterApiClient *client, const char *id);
/* Resolves to the MusterDevice as it was made. */
DexFuture *muster_api_devices_create (MusterApiClient *client, MusterDevice *device);
/* Sets the members of CHANGES (taken). REVISION 0: whichever; else MUSTER_ERROR_PRECONDITION when
 * it changed since. Resolves to the MusterDevice as it is now. */
DexFuture *muster_api_devices_update (MusterApiClient *client,
                                      const char      *id,
                                      JsonObject      *changes,
                                      gint64           revision);
/* Resolves to TRUE. */
DexFuture *muster_api_devices_delete (MusterApiClient *client, const char *id, gint64 revision);

/* --- life --- */

/* Resolves to a JsonObject
 * {"status","live":{"state","since","proofs":[{"kind","at","age_ms","fresh","detail"}…]}}. */
DexFuture *muster_api_devices_get_status (MusterApiClient *client, const char *id);
/* Resolves to TRUE; MUSTER_ERROR_CONFLICT names the states allowed next. */
DexFuture *muster_api_devices_set_status (MusterApiClient   *client,
                                          const char        *id,
                                          MusterDeviceStatus status);
/* Resolves to a MusterApiPage of MusterDeviceEvent, newest first unless QUERY sorts otherwise. */
DexFuture *muster_api_devices_list_events (MusterApiClient          *client,
                                           const char               *id,
                                           const MusterApiListQuery *query);

/* --- metrics --- */

/* A metric with its newest sample. */
#define MUSTER_TYPE_API_METRIC (muster_api_metric_get_type ())
G_DECLARE_FINAL_TYPE (MusterApiMetric, muster_api_metric, MUSTER, API_METRIC, GObject)
MusterMetric     *muster_api_metric_get_metric (MusterApiMetric *self); /* borrowed */
MusterApiReading *muster_api_metric_get_latest (MusterApiMetric *self); /* borrowed (nullable) */

/* Resolves to a MusterApiPage of MusterApiMetric. */
DexFuture *muster_api_devices_list_metrics (MusterApiClient *client, const char *id);

/* --- control --- */

/* Pairs a record whose candidate is on the network. SECRET NULL: that of the record; NAME NULL: as
 * it is. Resolves to the MusterDevice. */
DexFuture *muster_api_devices_adopt (MusterApiClient *client,
                                     const char      *id,
                                     const char      *secret,
                                     const char      *name);
/* Takes its account away. Resolves to TRUE. */
DexFuture *muster_api_devices_release (MusterApiClient *client, const char *id);
/* KIND: nick of MusterCommandKind; METRIC and VALUE (taken) for "write". Resolves to a
 * MusterDeviceCommand, which is on its way. */
DexFuture *muster_api_devices_command (MusterApiClient *client,
                                       const char      *id,
                                       const char      *kind,
                                       const char      *metric,
                                       JsonNode        *value);
/* Resolves to a MusterApiPage of MusterDeviceCommand. */
DexFuture *muster_api_devices_list_commands (MusterApiClient          *client,
                                             const char               *id,
                                             const MusterApiListQuery *query);
/* A new token for HTTP ingestion; the one before is void. Resolves to a JsonObject {"token"}. */
DexFuture *muster_api_devices_make_token (MusterApiClient *client, const char *id);
/* A broker account for a device of another make; FAMILY (nullable): whose topics it uses beside
 * those of Sparkplug. Resolves to a JsonObject
 * {"username","password","host","port","ca_certificate","group_id"}. */
DexFuture *muster_api_devices_make_account (MusterApiClient *client,
                                            const char      *id,
                                            const char      *family);

G_END_DECLS
