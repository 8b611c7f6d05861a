/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ingest.h"

G_BEGIN_DECLS

#define MUSTER_REMOTE_WRITE_MAX_BODY (8 * 1024 * 1024)   /* bytes as sent */
#define MUSTER_REMOTE_WRITE_MAX_PLAIN (32 * 1024 * 1024) /* bytes behind snappy */
#define MUSTER_REMOTE_WRITE_MAX_SAMPLES 200000
#define MUSTER_REMOTE_WRITE_MAX_LABELS 64 /* of one series */

/**
 * muster_remote_write_decode:
 *
 * Reads a Prometheus remote-write 1.0 body: a `prometheus.WriteRequest` in the block format of
 * snappy. The device is the one that the first of the labels `device_id`, `device`, `serial`,
 * `instance` and `host` names which SENDER knows (`instance` with or without its port), or the
 * sender's own. The metric is `__name__` with the other labels behind it in order of their names,
 * `name/key=value`; labels that name the device are left out, `=` and `\` within a value have a `\`
 * before them.
 *
 * The mark of a series that ended becomes null with MUSTER_SAMPLE_STALE; NaN becomes null, and an
 * infinite value null with MUSTER_SAMPLE_BAD. Exemplars and metadata are not taken.
 *
 * Returns: (transfer full): with what is refused of single series; NULL with
 * MUSTER_ERROR_MALFORMED or MUSTER_ERROR_TOO_LARGE where the body is none
 */
MusterIngest *muster_remote_write_decode (GBytes                   *body,
                                          const MusterIngestSender *sender,
                                          GError                  **error);
/* The same behind snappy. */
MusterIngest *muster_remote_write_decode_plain (const guint8             *data,
                                                gsize                     size,
                                                const MusterIngestSender *sender,
                                                GError                  **error);

G_END_DECLS
