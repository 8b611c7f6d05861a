/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "muster-sample-file.h"
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

typedef gboolean (*MusterSampleExportFunc) (MusterSampleTable *table,
                                            MusterSampleFile  *file,
                                            gpointer           user_data,
                                            GError           **error);

/* Whatever has samples, from any thread. */
typedef struct
{
  /* Calls FUNC with where the samples of QUERY are: of its device, metrics and range. */
  gboolean (*read) (gpointer                 source,
                    const MusterSampleQuery *query,
                    MusterSampleExportFunc   func,
                    gpointer                 user_data,
                    GError                 **error);
  void (*unref) (gpointer source);
} MusterSampleExportSource;

/* SOURCE (transfer full) as KIND says. QUERY is copied: its devices, metrics (NULL: all), range and
 * what is excluded. */
GInputStream *muster_sample_export_new (gpointer                        source,
                                        const MusterSampleExportSource *kind,
                                        const MusterSeriesQuery        *query,
                                        MusterSampleFormat              format);

G_END_DECLS
