/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-sample.h"

G_BEGIN_DECLS

/* Datatypes of Sparkplug B 3.0, chapter 6.4.16. */
typedef enum
{
  MUSTER_SPARKPLUG_UNKNOWN = 0, /* DATA messages may leave it out: that of the birth holds */
  MUSTER_SPARKPLUG_INT8,
  MUSTER_SPARKPLUG_INT16,
  MUSTER_SPARKPLUG_INT32,
  MUSTER_SPARKPLUG_INT64,
  MUSTER_SPARKPLUG_UINT8,
  MUSTER_SPARKPLUG_UINT16,
  MUSTER_SPARKPLUG_UINT32,
  MUSTER_SPARKPLUG_UINT64,
  MUSTER_SPARKPLUG_FLOAT,
  MUSTER_SPARKPLUG_DOUBLE,
  MUSTER_SPARKPLUG_BOOLEAN,
  MUSTER_SPARKPLUG_STRING,
  MUSTER_SPARKPLUG_DATE_TIME, /* UTC milliseconds since 1970 */
  MUSTER_SPARKPLUG_TEXT,
  MUSTER_SPARKPLUG_UUID,
  MUSTER_SPARKPLUG_DATA_SET,
  MUSTER_SPARKPLUG_BYTES,
  MUSTER_SPARKPLUG_FILE,
  MUSTER_SPARKPLUG_TEMPLATE,
  MUSTER_SPARKPLUG_PROPERTY_SET,
  MUSTER_SPARKPLUG_PROPERTY_SET_LIST,
  MUSTER_SPARKPLUG_INT8_ARRAY,
  MUSTER_SPARKPLUG_INT16_ARRAY,
  MUSTER_SPARKPLUG_INT32_ARRAY,
  MUSTER_SPARKPLUG_INT64_ARRAY,
  MUSTER_SPARKPLUG_UINT8_ARRAY,
  MUSTER_SPARKPLUG_UINT16_ARRAY,
  MUSTER_SPARKPLUG_UINT32_ARRAY,
  MUSTER_SPARKPLUG_UINT64_ARRAY,
  MUSTER_SPARKPLUG_FLOAT_ARRAY,
  MUSTER_SPARKPLUG_DOUBLE_ARRAY,
  MUSTER_SPARKPLUG_BOOLEAN_ARRAY,
  MUSTER_SPARKPLUG_STRING_ARRAY,
  MUSTER_SPARKPLUG_DATE_TIME_ARRAY,
} MusterSparkplugDatatype;

/* In which field a value travelled. Senders choose int or long freely, so only the datatype says
 * what the bits mean. */
typedef enum
{
  MUSTER_SPARKPLUG_WIRE_NONE,
  MUSTER_SPARKPLUG_WIRE_INT,
  MUSTER_SPARKPLUG_WIRE_LONG,
  MUSTER_SPARKPLUG_WIRE_FLOAT,
  MUSTER_SPARKPLUG_WIRE_DOUBLE,
  MUSTER_SPARKPLUG_WIRE_BOOLEAN,
  MUSTER_SPARKPLUG_WIRE_STRING,
  MUSTER_SPARKPLUG_WIRE_BYTES,
  MUSTER_SPARKPLUG_WIRE_DATA_SET,  /* `raw` is the encoded message */
  MUSTER_SPARKPLUG_WIRE_TEMPLATE,  /* `raw` is the encoded message */
  MUSTER_SPARKPLUG_WIRE_EXTENSION, /* `raw` is the encoded message */
} MusterSparkplugWire;

/**
 * MusterSparkplugMetric:
 *
 * One metric as it came or as it shall go. Text and bytes belong to the payload.
 */
typedef struct
{
  const char             *name;  /* (nullable): the alias alone names it */
  guint64                 alias; /* only with `has_alias` */
  gint64                  time;  /* UTC microseconds, 0: not given */
  MusterSparkplugDatatype datatype;
  MusterSampleFlags   flags; /* historical, transient, and bad or stale by the property `Quality` */
  MusterSparkplugWire wire;
  union
  {
    guint64     bits;   /* WIRE_INT, WIRE_LONG */
    double      number; /* WIRE_FLOAT, WIRE_DOUBLE */
    gboolean    boolean;
    const char *text; /* UTF-8 */
    struct
    {
      const guint8 *data;
      gsize         size;
    } raw;
  };
  /* Properties as Ignition and others name them: engUnit, engLow, engHigh, readOnly, documentation
   * or description. */
  const char *unit;        /* (nullable) */
  const char *description; /* (nullable) */
  double      minimum;     /* NAN: not given */
  double      maximum;     /* NAN: not given */
  guint       has_alias : 1;
  guint       has_read_only : 1;
  guint       read_only : 1;
  guint       is_null : 1;
} MusterSparkplugMetric;

/**
 * MusterSparkplugPayload:
 *
 * What one message holds. Reference counted; immutable once decoded.
 */
typedef struct
{
  gint64                 time; /* UTC microseconds, 0: not given */
  int                    seq;  /* 0 to 255, -1: not given */
  unsigned               n_metrics;
  MusterSparkplugMetric *metrics;
} MusterSparkplugPayload;

#define MUSTER_SPARKPLUG_MAX_PAYLOAD (1024 * 1024) /* bytes, also after inflating */
#define MUSTER_SPARKPLUG_MAX_METRICS 20000         /* in one payload, templates' members included */
#define MUSTER_SPARKPLUG_MAX_NAME 1024             /* bytes */
#define MUSTER_SPARKPLUG_MAX_NESTING 12            /* messages in messages */

/* Decodes DATA leniently: any integer field for any integer type, invalid UTF-8 mended, compressed
 * bodies (uuid SPBV1.0_COMPRESSED, GZIP or DEFLATE) inflated. Returns NULL with
 * MUSTER_ERROR_TOO_LARGE beyond a limit above, or with MUSTER_ERROR_MALFORMED. */
MusterSparkplugPayload *muster_sparkplug_payload_decode (const guint8 *data,
                                                         gsize         size,
                                                         GError      **error);
/* An empty payload without time and seq, to be filled and encoded. */
MusterSparkplugPayload *muster_sparkplug_payload_new (void);
MusterSparkplugPayload *muster_sparkplug_payload_ref (MusterSparkplugPayload *self);
void                    muster_sparkplug_payload_unref (MusterSparkplugPayload *self);
/* Appends a metric (borrowed until the next append) of DATATYPE, null until set. NAME may be NULL.
 */
MusterSparkplugMetric *muster_sparkplug_payload_add (MusterSparkplugPayload *self,
                                                     const char             *name,
                                                     MusterSparkplugDatatype datatype);
/* A copy of TEXT that lives as long as the payload. */
const char *muster_sparkplug_payload_keep_text (MusterSparkplugPayload *self, const char *text);
/* (transfer full) */
GBytes *muster_sparkplug_payload_encode (MusterSparkplugPayload *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSparkplugPayload, muster_sparkplug_payload_unref)

/* Reads METRIC's value as DATATYPE (of the metric's birth) says into SAMPLE's type and value; its
 * name, time and flags are copied. Integers are cut to their width and sign-extended. Arrays come
 * as text, a JSON array; bytes, files, data sets and templates as text too, base 64 of their
 * encoding. Text made here is put into CHUNK. FALSE: the value does not fit the type. */
gboolean muster_sparkplug_metric_read (const MusterSparkplugMetric *metric,
                                       MusterSparkplugDatatype      datatype,
                                       GStringChunk                *chunk,
                                       MusterSample                *sample);
/* Gives METRIC (of PAYLOAD) SAMPLE's value as its datatype wants it. FALSE with
 * MUSTER_ERROR_INVALID: it does not fit. */
gboolean muster_sparkplug_metric_set (MusterSparkplugPayload *payload,
                                      MusterSparkplugMetric  *metric,
                                      const MusterSample     *sample,
                                      GError                **error);
/* Any integer value as one number, for bdSeq; FALSE: it is none. */
gboolean muster_sparkplug_metric_get_integer (const MusterSparkplugMetric *metric, gint64 *value);

/* "Int8" … as the specification writes it; "Unknown" for anything else. */
const char *muster_sparkplug_datatype_to_string (MusterSparkplugDatatype datatype);
/* Nick of muster_datatype_enum: "int8" … "datetime", "other". */
const char *muster_sparkplug_datatype_to_nick (MusterSparkplugDatatype datatype);

/* STATE of a host application: {"online":true,"timestamp":1767225600000}. TIME in UTC microseconds.
 */
GBytes *muster_sparkplug_state_encode (gboolean online, gint64 time);
/* Also the legacy text ONLINE or OFFLINE (then TIME is 0). FALSE with MUSTER_ERROR_MALFORMED. */
gboolean muster_sparkplug_state_decode (const guint8 *data,
                                        gsize         size,
                                        gboolean     *online,
                                        gint64       *time,
                                        GError      **error);

G_END_DECLS
