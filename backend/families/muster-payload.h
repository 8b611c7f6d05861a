/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-metric.h"
#include "model/muster-sample.h"

G_BEGIN_DECLS

#define MUSTER_PAYLOAD_MAX (1024 * 1024) /* bytes: what the broker hands on at most */
#define MUSTER_PAYLOAD_MAX_DEPTH 12      /* of JSON within JSON */
#define MUSTER_PAYLOAD_MAX_LEAVES 1000   /* of one message */
#define MUSTER_PAYLOAD_MAX_TEXT 2000     /* characters of a text as a value */

/* A payload as text: (transfer full); NULL when it is too long or no UTF-8 text. */
char *muster_payload_to_text (const guint8 *data, gsize size);
/* As JSON: (transfer full); NULL when it is none, too long or too deep. */
JsonNode *muster_payload_to_json (const guint8 *data, gsize size);

/* One value of a JSON payload. */
typedef void (*MusterPayloadLeaf) (const char *path, JsonNode *value, gpointer user_data);

/* Calls LEAF for each number, text, boolean and null in NODE by its path: members and array indices
 * parted by `/` behind PREFIX. FALSE when there are more than the limit, whose rest is left out. */
gboolean muster_payload_flatten (JsonNode         *node,
                                 const char       *prefix,
                                 MusterPayloadLeaf leaf,
                                 gpointer          user_data);

/* NODE (nullable) as a value of DATATYPE: numbers from text, booleans from what devices write for
 * them (on, off, true, false, yes, no, 1, 0, open, closed, online, offline …, without regard to
 * case) or from ON and OFF where given. SAMPLE's text belongs to NODE. FALSE: it is no such value.
 */
gboolean muster_payload_read_value (JsonNode      *node,
                                    MusterDatatype datatype,
                                    const char    *on,
                                    const char    *off,
                                    MusterSample  *sample);
/* The datatype that a value speaks for; IS_TEXT: of a payload that is nothing but the value, where
 * numbers come as text. */
MusterDatatype muster_payload_guess_datatype (JsonNode *node, gboolean is_text);

G_END_DECLS
