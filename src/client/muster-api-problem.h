/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-error.h"

G_BEGIN_DECLS

/* What a status of 400 to 599 means; FAILED for those without a code of their own. */
MusterError muster_api_problem_get_code (unsigned status);

/**
 * muster_api_problem_decode:
 * @status: of the answer, 300 to 599
 * @content_type: (nullable): without parameters
 * @body: what came with it
 *
 * Reads a problem document (RFC 9457) with the members `detail`, `title`, `errors` (rows of
 * `pointer` and `detail`), `allowed` and `blockers`. Anything else, a proxy's HTML page say,
 * becomes a message that names the status alone.
 *
 * Returns: (transfer full): a MUSTER_ERROR
 */
GError *muster_api_problem_decode (unsigned status, const char *content_type, GBytes *body);

/* The same from a document that is parsed already; STATUS 0: the document's own. */
GError *muster_api_problem_decode_object (unsigned status, JsonObject *problem);

G_END_DECLS
