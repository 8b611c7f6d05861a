/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The member NAME if it is there and of that kind: JSON from outside may have any shape. Borrowed.
 */
const char *muster_api_json_get_string (JsonObject *object, const char *name); /* or NULL */
JsonObject *muster_api_json_get_object (JsonObject *object, const char *name); /* or NULL */
JsonArray  *muster_api_json_get_array (JsonObject *object, const char *name);  /* or NULL */
gint64      muster_api_json_get_integer (JsonObject *object,
                                         const char *name,
                                         gint64      fallback); /* or FALLBACK */
double      muster_api_json_get_double (JsonObject *object,
                                        const char *name,
                                        double      fallback); /* any number, or FALLBACK */
gboolean    muster_api_json_get_boolean (JsonObject *object, const char *name); /* or FALSE */
/* UTC microseconds of an ISO 8601 text or a number of milliseconds; -1 when it is neither. */
gint64 muster_api_json_get_time (JsonObject *object, const char *name);

/* NODE as JSON text with the shortest numbers that read back the same, on one line or (PRETTY)
 * indented: (transfer full). */
char *muster_api_json_to_string (JsonNode *node, gboolean pretty);

/* NODE's object, or NULL where it is something else. */
JsonObject *muster_api_json_as_object (JsonNode *node);

G_END_DECLS
