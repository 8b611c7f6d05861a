/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-sparkplug-payload-private.h"
#include "muster-sparkplug-payload.h"
#include "muster-sparkplug-test-util.h"

/* --- helpers --- */

static MusterSparkplugPayload *
decode (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  gsize                   size;
  const guint8           *data = g_bytes_get_data (bytes, &size);
  MusterSparkplugPayload *payload = muster_sparkplug_payload_decode (data, size, &error);

  g_assert_no_error (error);
  g_assert_nonnull (payload);
  return payload;
}

static void
assert_refused (const void *data, gsize size, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (muster_sparkplug_payload_decode (data, size, &error));
  g_assert_error (error, MUSTER_ERROR, code);
}

/* --- values --- */

typedef struct
{
  const char             *name;
  MusterSparkplugDatatype datatype;
  MusterSparkplugWire     wire;
  guint64                 bits;
  gint64                  expected;
} IntegerCase;

static const IntegerCase integers[] = {
  { "int8 -23, sign-extended to 32 bits", MUSTER_SPARKPLUG_INT8, MUSTER_SPARKPLUG_WIRE_INT,
    4294967273u, -23 },
  { "int8 -23, in 8 bits", MUSTER_SPARKPLUG_INT8, MUSTER_SPARKPLUG_WIRE_INT, 233, -23 },
  { "int8 beyond its width", MUSTER_SPARKPLUG_INT8, MUSTER_SPARKPLUG_WIRE_INT, 0x17f, 127 },
  { "int8 in long", MUSTER_SPARKPLUG_INT8, MUSTER_SPARKPLUG_WIRE_LONG, G_MAXUINT64, -1 },
  { "int16 least", MUSTER_SPARKPLUG_INT16, MUSTER_SPARKPLUG_WIRE_INT, 0x8000, -32768 },
  { "int16 greatest", MUSTER_SPARKPLUG_INT16, MUSTER_SPARKPLUG_WIRE_INT, 0x7fff, 32767 },
  { "int32 least", MUSTER_SPARKPLUG_INT32, MUSTER_SPARKPLUG_WIRE_INT, 0x80000000u, G_MININT32 },
  { "int32 in long", MUSTER_SPARKPLUG_INT32, MUSTER_SPARKPLUG_WIRE_LONG, (guint64)-5, -5 },
  { "int64 least", MUSTER_SPARKPLUG_INT64, MUSTER_SPARKPLUG_WIRE_LONG, (guint64)G_MININT64,
    G_MININT64 },
  { "int64 negative in int", MUSTER_SPARKPLUG_INT64, MUSTER_SPARKPLUG_WIRE_INT, 0xffffffffu, -1 },
  { "uint8", MUSTER_SPARKPLUG_UINT8, MUSTER_SPARKPLUG_WIRE_INT, 0x1ff, 255 },
  { "uint16", MUSTER_SPARKPLUG_UINT16, MUSTER_SPARKPLUG_WIRE_INT, 65535, 65535 },
  { "uint32 in long, as JavaScript clients send it", MUSTER_SPARKPLUG_UINT32,
    MUSTER_SPARKPLUG_WIRE_LONG, 4294967295u, 4294967295 },
  { "uint64", MUSTER_SPARKPLUG_UINT64, MUSTER_SPARKPLUG_WIRE_LONG, G_MAXINT64, G_MAXINT64 },
  { "date-time", MUSTER_SPARKPLUG_DATE_TIME, MUSTER_SPARKPLUG_WIRE_LONG, 1767225600123u,
    1767225600123 },
  { "unknown type", MUSTER_SPARKPLUG_UNKNOWN, MUSTER_SPARKPLUG_WIRE_INT, 7, 7 },
};

static void
test_integers (void)
{
  g_autoptr (GStringChunk) chunk = g_string_chunk_new (64);

  for (unsigned i = 0; i < G_N_ELEMENTS (integers); i++)
    {
      MusterSparkplugMetric metric = { .wire = integers[i].wire, .bits = integers[i].bits };
      MusterSample          sample;

      g_test_message ("%s", integers[i].name);
      g_assert_true (muster_sparkplug_metric_read (&metric, integers[i].datatype, chunk, &sample));
      g_assert_cmpint (sample.type, ==, MUSTER_SAMPLE_INTEGER);
      g_assert_cmpint (sample.integer, ==, integers[i].expected);
    }
}

static void
test_huge_unsigned (void)
{
  g_autoptr (GStringChunk) chunk = g_string_chunk_new (64);
  MusterSparkplugMetric metric = { .wire = MUSTER_SPARKPLUG_WIRE_LONG, .bits = G_MAXUINT64 };
  MusterSample          sample;

  g_assert_true (muster_sparkplug_metric_read (&metric, MUSTER_SPARKPLUG_UINT64, chunk, &sample));
  g_assert_cmpint (sample.type, ==, MUSTER_SAMPLE_DOUBLE);
  g_assert_cmpfloat (sample.number, ==, 18446744073709551616.0);
}

static void
test_mismatches (void)
{
  g_autoptr (GStringChunk) chunk = g_string_chunk_new (64);
  MusterSparkplugMetric text = { .wire = MUSTER_SPARKPLUG_WIRE_STRING, .text = "21.5" };
  MusterSparkplugMetric number = { .wire = MUSTER_SPARKPLUG_WIRE_INT, .bits = 21 };
  MusterSample          sample;

  g_assert_false (muster_sparkplug_metric_read (&text, MUSTER_SPARKPLUG_DOUBLE, chunk, &sample));
  g_assert_false (muster_sparkplug_metric_read (&text, MUSTER_SPARKPLUG_INT32, chunk, &sample));
  g_assert_false (muster_sparkplug_metric_read (&text, MUSTER_SPARKPLUG_BOOLEAN, chunk, &sample));
  g_assert_false (
    muster_sparkplug_metric_read (&text, MUSTER_SPARKPLUG_INT8_ARRAY, chunk, &sample));
  g_assert_false (muster_sparkplug_metric_read (&number, MUSTER_SPARKPLUG_STRING, chunk, &sample));
  g_assert_true (muster_sparkplug_metric_read (&number, MUSTER_SPARKPLUG_DOUBLE, chunk, &sample));
  g_assert_cmpfloat (sample.number, ==, 21);
}

typedef struct
{
  MusterSparkplugDatatype datatype;
  const char             *data;
  gsize                   size;
  const char             *expected; /* NULL: refused */
} ArrayCase;

static const ArrayCase arrays[] = {
  { MUSTER_SPARKPLUG_INT8_ARRAY, "\xe9\x7b", 2, "[-23,123]" },
  { MUSTER_SPARKPLUG_INT16_ARRAY, "\xd0\x8a\x30\x75", 4, "[-30000,30000]" },
  { MUSTER_SPARKPLUG_INT32_ARRAY, "\xff\xff\xff\xff\x0f\x27\x00\x00", 8, "[-1,9999]" },
  { MUSTER_SPARKPLUG_INT64_ARRAY, "\xfe\xff\xff\xff\xff\xff\xff\xff", 8, "[-2]" },
  { MUSTER_SPARKPLUG_UINT8_ARRAY, "\x17\xfa", 2, "[23,250]" },
  { MUSTER_SPARKPLUG_UINT16_ARRAY, "\x1e\x00\x30\xea", 4, "[30,59952]" },
  { MUSTER_SPARKPLUG_UINT32_ARRAY, "\x34\x00\x00\x00\xff\xff\xff\xff", 8, "[52,4294967295]" },
  { MUSTER_SPARKPLUG_UINT64_ARRAY, "\x34\x00\x00\x00\x00\x00\x00\x00", 8, "[52]" },
  { MUSTER_SPARKPLUG_FLOAT_ARRAY, "\x00\x00\xc0\x3f\x00\x00\xc0\x7f", 8, "[1.5,null]" },
  { MUSTER_SPARKPLUG_DOUBLE_ARRAY, "\x00\x00\x00\x00\x00\x00\x04\xc0", 8, "[-2.5]" },
  { MUSTER_SPARKPLUG_BOOLEAN_ARRAY, "\x0c\x00\x00\x00\x34\xd0", 6,
    "[false,false,true,true,false,true,false,false,true,true,false,true]" },
  { MUSTER_SPARKPLUG_STRING_ARRAY, "ABC\0\"hello\"", 12, "[\"ABC\",\"\\\"hello\\\"\"]" },
  { MUSTER_SPARKPLUG_DATE_TIME_ARRAY, "\xc7\xd0\x90\x75\x24\x01\x00\x00", 8, "[1256102875335]" },
  { MUSTER_SPARKPLUG_INT8_ARRAY, "", 0, "[]" },
  { MUSTER_SPARKPLUG_INT16_ARRAY, "\x01", 1, NULL },
  { MUSTER_SPARKPLUG_BOOLEAN_ARRAY, "\x09\x00\x00\x00\x34", 5, NULL },
  { MUSTER_SPARKPLUG_BOOLEAN_ARRAY, "\xff\xff\xff\xff", 4, NULL },
  { MUSTER_SPARKPLUG_BOOLEAN_ARRAY, "\x01", 1, NULL },
  { MUSTER_SPARKPLUG_STRING_ARRAY, "cut", 3, NULL },
};

static void
test_arrays (void)
{
  g_autoptr (GStringChunk) chunk = g_string_chunk_new (64);

  for (unsigned i = 0; i < G_N_ELEMENTS (arrays); i++)
    {
      MusterSparkplugMetric metric = { .wire = MUSTER_SPARKPLUG_WIRE_BYTES };
      MusterSample          sample;

      metric.raw.data = (const guint8 *)arrays[i].data;
      metric.raw.size = arrays[i].size;
      g_test_message ("%s", muster_sparkplug_datatype_to_string (arrays[i].datatype));
      g_assert_cmpint (muster_sparkplug_metric_read (&metric, arrays[i].datatype, chunk, &sample),
                       ==, arrays[i].expected != NULL);
      if (arrays[i].expected != NULL)
        g_assert_cmpstr (sample.text, ==, arrays[i].expected);
    }
}

typedef struct
{
  MusterSparkplugDatatype datatype;
  MusterSample            sample;
  gboolean                fits;
} WriteCase;

static const WriteCase writes[] = {
  { MUSTER_SPARKPLUG_INT8, { .type = MUSTER_SAMPLE_INTEGER, .integer = -128 }, TRUE },
  { MUSTER_SPARKPLUG_INT8, { .type = MUSTER_SAMPLE_INTEGER, .integer = 128 }, FALSE },
  { MUSTER_SPARKPLUG_INT8, { .type = MUSTER_SAMPLE_INTEGER, .integer = -129 }, FALSE },
  { MUSTER_SPARKPLUG_UINT8, { .type = MUSTER_SAMPLE_INTEGER, .integer = 255 }, TRUE },
  { MUSTER_SPARKPLUG_UINT8, { .type = MUSTER_SAMPLE_INTEGER, .integer = 256 }, FALSE },
  { MUSTER_SPARKPLUG_UINT32, { .type = MUSTER_SAMPLE_INTEGER, .integer = -1 }, FALSE },
  { MUSTER_SPARKPLUG_INT64, { .type = MUSTER_SAMPLE_INTEGER, .integer = G_MININT64 }, TRUE },
  { MUSTER_SPARKPLUG_INT32, { .type = MUSTER_SAMPLE_DOUBLE, .number = 21 }, TRUE },
  { MUSTER_SPARKPLUG_INT32, { .type = MUSTER_SAMPLE_DOUBLE, .number = 21.5 }, FALSE },
  { MUSTER_SPARKPLUG_INT32, { .type = MUSTER_SAMPLE_STRING, .text = "21" }, FALSE },
  { MUSTER_SPARKPLUG_DOUBLE, { .type = MUSTER_SAMPLE_INTEGER, .integer = 3 }, TRUE },
  { MUSTER_SPARKPLUG_DOUBLE, { .type = MUSTER_SAMPLE_DOUBLE, .number = NAN }, FALSE },
  { MUSTER_SPARKPLUG_FLOAT, { .type = MUSTER_SAMPLE_DOUBLE, .number = 1.5 }, TRUE },
  { MUSTER_SPARKPLUG_FLOAT, { .type = MUSTER_SAMPLE_DOUBLE, .number = 1e300 }, FALSE },
  { MUSTER_SPARKPLUG_BOOLEAN, { .type = MUSTER_SAMPLE_BOOLEAN, .boolean = TRUE }, TRUE },
  { MUSTER_SPARKPLUG_BOOLEAN, { .type = MUSTER_SAMPLE_INTEGER, .integer = 1 }, FALSE },
  { MUSTER_SPARKPLUG_STRING, { .type = MUSTER_SAMPLE_STRING, .text = "on" }, TRUE },
  { MUSTER_SPARKPLUG_STRING, { .type = MUSTER_SAMPLE_DOUBLE, .number = 1 }, FALSE },
  { MUSTER_SPARKPLUG_STRING, { .type = MUSTER_SAMPLE_NULL }, TRUE },
  { MUSTER_SPARKPLUG_DATA_SET, { .type = MUSTER_SAMPLE_STRING, .text = "" }, FALSE },
  { MUSTER_SPARKPLUG_INT8_ARRAY, { .type = MUSTER_SAMPLE_INTEGER, .integer = 1 }, FALSE },
};

/* What is written reads back, through the wire, as the same number. */
static void
test_writes (void)
{
  g_autoptr (GStringChunk) chunk = g_string_chunk_new (64);

  for (unsigned i = 0; i < G_N_ELEMENTS (writes); i++)
    {
      g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
      g_autoptr (MusterSparkplugPayload) again = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      MusterSparkplugMetric *metric =
        muster_sparkplug_payload_add (payload, "m", writes[i].datatype);
      MusterSample sample;

      g_test_message ("%u %s", i, muster_sparkplug_datatype_to_string (writes[i].datatype));
      g_assert_cmpint (muster_sparkplug_metric_set (payload, metric, &writes[i].sample, &error), ==,
                       writes[i].fits);
      if (!writes[i].fits)
        {
          g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
          continue;
        }
      bytes = muster_sparkplug_payload_encode (payload);
      again = decode (bytes);
      g_assert_true (
        muster_sparkplug_metric_read (&again->metrics[0], writes[i].datatype, chunk, &sample));
      if (sample.type == MUSTER_SAMPLE_INTEGER && writes[i].sample.type == MUSTER_SAMPLE_INTEGER)
        g_assert_cmpint (sample.integer, ==, writes[i].sample.integer);
      else if (sample.type == MUSTER_SAMPLE_STRING)
        g_assert_cmpstr (sample.text, ==, writes[i].sample.text);
      else if (writes[i].sample.type == MUSTER_SAMPLE_DOUBLE)
        g_assert_cmpfloat (sample.type == MUSTER_SAMPLE_DOUBLE ? sample.number
                                                               : (double)sample.integer,
                           ==, writes[i].sample.number);
    }
}

/* --- whole payloads --- */

static MusterSparkplugPayload *
make_payload (void)
{
  MusterSparkplugPayload *payload = muster_sparkplug_payload_new ();
  MusterSparkplugMetric  *metric;

  payload->time = 1767225600123 * G_GINT64_CONSTANT (1000);
  payload->seq = 42;
  metric = muster_sparkplug_payload_add (payload, "Inputs/Temperature", MUSTER_SPARKPLUG_DOUBLE);
  metric->alias = 7;
  metric->has_alias = TRUE;
  metric->time = payload->time;
  metric->unit = "°C";
  metric->description = "of the hall";
  metric->minimum = -40;
  metric->maximum = 85.5;
  metric->has_read_only = metric->read_only = TRUE;
  metric->flags = MUSTER_SAMPLE_STALE | MUSTER_SAMPLE_HISTORICAL;
  metric->is_null = FALSE;
  metric->wire = MUSTER_SPARKPLUG_WIRE_DOUBLE;
  metric->number = 21.25;
  metric = muster_sparkplug_payload_add (payload, NULL, MUSTER_SPARKPLUG_UNKNOWN);
  metric->alias = 8;
  metric->has_alias = TRUE;
  metric->flags = MUSTER_SAMPLE_TRANSIENT | MUSTER_SAMPLE_BAD;
  muster_sparkplug_payload_add (payload, "absent", MUSTER_SPARKPLUG_INT32);
  return payload;
}

static void
test_round_trip (void)
{
  g_autoptr (MusterSparkplugPayload) payload = make_payload ();
  g_autoptr (GBytes) bytes = muster_sparkplug_payload_encode (payload);
  g_autoptr (MusterSparkplugPayload) again = decode (bytes);
  const MusterSparkplugMetric *metric = &again->metrics[0];

  g_assert_cmpint (again->time, ==, payload->time);
  g_assert_cmpint (again->seq, ==, 42);
  g_assert_cmpuint (again->n_metrics, ==, 3);
  g_assert_cmpstr (metric->name, ==, "Inputs/Temperature");
  g_assert_true (metric->has_alias);
  g_assert_cmpuint (metric->alias, ==, 7);
  g_assert_cmpint (metric->time, ==, payload->time);
  g_assert_cmpint (metric->datatype, ==, MUSTER_SPARKPLUG_DOUBLE);
  g_assert_cmpint (metric->flags, ==, MUSTER_SAMPLE_STALE | MUSTER_SAMPLE_HISTORICAL);
  g_assert_cmpfloat (metric->number, ==, 21.25);
  g_assert_cmpstr (metric->unit, ==, "°C");
  g_assert_cmpstr (metric->description, ==, "of the hall");
  g_assert_cmpfloat (metric->minimum, ==, -40);
  g_assert_cmpfloat (metric->maximum, ==, 85.5);
  g_assert_true (metric->has_read_only && metric->read_only);
  g_assert_null (again->metrics[1].name);
  g_assert_cmpint (again->metrics[1].flags, ==, MUSTER_SAMPLE_TRANSIENT | MUSTER_SAMPLE_BAD);
  g_assert_true (again->metrics[2].is_null);
  g_assert_true (isnan (again->metrics[2].minimum));
}

/* An independent encoder of the same definition. */
static void
test_protoc_encode (void)
{
  g_autoptr (GBytes) bytes = muster_sparkplug_test_encode_text (
    "timestamp: 1767225600000 seq: 255\n"
    "metrics { name: 'bdSeq' datatype: 4 long_value: 3 }\n"
    "metrics { name: 'Level' alias: 1 datatype: 3 int_value: 4294967273 properties { keys: 'engUnit' keys: 'Quality' keys: 'engHigh'"
    "  values { type: 12 string_value: 'mm' } values { type: 3 int_value: 0 } values { type: 3 int_value: 4294967295 } } }\n"
    "metrics { name: 'Table' datatype: 16 dataset_value { num_of_columns: 1 columns: 'c' types: 1 rows { elements { int_value: 200 } } } }\n"
    "metrics { name: '_types_/Pump' datatype: 19 template_value { is_definition: true metrics { name: 'speed' datatype: 10 } } }\n");
  g_autoptr (GStringChunk) chunk = g_string_chunk_new (64);
  g_autoptr (MusterSparkplugPayload) payload = NULL;
  g_autoptr (GBytes) again = NULL;
  MusterSample sample;

  if (bytes == NULL)
    {
      g_test_skip ("protoc is not at hand");
      return;
    }
  payload = decode (bytes);
  g_assert_cmpint (payload->time, ==, 1767225600000000);
  g_assert_cmpint (payload->seq, ==, 255);
  g_assert_cmpuint (payload->n_metrics, ==, 4);
  g_assert_true (
    muster_sparkplug_metric_read (&payload->metrics[1], MUSTER_SPARKPLUG_INT32, chunk, &sample));
  g_assert_cmpint (sample.integer, ==, -23);
  g_assert_cmpint (sample.flags, ==, MUSTER_SAMPLE_BAD);
  g_assert_cmpfloat (payload->metrics[1].maximum, ==, -1);
  g_assert_cmpint (payload->metrics[2].wire, ==, MUSTER_SPARKPLUG_WIRE_DATA_SET);
  g_assert_true (
    muster_sparkplug_metric_read (&payload->metrics[2], MUSTER_SPARKPLUG_DATA_SET, chunk, &sample));
  g_assert_cmpstr (sample.text, ==, "CAESAWMYASIFCgMIyAE=");
  g_assert_cmpint (payload->metrics[3].wire, ==, MUSTER_SPARKPLUG_WIRE_TEMPLATE);
}

static void
test_protoc_decode (void)
{
  g_autoptr (MusterSparkplugPayload) payload = make_payload ();
  g_autoptr (GBytes) bytes = muster_sparkplug_payload_encode (payload);
  g_autoptr (GBytes) text = muster_sparkplug_test_protoc ("--decode", bytes);
  g_autofree char *copy = NULL;

  if (text == NULL)
    {
      g_test_skip ("protoc is not at hand");
      return;
    }
  copy = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  g_assert_nonnull (strstr (copy, "timestamp: 1767225600123\n"));
  g_assert_nonnull (strstr (copy, "seq: 42\n"));
  g_assert_nonnull (strstr (
    copy,
    "  name: \"Inputs/Temperature\"\n  alias: 7\n  timestamp: 1767225600123\n  datatype: 10\n  is_historical: true\n"));
  g_assert_nonnull (strstr (copy, "  double_value: 21.25\n"));
  g_assert_nonnull (strstr (copy, "    keys: \"engHigh\"\n"));
  g_assert_nonnull (strstr (copy, "  is_null: true\n"));
}

static GBytes *
compress (GBytes *inner, GZlibCompressorFormat format)
{
  g_autoptr (GConverter) converter = G_CONVERTER (g_zlib_compressor_new (format, 6));
  g_autoptr (GError) error = NULL;
  GBytes *out = g_converter_convert_bytes (converter, inner, &error);

  g_assert_no_error (error);
  return out;
}

/* An outer payload with uuid and body, written by hand. */
static GBytes *
wrap (GBytes *body)
{
  static const char uuid[] = "\x22\x12SPBV1.0_COMPRESSED\x2a";
  GByteArray       *out = g_byte_array_new ();

  g_byte_array_append (out, (const guint8 *)uuid, sizeof uuid - 1);
  for (gsize rest = g_bytes_get_size (body);; rest >>= 7)
    {
      guint8 byte = (rest & 0x7f) | (rest > 0x7f ? 0x80 : 0);

      g_byte_array_append (out, &byte, 1);
      if (rest <= 0x7f)
        break;
    }
  g_byte_array_append (out, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  return g_byte_array_free_to_bytes (out);
}

static void
test_compressed (void)
{
  static const GZlibCompressorFormat formats[] = { G_ZLIB_COMPRESSOR_FORMAT_GZIP,
                                                   G_ZLIB_COMPRESSOR_FORMAT_ZLIB };
  g_autoptr (MusterSparkplugPayload) payload = make_payload ();
  g_autoptr (GBytes) inner = muster_sparkplug_payload_encode (payload);

  for (unsigned i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GBytes) body = compress (inner, formats[i]);
      g_autoptr (GBytes) outer = wrap (body);
      g_autoptr (MusterSparkplugPayload) again = decode (outer);

      g_assert_cmpint (again->seq, ==, 42);
      g_assert_cmpint (again->time, ==, payload->time);
      g_assert_cmpstr (again->metrics[0].name, ==, "Inputs/Temperature");
    }
}

static void
test_bombs (void)
{
  g_autofree guint8 *zeros = g_malloc0 (64 * 1024 * 1024);
  g_autoptr (GBytes) flat = g_bytes_new_static (zeros, 64 * 1024 * 1024);
  g_autoptr (GBytes) body = compress (flat, G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GBytes) outer = wrap (body);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (body, 0, g_bytes_get_size (body) / 2);
  g_autoptr (GBytes) cut_outer = wrap (cut);
  g_autoptr (GBytes) garbage = wrap (outer);

  assert_refused (zeros, MUSTER_SPARKPLUG_MAX_PAYLOAD + 1, MUSTER_ERROR_TOO_LARGE);
  assert_refused (g_bytes_get_data (outer, NULL), g_bytes_get_size (outer), MUSTER_ERROR_TOO_LARGE);
  assert_refused (g_bytes_get_data (garbage, NULL), g_bytes_get_size (garbage),
                  MUSTER_ERROR_MALFORMED);
  if (g_bytes_get_size (cut) < MUSTER_SPARKPLUG_MAX_PAYLOAD / 1000)
    assert_refused (g_bytes_get_data (cut_outer, NULL), g_bytes_get_size (cut_outer),
                    MUSTER_ERROR_MALFORMED);
}

/* Templates in templates, deeper than any use and any stack. */
static void
test_nesting (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (unsigned depth = 0; depth < 200000; depth++)
    {
      guint8 header[8];
      guint  size = bytes->len, n = 0;

      header[n++] =
        depth % 2 == 0 ? 0x12 : 0x92; /* Payload or Template.metrics, Metric.template_value */
      if (depth % 2 == 1)
        header[n++] = 0x01;
      for (; size > 0x7f; size >>= 7)
        header[n++] = (size & 0x7f) | 0x80;
      header[n++] = size;
      g_byte_array_prepend (bytes, header, n);
      if (depth % 2 == 0 && bytes->len > 50000)
        break;
    }
  assert_refused (bytes->data, bytes->len, MUSTER_ERROR_TOO_LARGE);
}

/* Two bytes a metric would cost a hundred times as much memory. */
static void
test_many_metrics (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (unsigned i = 0; i <= MUSTER_SPARKPLUG_MAX_METRICS; i++)
    g_byte_array_append (bytes, (const guint8 *)"\x12\x00", 2);
  assert_refused (bytes->data, bytes->len, MUSTER_ERROR_TOO_LARGE);
}

static void
test_malformed (void)
{
  g_autofree char *long_name = g_strnfill (MUSTER_SPARKPLUG_MAX_NAME + 1, 'n');
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (MusterSparkplugPayload) empty = NULL;
  g_autoptr (GError) error = NULL;

  assert_refused ("\x12\x05"
                  "ab",
                  4, MUSTER_ERROR_MALFORMED);
  assert_refused ("\x0b", 1, MUSTER_ERROR_MALFORMED);
  assert_refused ("{\"online\":true}", 15, MUSTER_ERROR_MALFORMED);
  assert_refused ("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12, MUSTER_ERROR_MALFORMED);
  muster_sparkplug_payload_add (payload, long_name, MUSTER_SPARKPLUG_INT8);
  bytes = muster_sparkplug_payload_encode (payload);
  assert_refused (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), MUSTER_ERROR_TOO_LARGE);

  empty = muster_sparkplug_payload_decode (NULL, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (empty->n_metrics, ==, 0);
  g_assert_cmpint (empty->seq, ==, -1);
}

static void
test_bad_utf8 (void)
{
  g_autoptr (MusterSparkplugPayload) payload =
              muster_sparkplug_payload_decode ((const guint8 *)"\x12\x04\x0a\x02\xff"
                                                               "a",
                                               6, NULL);

  g_assert_nonnull (payload);
  g_assert_cmpstr (payload->metrics[0].name, ==,
                   "\xef\xbf\xbd"
                   "a");
}

static void
test_state (void)
{
  g_autoptr (GBytes) bytes = muster_sparkplug_state_encode (TRUE, 1767225600123456);
  g_autoptr (GError) error = NULL;
  gboolean online = FALSE;
  gint64   time = 0;

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                   "{\"online\":true,\"timestamp\":1767225600123}", 41);
  g_assert_true (muster_sparkplug_state_decode (g_bytes_get_data (bytes, NULL),
                                                g_bytes_get_size (bytes), &online, &time, &error));
  g_assert_true (online);
  g_assert_cmpint (time, ==, 1767225600123000);
  g_assert_true (
    muster_sparkplug_state_decode ((const guint8 *)"OFFLINE", 7, &online, &time, &error));
  g_assert_false (online);
  g_assert_false (
    muster_sparkplug_state_decode ((const guint8 *)"{\"online\":1}", 12, &online, &time, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_false (muster_sparkplug_state_decode ((const guint8 *)"[]", 2, &online, &time, NULL));
  g_assert_false (muster_sparkplug_state_decode ((const guint8 *)"{}{}", 4, &online, &time, NULL));
  g_assert_false (muster_sparkplug_state_decode (NULL, 0, &online, &time, NULL));
}

/* --- mutation --- */

static void
mutate (GRand *rand, GByteArray *bytes)
{
  for (int n = g_rand_int_range (rand, 1, 3); n > 0 && bytes->len > 0; n--)
    {
      guint  at = g_rand_int_range (rand, 0, bytes->len);
      guint8 copy[40];

      switch (g_rand_int_range (rand, 0, 4))
        {
        case 0:
          bytes->data[at] ^= 1u << g_rand_int_range (rand, 0, 8);
          break;
        case 1:
          bytes->data[at] = g_rand_int (rand);
          break;
        case 2:
          g_byte_array_remove_index (bytes, at);
          break;
        default:
          memcpy (copy, bytes->data + at, MIN (bytes->len - at, sizeof copy));
          g_byte_array_append (bytes, copy, MIN (bytes->len - at, sizeof copy));
        }
    }
}

static void
read_all (MusterSparkplugPayload *payload, GStringChunk *chunk)
{
  g_autoptr (GBytes) bytes = muster_sparkplug_payload_encode (payload);
  MusterSample sample;

  for (unsigned i = 0; i < payload->n_metrics; i++)
    for (unsigned type = 0; type <= MUSTER_SPARKPLUG_DATE_TIME_ARRAY; type += 1 + i % 5)
      if (muster_sparkplug_metric_read (&payload->metrics[i], type, chunk, &sample) &&
          sample.type == MUSTER_SAMPLE_STRING)
        g_assert_true (g_utf8_validate (sample.text, -1, NULL));
  g_assert_nonnull (bytes);
}

static GPtrArray *
make_seeds (void)
{
  g_autoptr (MusterSparkplugPayload) payload = make_payload ();
  g_autoptr (GBytes) body = NULL;
  GPtrArray *seeds = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  GBytes    *nested = muster_sparkplug_test_encode_text (
    "seq: 1 metrics { name: 'a' datatype: 19 template_value { template_ref: 'x' metrics { name: 'b' string_value: 'c' } parameters { name: 'p' type: 3 int_value: 1 } } }"
       "metrics { name: 'd' datatype: 16 dataset_value { num_of_columns: 1 columns: 'c' types: 1 rows { elements { int_value: 200 } } } }"
       "metrics { name: 'e' datatype: 33 bytes_value: 'ab\\0cd\\0' properties { keys: 'k' values { propertyset_value { keys: 'l' values { int_value: 1 } } } } }");

  g_ptr_array_add (seeds, muster_sparkplug_payload_encode (payload));
  body = compress (seeds->pdata[0], G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_ptr_array_add (seeds, wrap (body));
  if (nested != NULL)
    g_ptr_array_add (seeds, nested);
  return seeds;
}

/* MUSTER_TEST_MUTATIONS=200000 for the full run. */
static void
test_mutations (void)
{
  const char *wanted = g_getenv ("MUSTER_TEST_MUTATIONS");
  guint64     count = wanted != NULL ? g_ascii_strtoull (wanted, NULL, 10) : 5000;
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GPtrArray) seeds = make_seeds ();
  guint64 taken = 0;

  for (guint64 i = 0; i < count; i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (MusterSparkplugPayload) again = NULL;
      g_autoptr (GStringChunk) chunk = g_string_chunk_new (256);
      GBytes *seed = seeds->pdata[i % seeds->len];

      g_byte_array_append (bytes, g_bytes_get_data (seed, NULL), g_bytes_get_size (seed));
      mutate (rand, bytes);
      again = muster_sparkplug_payload_decode (bytes->data, bytes->len, NULL);
      if (again != NULL)
        read_all (again, chunk);
      taken += again != NULL;
    }
  g_test_message ("%" G_GUINT64_FORMAT " mutations, %" G_GUINT64_FORMAT " of them decode", count,
                  taken);
  g_assert_cmpuint (taken, >, 0);
  g_assert_cmpuint (taken, <, count);
}

static void
test_widen (void)
{
  static const struct
  {
    float  single;
    double number;
  } rows[] = {
    { 17.7f, 17.7 },
    { 0, 0 },
    { -0.1f, -0.1 },
    { 16777217.0f, 16777216 },
    { 3.4028235e38f, 3.4028235e38 },
    { 1013.25f, 1013.25 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpfloat (muster_sparkplug_widen (rows[i].single), ==, rows[i].number);
  for (int i = 0; i < 100000; i++)
    {
      guint32 bits = g_test_rand_int ();
      float   single;

      memcpy (&single, &bits, sizeof single);
      if (isfinite (single))
        g_assert_true ((float)muster_sparkplug_widen (single) == single);
    }
  g_assert_true (isinf (muster_sparkplug_widen (INFINITY)));
  g_assert_true (isnan (muster_sparkplug_widen (NAN)));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sparkplug-payload/integers", test_integers);
  g_test_add_func ("/sparkplug-payload/huge-unsigned", test_huge_unsigned);
  g_test_add_func ("/sparkplug-payload/mismatches", test_mismatches);
  g_test_add_func ("/sparkplug-payload/arrays", test_arrays);
  g_test_add_func ("/sparkplug-payload/writes", test_writes);
  g_test_add_func ("/sparkplug-payload/round-trip", test_round_trip);
  g_test_add_func ("/sparkplug-payload/protoc-encode", test_protoc_encode);
  g_test_add_func ("/sparkplug-payload/protoc-decode", test_protoc_decode);
  g_test_add_func ("/sparkplug-payload/compressed", test_compressed);
  g_test_add_func ("/sparkplug-payload/bombs", test_bombs);
  g_test_add_func ("/sparkplug-payload/nesting", test_nesting);
  g_test_add_func ("/sparkplug-payload/many-metrics", test_many_metrics);
  g_test_add_func ("/sparkplug-payload/malformed", test_malformed);
  g_test_add_func ("/sparkplug-payload/bad-utf8", test_bad_utf8);
  g_test_add_func ("/sparkplug-payload/state", test_state);
  g_test_add_func ("/sparkplug-payload/mutations", test_mutations);
  g_test_add_func ("/sparkplug-payload/widen", test_widen);
  return g_test_run ();
}
