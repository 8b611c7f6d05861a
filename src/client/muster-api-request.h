/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * MusterApiRequest:
 *
 * One question to the daemon, built step by step, then handed to [method@Muster.ApiClient.send].
 * Reference counted; not changed any more once it was sent.
 */
typedef struct _MusterApiRequest MusterApiRequest;

#define MUSTER_TYPE_API_REQUEST (muster_api_request_get_type ())
GType muster_api_request_get_type (void);

/* METHOD: a static string. SEGMENTS: path segments up to a NULL, escaped one by one but for the
 * slashes of the first; a last "" makes a trailing slash. */
MusterApiRequest *muster_api_request_new (const char *method, ...) G_GNUC_NULL_TERMINATED;
MusterApiRequest *muster_api_request_ref (MusterApiRequest *self);
void              muster_api_request_unref (MusterApiRequest *self);

/* A NULL value is left out. */
void muster_api_request_add_query (MusterApiRequest *self, const char *name, const char *value);
void muster_api_request_add_query_integer (MusterApiRequest *self, const char *name, gint64 value);
/* Takes NODE as the JSON body. */
void muster_api_request_take_json (MusterApiRequest *self, JsonNode *node);
/* Takes OBJECT as the JSON body. */
void muster_api_request_take_object (MusterApiRequest *self, JsonObject *object);
/* BODY as it is, of MEDIA_TYPE (a static string). */
void muster_api_request_set_body (MusterApiRequest *self, const char *media_type, GBytes *body);
/* The revision that the change builds on: `If-Match`. 0: whichever. */
void muster_api_request_set_revision (MusterApiRequest *self, gint64 revision);
/* NULL: a new one. Makes repeating a POST safe; muster_api_request_new() gives every POST one. */
void muster_api_request_set_idempotency_key (MusterApiRequest *self, const char *key);
/* From sending to the last byte, repeats included. In ms; 0: none; 30 s unless told. */
void muster_api_request_set_deadline (MusterApiRequest *self, unsigned milliseconds);
/* The longest answer taken, in bytes after decompression; 64 MiB unless told. */
void muster_api_request_set_limit (MusterApiRequest *self, gsize bytes);
/* The media type that the answer must have ("text/csv"), a static string; application/json unless
 * told. */
void muster_api_request_set_accept (MusterApiRequest *self, const char *media_type);
/* Do not repeat it, whatever the policy says. */
void muster_api_request_set_single (MusterApiRequest *self, gboolean single);

/* Who asks stands in the body, as in a sign-in: a 401 says nothing of the client's own tokens. */
void muster_api_request_set_speaks_for_itself (MusterApiRequest *self, gboolean speaks_for_itself);
gboolean    muster_api_request_get_speaks_for_itself (MusterApiRequest *self);
const char *muster_api_request_get_method (MusterApiRequest *self);
/* Escaped, without the query. */
const char *muster_api_request_get_path (MusterApiRequest *self);
/* Asks for what was then, UTC microseconds; 0: for what is. */
void muster_api_request_set_as_of (MusterApiRequest *self, gint64 at);
/* Escaped path and query: "/devices/?q=a%20b". (transfer full). */
char       *muster_api_request_dup_path (MusterApiRequest *self);
GBytes     *muster_api_request_get_body (MusterApiRequest *self); /* borrowed (nullable) */
const char *muster_api_request_get_body_type (MusterApiRequest *self);
gint64      muster_api_request_get_revision (MusterApiRequest *self);
const char *muster_api_request_get_idempotency_key (MusterApiRequest *self); /* (nullable) */
unsigned    muster_api_request_get_deadline (MusterApiRequest *self);
gsize       muster_api_request_get_limit (MusterApiRequest *self);
const char *muster_api_request_get_accept (MusterApiRequest *self);
/* Whether sending it twice does no more than once. */
gboolean muster_api_request_is_repeatable (MusterApiRequest *self);
/* Whether concurrent callers may share one exchange: a GET. */
gboolean muster_api_request_is_shareable (MusterApiRequest *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterApiRequest, muster_api_request_unref)

G_END_DECLS
