/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-sample.h"

G_BEGIN_DECLS

/* The most samples one request may bring. */
#define MUSTER_INGEST_MAX_SAMPLES 20000

/**
 * muster_ingest_body_decode:
 *
 * Reads the body of POST /monitoring/data: one reading, an array of them, or `{"items":[…]}`. A
 * reading is
 * `{"device_id","timestamp","metric","value"}` or
 * `{"device_id","timestamp","metrics":{"temperature":21.5,…}}`; `timestamp` is ISO 8601 or
 * milliseconds since 1970 and NOW (UTC microseconds) where it is missing; `device_id` may be left
 * out when OWN_DEVICE is given, and must equal it if it is there.
 *
 * Returns: (transfer full) (element-type MusterSampleBatch): one batch a device, or NULL with
 * MUSTER_ERROR_INVALID that names every refused member
 */
GPtrArray *muster_ingest_body_decode (JsonNode   *body,
                                      const char *own_device,
                                      gint64      now,
                                      GError    **error);

G_END_DECLS
