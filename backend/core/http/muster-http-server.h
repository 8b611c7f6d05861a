/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-bus.h"
#include "core/muster-database.h"
#include "core/muster-metrics.h"
#include "core/muster-service.h"
#include "core/muster-settings.h"
#include "muster-router.h"

G_BEGIN_DECLS

/**
 * MusterHttpServer:
 *
 * libsoup behind the router: Unix socket and TCP with TLS, authentication, limits, idempotency
 * keys, gzip, access log, graceful drain, and the live stream /ws/monitoring on the bus.
 */
#define MUSTER_TYPE_HTTP_SERVER (muster_http_server_get_type ())
G_DECLARE_FINAL_TYPE (MusterHttpServer, muster_http_server, MUSTER, HTTP_SERVER, MusterService)

/* Resolves to a MusterActor, or rejects with MUSTER_ERROR_UNAUTHORIZED. TOKEN: of `Authorization:
 * Bearer`; on the Unix socket too, where one is shown.
 */
typedef DexFuture *(*MusterAuthenticate) (const char *token, gpointer user_data);

/* Resolves to the MusterActor that a user of this machine is, whom the peer credentials show as
 * LOCAL; rejects with MUSTER_ERROR_FORBIDDEN. */
typedef DexFuture *(*MusterIdentify) (MusterActor *local, gpointer user_data);

/* DATABASE (nullable): journal replay for the live stream, and the store of idempotency keys. */
MusterHttpServer *muster_http_server_new (MusterRouter   *router,
                                          MusterBus      *bus,
                                          MusterDatabase *database);
void              muster_http_server_set_authenticate (MusterHttpServer  *self,
                                                       MusterAuthenticate authenticate,
                                                       gpointer           user_data,
                                                       GDestroyNotify     destroy);
/* Without, whoever may open the socket at all is who the peer credentials show. */
void muster_http_server_set_identify (MusterHttpServer *self,
                                      MusterIdentify    identify,
                                      gpointer          user_data);
/* Who may act may have changed: live streams of those who may not any more end. */
void muster_http_server_recheck_live (MusterHttpServer *self);
/* Web origins and rate limits for those elsewhere, as SETTINGS (muster_http_settings) say; without,
 * no page may read answers, and nothing is limited. */
void muster_http_server_set_settings (MusterHttpServer *self, MusterSettings *settings);
/* Before the start. PATH: of the socket, made 0600 (an old one is replaced). */
void muster_http_server_set_unix_path (MusterHttpServer *self, const char *path);
/* Before the start. ADDRESS: IP to listen on ("127.0.0.1", "::"); PORT 0: any free one. CERTIFICATE
 * NULL: plain HTTP, for loopback only. */
void muster_http_server_add_tcp (MusterHttpServer *self,
                                 const char       *address,
                                 guint16           port,
                                 GTlsCertificate  *certificate);
/* Whether callers by HTTPS are asked for a certificate (muster_request_get_certificate()), which
 * they need not have: connections from now on. A browser that has some asks its user which to show.
 */
void muster_http_server_set_asks (MusterHttpServer *self, gboolean asks);
/* Before the start. FOLDER: where bodies of MUSTER_ROUTE_SPOOL routes are kept while they are
 * worked on; the system's for temporary files unless told. */
void muster_http_server_set_spool_folder (MusterHttpServer *self, const char *folder);
/* (transfer full) (array zero-terminated=1): "https://127.0.0.1:43117" … once running. */
char **muster_http_server_list_uris (MusterHttpServer *self);
/* Requests by route and status with their durations, connections and live streams. */
void muster_http_server_add_metrics (MusterHttpServer *self, MusterMetrics *metrics);

G_END_DECLS
