/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  MUSTER_SAMPLE_NULL,
  MUSTER_SAMPLE_INTEGER, /* exact to the full int64; unsigned 64-bit values above INT64_MAX come as
                            doubles */
  MUSTER_SAMPLE_DOUBLE,
  MUSTER_SAMPLE_BOOLEAN,
  MUSTER_SAMPLE_STRING,
} MusterSampleType;

typedef enum
{
  MUSTER_SAMPLE_PLAIN = 0,
  MUSTER_SAMPLE_HISTORICAL = 1 << 0, /* stored, never shown as the live value */
  MUSTER_SAMPLE_TRANSIENT = 1 << 1,  /* shown live, not stored */
  MUSTER_SAMPLE_BAD = 1 << 2,        /* Sparkplug Quality 0 */
  MUSTER_SAMPLE_STALE = 1 << 3,      /* Sparkplug Quality 500 */
} MusterSampleFlags;

typedef struct
{
  const char       *metric; /* interned in the batch */
  gint64            time;   /* UTC microseconds */
  MusterSampleType  type;
  MusterSampleFlags flags;
  union
  {
    gint64      integer;
    double      number;
    gboolean    boolean;
    const char *text; /* owned by the batch */
  };
} MusterSample;

/* Samples of one device that belong together (one message): payload of the topic `telemetry`.
 * Built on one thread, then immutable and safe to share. */
#define MUSTER_TYPE_SAMPLE_BATCH (muster_sample_batch_get_type ())
G_DECLARE_FINAL_TYPE (MusterSampleBatch, muster_sample_batch, MUSTER, SAMPLE_BATCH, GObject)

MusterSampleBatch  *muster_sample_batch_new (const char *device_id);
const char         *muster_sample_batch_get_device_id (MusterSampleBatch *self);
void                muster_sample_batch_add_double (MusterSampleBatch *self,
                                                    const char        *metric,
                                                    gint64             time,
                                                    double             value,
                                                    MusterSampleFlags  flags);
void                muster_sample_batch_add_integer (MusterSampleBatch *self,
                                                     const char        *metric,
                                                     gint64             time,
                                                     gint64             value,
                                                     MusterSampleFlags  flags);
void                muster_sample_batch_add_boolean (MusterSampleBatch *self,
                                                     const char        *metric,
                                                     gint64             time,
                                                     gboolean           value,
                                                     MusterSampleFlags  flags);
void                muster_sample_batch_add_string (MusterSampleBatch *self,
                                                    const char        *metric,
                                                    gint64             time,
                                                    const char        *value,
                                                    MusterSampleFlags  flags);
void                muster_sample_batch_add_null (MusterSampleBatch *self,
                                                  const char        *metric,
                                                  gint64             time,
                                                  MusterSampleFlags  flags);
const MusterSample *muster_sample_batch_get (MusterSampleBatch *self, unsigned *n_samples);
/* {"device_id":"…","samples":[{"metric":"temperature","points":[[1767225600000,21.5],…]}…]}, times
 * in milliseconds, behind the value "bad" or "stale" where its quality is; only METRICS (a set)
 * unless NULL. FALSE with nothing appended when none matches.
 */
gboolean muster_sample_batch_encode (MusterSampleBatch *self, GHashTable *metrics, GString *json);
/* One value as JSON: number, true, "text", null. */
void muster_sample_encode_value (const MusterSample *sample, GString *json);

G_END_DECLS
