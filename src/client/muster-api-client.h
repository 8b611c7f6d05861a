/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "muster-api-request.h"
#include "muster-api-response.h"
#include "muster-api-retry.h"

G_BEGIN_DECLS

/**
 * MusterApiConnection:
 * @MUSTER_API_CONNECTION_CONNECTING: nothing was heard of the daemon yet
 * @MUSTER_API_CONNECTION_CONNECTED: it answers
 * @MUSTER_API_CONNECTION_RECONNECTING: it answered before and does not now
 * @MUSTER_API_CONNECTION_REFUSED: it is there, but token or certificate will not do: a person must
 * act
 */
typedef enum
{
  MUSTER_API_CONNECTION_CONNECTING,
  MUSTER_API_CONNECTION_CONNECTED,
  MUSTER_API_CONNECTION_RECONNECTING,
  MUSTER_API_CONNECTION_REFUSED,
} MusterApiConnection;

#define MUSTER_TYPE_API_CONNECTION (muster_api_connection_get_type ())
GType muster_api_connection_get_type (void);

typedef struct _MusterApiStream MusterApiStream;

/**
 * MusterApiClient:
 *
 * A daemon's API, over its Unix socket or HTTPS. Every exchange takes the one way through
 * [method@Muster.ApiClient.send]. Main thread only. Properties `connection`
 * ([enum@Muster.ApiConnection]), `reason` (string, null), `target` (string) and `as-of` notify.
 * Signal `sign-in-changed ()`.
 */
#define MUSTER_TYPE_API_CLIENT (muster_api_client_get_type ())
G_DECLARE_FINAL_TYPE (MusterApiClient, muster_api_client, MUSTER, API_CLIENT, GObject)

/* PATH of the daemon's socket; NULL: muster_api_client_dup_default_socket(). */
MusterApiClient *muster_api_client_new_for_socket (const char *path);
/* URI: `https://HOST[:PORT]`; `http://` to this machine alone. MUSTER_ERROR_INVALID for anything
 * else. */
MusterApiClient *muster_api_client_new_for_uri (const char *uri, GError **error);
/* `$XDG_RUNTIME_DIR/muster/api.sock`: (transfer full). */
char *muster_api_client_dup_default_socket (void);

/* Sent as `Authorization: Bearer`; NULL: none. */
void muster_api_client_set_token (MusterApiClient *self, const char *token);
/* The tokens of a person who signed in, sent instead of the one above until the sign-in ends; the
 * client renews them by itself. NULL, NULL: nobody is signed in. Emits `sign-in-changed` where they
 * are others, so that who keeps them keeps the newest. */
void muster_api_client_set_sign_in (MusterApiClient *self, const char *access, const char *refresh);
/* Gets the next tokens before the access token ends. Resolves to TRUE. */
DexFuture  *muster_api_client_renew_sign_in (MusterApiClient *self);
gboolean    muster_api_client_is_signed_in (MusterApiClient *self);
const char *muster_api_client_get_access_token (MusterApiClient *self);  /* (nullable) */
const char *muster_api_client_get_refresh_token (MusterApiClient *self); /* (nullable) */
/* Trust the certificate of this fingerprint and no other; NULL: trust by authority. Refuses a
 * malformed one. */
gboolean muster_api_client_set_pin (MusterApiClient *self, const char *fingerprint, GError **error);
/* Trust the authorities of this PEM file; NULL: the system's. */
gboolean muster_api_client_set_authority_file (MusterApiClient *self,
                                               const char      *path,
                                               GError         **error);
void     muster_api_client_set_retry (MusterApiClient *self, const MusterApiRetry *retry);

/* What a person would call the other end: the socket's path, or the URI. */
const char         *muster_api_client_get_target (MusterApiClient *self);
gboolean            muster_api_client_is_local (MusterApiClient *self);
MusterApiConnection muster_api_client_get_connection (MusterApiClient *self);
/* Whether it is refused for want of a token that is good: somebody has to sign in. Known when
 * `connection` is refused. */
gboolean muster_api_client_needs_sign_in (MusterApiClient *self);
/* Why it isn't connected, for a person; NULL when it is. */
const char *muster_api_client_get_reason (MusterApiClient *self);

/**
 * muster_api_client_send:
 * @request: (transfer none): what to ask
 *
 * Sends, repeats where that is safe and promising, and checks the answer: status first, then type
 * and length. Callers with the same GET at the same time share one exchange. Dropping the future
 * cancels it.
 *
 * Failures: a MUSTER_ERROR by the daemon's problem document (with its rows, allowed states and
 * blockers), MUSTER_ERROR_TIMED_OUT after the deadline, MUSTER_ERROR_PROTOCOL for what isn't the
 * API, MUSTER_API_CERTIFICATE_ERROR, or the transport's own domains (G_IO_ERROR, G_RESOLVER_ERROR,
 * G_TLS_ERROR).
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a [class@Muster.ApiResponse]
 */
DexFuture *muster_api_client_send (MusterApiClient *self, MusterApiRequest *request);

/* Looks at the site as it was at AT, UTC microseconds; 0: as it is. Questions about records are of
 * that moment from now on, what would change something is refused with MUSTER_ERROR_CONFLICT, and
 * the live stream tells nothing of records. What is on its way comes as it was asked for: whoever
 * cannot do with that waits until the client is not busy. */
void   muster_api_client_set_as_of (MusterApiClient *self, gint64 at);
gint64 muster_api_client_get_as_of (MusterApiClient *self);
/* Whether a request is on its way. Property `busy` notifies. */
gboolean muster_api_client_is_busy (MusterApiClient *self);

/* The client's live stream, made on first use: borrowed. Connects while it has subscriptions. */
MusterApiStream *muster_api_client_get_stream (MusterApiClient *self);

G_END_DECLS
