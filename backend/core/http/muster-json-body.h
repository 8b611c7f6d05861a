/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define MUSTER_JSON_MAX_DEPTH 32

/* Parses BYTES strictly (RFC 8259): MUSTER_ERROR_MALFORMED that names line and column, or the depth
 * limit. */
JsonNode *muster_json_body_parse (GBytes *bytes, GError **error);

G_END_DECLS
