/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-bus.h"
#include "core/muster-service.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/**
 * MusterTelemetry:
 *
 * The one door through which samples come in, whatever brought them: stored first, then published
 * on the bus (topic `telemetry`), so that nothing is seen live that a loss of power could take
 * back.
 */
#define MUSTER_TYPE_TELEMETRY (muster_telemetry_get_type ())
G_DECLARE_FINAL_TYPE (MusterTelemetry, muster_telemetry, MUSTER, TELEMETRY, MusterService)

MusterTelemetry   *muster_telemetry_new (MusterSampleStore *store, MusterBus *bus);
MusterSampleStore *muster_telemetry_get_store (MusterTelemetry *self);

/* Resolves to the number (int64) of samples refused once the others are durable and published.
 * Historical samples are stored but not published, transient ones published but not stored. */
DexFuture *muster_telemetry_ingest (MusterTelemetry *self, MusterSampleBatch *batch);
/* What becomes of each batch before it is stored: (transfer full), it or another; and whether
 * anything ever becomes of a device's. */
typedef MusterSampleBatch *(*MusterTelemetryFilter) (MusterSampleBatch *batch, gpointer user_data);
typedef gboolean (*MusterTelemetryWants) (const char *device_id, gpointer user_data);
void muster_telemetry_set_filter (MusterTelemetry      *self,
                                  MusterTelemetryFilter filter,
                                  MusterTelemetryWants  wants,
                                  gpointer              user_data);

/* The same for samples of many devices at once, none of which muster_telemetry_wants(): CHUNK and
 * PACKED, its bytes, are taken. LIVE (element-type MusterSampleBatch) (transfer full): what of it
 * is published. Resolves to 0. */
DexFuture *muster_telemetry_ingest_chunk (MusterTelemetry   *self,
                                          MusterSampleChunk *chunk,
                                          GBytes            *packed,
                                          GPtrArray         *live);
/* Whether the samples of a device have to come as batches: they are checked, or others follow from
 * them. */
gboolean muster_telemetry_wants (MusterTelemetry *self, const char *device_id);
/* Whether anybody wants what is published. */
gboolean muster_telemetry_is_watched (MusterTelemetry *self);
/* Samples stored, and refused, since the start. */
gint64 muster_telemetry_get_stored (MusterTelemetry *self);
gint64 muster_telemetry_get_refused (MusterTelemetry *self);
/* Samples that could not be stored since the start, because the store failed (no space left). */
gint64 muster_telemetry_get_lost (MusterTelemetry *self);

G_END_DECLS
