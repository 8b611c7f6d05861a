/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "muster-sample-engine.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/**
 * MusterSampleExport:
 *
 * Stored samples as text, made while it is read: memory does not grow with the range. Reads block,
 * so they belong on another thread, where GIO's asynchronous reading has them.
 *
 * CSV (RFC 4180): timestamp, device_id, metric, value, quality; NDJSON: an object a line with the
 * same members. Device after device, in order of time.
 */
#define MUSTER_TYPE_SAMPLE_EXPORT (muster_sample_export_get_type ())
G_DECLARE_FINAL_TYPE (MusterSampleExport, muster_sample_export, MUSTER, SAMPLE_EXPORT, GInputStream)

/* QUERY is copied: its devices, metrics (NULL: all), range and what is excluded. */
GInputStream *muster_sample_export_new (MusterSampleEngine      *engine,
                                        const MusterSeriesQuery *query,
                                        MusterSampleFormat       format);

G_END_DECLS
