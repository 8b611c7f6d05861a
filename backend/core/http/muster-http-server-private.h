/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "muster-http-connection.h"
#include "muster-http-policy.h"
#include "muster-http-server.h"
#include "muster-retries.h"
#include "muster-live-hub.h"
#include "muster-router-private.h"

G_BEGIN_DECLS

/* What an exchange needs of its server. */
MusterRouter *muster_http_server_get_router (MusterHttpServer *self);
/* The actor behind TOKEN: as MusterAuthenticate; rejects when there is no way to know. */
DexFuture *muster_http_server_authenticate (MusterHttpServer *self, const char *token);
/* Who LOCAL is: as MusterIdentify. */
DexFuture *muster_http_server_identify (MusterHttpServer *self, MusterActor *local);
/* What lets REQUEST's caller listen; NULL where nobody says who that is: (transfer full). */
MusterLivePass *muster_http_server_make_pass (MusterHttpServer *self, MusterRequest *request);
/* The same by a TOKEN of ACTOR that was shown otherwise. */
MusterLivePass   *muster_http_server_make_token_pass (MusterHttpServer *self,
                                                      const char       *token,
                                                      MusterActor      *actor);
MusterHttpPolicy *muster_http_server_get_policy (MusterHttpServer *self);
MusterRetries    *muster_http_server_get_retries (MusterHttpServer *self);
const char       *muster_http_server_get_spool_folder (MusterHttpServer *self);
MusterLiveHub    *muster_http_server_get_live_hub (MusterHttpServer *self);
/* What one request came to. */
void     muster_http_server_count (MusterHttpServer       *self,
                                   const MusterRouteEntry *entry,
                                   unsigned                status,
                                   gint64                  elapsed);
gboolean muster_http_server_is_draining (MusterHttpServer *self);
/* Counts the handlers at work, so that a stop can wait for them. */
void muster_http_server_hold (MusterHttpServer *self);
void muster_http_server_release (MusterHttpServer *self);

G_END_DECLS
