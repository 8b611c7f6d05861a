/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-metric-units.h"
#include "muster-telemetry.h"

G_BEGIN_DECLS

/* What the ways in have in common. */

#define MUSTER_INGEST_MAX_NAME 200 /* bytes of a metric's name */

/* Rows older than this are stored as they are, and nobody is told: they are history. */
#define MUSTER_INGEST_LIVE_USEC (5 * G_TIME_SPAN_MINUTE)

/* The device that KEY means, or NULL. */
typedef const char *(*MusterDeviceLookup) (const char *key, gpointer user_data);

/* Who sends, and when. */
typedef struct
{
  MusterDeviceLookup lookup;
  gpointer           lookup_data;
  const char        *own_device; /* (nullable): the one device that the sender may write for */
  gint64             now;        /* UTC microseconds */
  MusterMetricUnits *units; /* (nullable): what a value is turned into that tells its own unit */
} MusterIngestSender;

/* What came of a request: batches by device, and what of it was refused, with the first few reasons
 * in words. */
typedef struct _MusterIngest MusterIngest;

MusterIngest *muster_ingest_new (void);
void          muster_ingest_free (MusterIngest *self);
/* The one batch of DEVICE_ID: borrowed. */
MusterSampleBatch *muster_ingest_get_batch (MusterIngest *self, const char *device_id);
/* (element-type MusterSampleBatch): borrowed. */
GPtrArray *muster_ingest_get_batches (MusterIngest *self);
/* N_SAMPLES are not taken. */
void muster_ingest_refuse (MusterIngest *self, guint64 n_samples, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
guint64 muster_ingest_get_refused (MusterIngest *self);
/* The reasons, a line each: borrowed; "" without. */
const char *muster_ingest_get_reasons (MusterIngest *self);
/* The flags of a sample of TIME that is told at NOW. */
MusterSampleFlags muster_ingest_get_flags (gint64 time, gint64 now);

/* In a fiber: hands every batch to TELEMETRY and waits until all are durable; adds up what is
 * stored and what the store refuses. */
gboolean muster_ingest_await_stored (MusterIngest    *self,
                                     MusterTelemetry *telemetry,
                                     gint64          *stored,
                                     gint64          *refused,
                                     GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterIngest, muster_ingest_free)

G_END_DECLS
