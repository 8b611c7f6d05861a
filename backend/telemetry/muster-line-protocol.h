/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ingest.h"
#include "muster-sample-chunk.h"

G_BEGIN_DECLS

/* Bytes of a body, unpacked. */
#define MUSTER_LINE_MAX_BODY (64 * 1024 * 1024)

/* What came of a body of InfluxDB's line protocol. */
typedef struct
{
  MusterSampleChunk *chunk;     /* (owned) what is taken */
  guint64            n_refused; /* lines */
  GString           *reasons;   /* (owned) of the first of them, a line each */
} MusterLines;

void muster_lines_free (MusterLines *self);

/**
 * muster_lines_decode:
 * @multiplier: microseconds of one unit of a time stamp, or
 * @divisor: units of one microsecond; the other is 1
 *
 * Reads the line protocol (InfluxDB's reference of it, version 2):
 * `measurement,tag=value field=value,… timestamp`. The device is the one that the first known of
 * the tags `device_id`, `device`, `serial` and `host` names, or SENDER's own; the metric is
 * `measurement/tag=value/…/field`, tags sorted, a field `value` left out. A line is taken whole or
 * refused with a reason; the others stand. From any thread, where SENDER's look-up may be.
 *
 * Returns: (transfer full)
 */
MusterLines *muster_lines_decode (const char               *body,
                                  gsize                     length,
                                  gint64                    multiplier,
                                  gint64                    divisor,
                                  const MusterIngestSender *sender);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterLines, muster_lines_free)

G_END_DECLS
