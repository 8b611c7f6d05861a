/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A successful answer (2xx), immutable. */
#define MUSTER_TYPE_API_RESPONSE (muster_api_response_get_type ())
G_DECLARE_FINAL_TYPE (MusterApiResponse, muster_api_response, MUSTER, API_RESPONSE, GObject)

/* CONTENT_TYPE without parameters, may be NULL where BODY is empty. REVISION: of the entity tag, or
 * 0. */
MusterApiResponse *muster_api_response_new (unsigned    status,
                                            const char *content_type,
                                            gint64      revision,
                                            GBytes     *body);
unsigned           muster_api_response_get_status (MusterApiResponse *self);
gint64             muster_api_response_get_revision (MusterApiResponse *self);
const char        *muster_api_response_get_content_type (MusterApiResponse *self); /* (nullable) */
GBytes            *muster_api_response_get_body (MusterApiResponse *self);         /* borrowed */
/* The parsed body: (transfer full). MUSTER_ERROR_PROTOCOL when it isn't JSON. */
JsonNode *muster_api_response_parse (MusterApiResponse *self, GError **error);
/* The same, where only an object will do. */
JsonObject *muster_api_response_parse_object (MusterApiResponse *self, GError **error);

/* Parses strict JSON text of at most 1,000 levels. WHAT begins the message: "the daemon's answer".
 */
JsonNode *muster_api_parse_json (GBytes *bytes, const char *what, GError **error);

G_END_DECLS
