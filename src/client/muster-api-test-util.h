/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "muster-api-client.h"

G_BEGIN_DECLS

/* A daemon that says what a test tells it to, in the order of the script, on loopback or a Unix
 * socket. */
typedef struct
{
  SoupServer              *server;
  MusterApiClient         *client;   /* of it, without retries */
  GQueue                   script;   /* of answers to come */
  GPtrArray               *requests; /* (element-type utf8): "METHOD path?query", as they came */
  GPtrArray               *bodies;   /* (element-type utf8) */
  SoupMessageHeaders      *headers;  /* of the newest request */
  unsigned                 n_closed; /* connections that the client closed before it was answered */
  SoupWebsocketConnection *socket;   /* (nullable): the newest */
  GPtrArray               *frames;   /* (element-type utf8): what came over it */
  unsigned                 n_sockets;
  gboolean                 forbids_stream;
  unsigned                 n_forbidden; /* times that the stream was asked for in vain */
} MusterTestApi;

/* SOCKET: path to listen at, or NULL for loopback. */
MusterTestApi *muster_test_api_new (const char *socket);
void           muster_test_api_free (MusterTestApi *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTestApi, muster_test_api_free)

/* The next answer. TYPE NULL: no body. */
void muster_test_api_push (MusterTestApi *self,
                           unsigned       status,
                           const char    *type,
                           const char    *body);
void muster_test_api_push_json (MusterTestApi *self, const char *json);
/* Of the answer pushed last. */
void muster_test_api_set_header (MusterTestApi *self, const char *name, const char *value);
void muster_test_api_set_delay (MusterTestApi *self, unsigned milliseconds);
void muster_test_api_set_broken (MusterTestApi *self);

const char *muster_test_api_get_request (MusterTestApi *self, unsigned index);
const char *muster_test_api_get_body (MusterTestApi *self, unsigned index);

/* In a fiber: lets the main loop run until N_FRAMES came in all, then gives the last of them. */
const char *muster_test_api_await_frame (MusterTestApi *self, unsigned n_frames);
void        muster_test_api_say (MusterTestApi *self, const char *frame);

/* In a fiber: lets the main loop run until *VALUE >= GOAL, for at most five seconds. */
void muster_test_await_count (const unsigned *value, unsigned goal);

G_END_DECLS
