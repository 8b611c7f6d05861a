/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "muster-ingest.h"

G_BEGIN_DECLS

/* The most samples one request may bring. */
#define MUSTER_INGEST_MAX_SAMPLES 20000
/* The most sentences that an answer says of values that were stored as bad. */
#define MUSTER_INGEST_MAX_NOTES 20

/**
 * muster_ingest_body_decode:
 *
 * Reads the body of POST /monitoring/data: one reading, an array of them, or `{"items":[…]}`. A
 * reading is `{"device_id","timestamp","metric","value","unit"}` or
 * `{"device_id","timestamp","metrics":{"temperature":21.5,…},"units":{"temperature":"°F",…}}`.
 * `timestamp` is ISO 8601 or milliseconds since 1970, and SENDER's now where it is missing.
 * `device_id` may be left out where SENDER is a device, and must be that device if it is there;
 * `device` may stand in its place, with whatever SENDER's lookup knows a device by. A value that
 * tells its unit is turned into the one that its metric is kept in; one that cannot be is marked as
 * bad, and NOTES (nullable, element-type utf8, owning) gets a sentence that says why.
 *
 * Returns: (transfer full) (element-type MusterSampleBatch): one batch a device, or NULL with
 * MUSTER_ERROR_INVALID that names every refused member
 */
GPtrArray *muster_ingest_body_decode (JsonNode                 *body,
                                      const MusterIngestSender *sender,
                                      GPtrArray                *notes,
                                      GError                  **error);
/* Appends `,"notes":["…"]` to JSON; nothing where there are none. */
void muster_ingest_body_append_notes (GPtrArray *notes, GString *json);

G_END_DECLS
