/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sparkplug-decode"

#include "config.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-sparkplug-payload-private.h"
#include "sparkplug_b.pb-c.h"

typedef Org__Eclipse__Tahu__Protobuf__Payload       PbPayload;
typedef Org__Eclipse__Tahu__Protobuf__Metric        PbMetric;
typedef Org__Eclipse__Tahu__Protobuf__PropertySet   PbPropertySet;
typedef Org__Eclipse__Tahu__Protobuf__PropertyValue PbPropertyValue;

#define METRIC(name) ORG__ECLIPSE__TAHU__PROTOBUF__METRIC__VALUE_##name
#define PROPERTY(name) ORG__ECLIPSE__TAHU__PROTOBUF__PROPERTY_VALUE__VALUE_##name

#define COMPRESSED "SPBV1.0_COMPRESSED"

static void *
arena_alloc_cb (void *arena, size_t size)
{
  return muster_arena_alloc (arena, size);
}

static void
arena_free_cb (void *arena, void *pointer)
{
}

static PbPayload *
unpack (MusterArena *arena, const guint8 *data, gsize size, GError **error)
{
  ProtobufCAllocator allocator = { arena_alloc_cb, arena_free_cb, arena };
  PbPayload         *message;

  if (size > MUSTER_SPARKPLUG_MAX_PAYLOAD)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                   "the payload is larger than %d bytes", MUSTER_SPARKPLUG_MAX_PAYLOAD);
      return NULL;
    }
  if (!muster_sparkplug_scan (data, size, error))
    return NULL;
  message = org__eclipse__tahu__protobuf__payload__unpack (&allocator, size, data);
  if (message == NULL)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                         "the payload is no Sparkplug B protocol buffer");
  return message;
}

static gint64
time_from_msec (guint64 msec)
{
  return msec <= G_MAXINT64 / 1000 ? (gint64)msec * 1000 : 0;
}

/* TEXT itself, or a mended copy when it is not UTF-8. */
static const char *
clean_text (MusterSparkplugPayload *self, const char *text)
{
  g_autofree char *valid = NULL;

  if (text == NULL || g_utf8_validate (text, -1, NULL))
    return text;
  valid = g_utf8_make_valid (text, -1);
  return muster_sparkplug_payload_keep_text (self, valid);
}

static void
keep_message (MusterSparkplugPayload *self,
              MusterSparkplugMetric  *metric,
              MusterSparkplugWire     wire,
              const ProtobufCMessage *message)
{
  gsize   size = protobuf_c_message_get_packed_size (message);
  guint8 *data = muster_arena_alloc (muster_sparkplug_payload_get_arena (self), MAX (size, 1));

  metric->is_null |= data == NULL;
  if (data == NULL)
    return;
  metric->wire = wire;
  metric->raw.data = data;
  metric->raw.size = protobuf_c_message_pack (message, data);
}

static void
decode_value (MusterSparkplugPayload *self, MusterSparkplugMetric *metric, const PbMetric *from)
{
  switch (from->value_case)
    {
    case METRIC (INT_VALUE):
      metric->wire = MUSTER_SPARKPLUG_WIRE_INT;
      metric->bits = from->int_value;
      break;
    case METRIC (LONG_VALUE):
      metric->wire = MUSTER_SPARKPLUG_WIRE_LONG;
      metric->bits = from->long_value;
      break;
    case METRIC (FLOAT_VALUE):
      metric->wire = MUSTER_SPARKPLUG_WIRE_FLOAT;
      metric->number = muster_sparkplug_widen (from->float_value);
      break;
    case METRIC (DOUBLE_VALUE):
      metric->wire = MUSTER_SPARKPLUG_WIRE_DOUBLE;
      metric->number = from->double_value;
      break;
    case METRIC (BOOLEAN_VALUE):
      metric->wire = MUSTER_SPARKPLUG_WIRE_BOOLEAN;
      metric->boolean = from->boolean_value != 0;
      break;
    case METRIC (STRING_VALUE):
      metric->wire = MUSTER_SPARKPLUG_WIRE_STRING;
      metric->text = clean_text (self, from->string_value);
      metric->is_null |= metric->text == NULL;
      break;
    case METRIC (BYTES_VALUE):
      metric->wire = MUSTER_SPARKPLUG_WIRE_BYTES;
      metric->raw.data = from->bytes_value.data;
      metric->raw.size = from->bytes_value.len;
      break;
    case METRIC (DATASET_VALUE):
      keep_message (self, metric, MUSTER_SPARKPLUG_WIRE_DATA_SET, &from->dataset_value->base);
      break;
    case METRIC (TEMPLATE_VALUE):
      keep_message (self, metric, MUSTER_SPARKPLUG_WIRE_TEMPLATE, &from->template_value->base);
      break;
    case METRIC (EXTENSION_VALUE):
      keep_message (self, metric, MUSTER_SPARKPLUG_WIRE_EXTENSION, &from->extension_value->base);
      break;
    case METRIC (_NOT_SET):
    case _ORG__ECLIPSE__TAHU__PROTOBUF__METRIC__VALUE__CASE_IS_INT_SIZE:
    default:
      metric->is_null = TRUE;
    }
}

static gboolean
property_get_number (const PbPropertyValue *value, double *number)
{
  switch ((int)value->value_case)
    {
    case PROPERTY (INT_VALUE):
      *number = value->type >= MUSTER_SPARKPLUG_INT8 && value->type <= MUSTER_SPARKPLUG_INT64
                  ? (double)(gint32)value->int_value
                  : (double)value->int_value;
      return TRUE;
    case PROPERTY (LONG_VALUE):
      *number = value->type == MUSTER_SPARKPLUG_UINT64 ? (double)value->long_value
                                                       : (double)(gint64)value->long_value;
      return TRUE;
    case PROPERTY (FLOAT_VALUE):
      *number = muster_sparkplug_widen (value->float_value);
      return isfinite (*number);
    case PROPERTY (DOUBLE_VALUE):
      *number = value->double_value;
      return isfinite (*number);
    case PROPERTY (BOOLEAN_VALUE):
      *number = value->boolean_value != 0;
      return TRUE;
    default:
      return FALSE;
    }
}

static void
decode_quality (MusterSparkplugMetric *metric, double quality)
{
  if (quality == 0)
    metric->flags |= MUSTER_SAMPLE_BAD;
  else if (quality == 500)
    metric->flags |= MUSTER_SAMPLE_STALE;
}

static void
decode_property (MusterSparkplugPayload *self,
                 MusterSparkplugMetric  *metric,
                 const char             *key,
                 const PbPropertyValue  *value)
{
  double      number;
  gboolean    has_number = property_get_number (value, &number);
  const char *text =
    value->value_case == PROPERTY (STRING_VALUE) ? clean_text (self, value->string_value) : NULL;

  if (has_number && strcmp (key, "Quality") == 0)
    decode_quality (metric, number);
  else if (has_number && g_ascii_strcasecmp (key, "engLow") == 0)
    metric->minimum = number;
  else if (has_number && g_ascii_strcasecmp (key, "engHigh") == 0)
    metric->maximum = number;
  else if (has_number && g_ascii_strcasecmp (key, "readOnly") == 0)
    {
      metric->has_read_only = TRUE;
      metric->read_only = number != 0;
    }
  else if (text != NULL && g_ascii_strcasecmp (key, "engUnit") == 0)
    metric->unit = text;
  else if (text != NULL &&
           (g_ascii_strcasecmp (key, "description") == 0 ||
            (metric->description == NULL && g_ascii_strcasecmp (key, "documentation") == 0)))
    metric->description = text;
}

static void
decode_properties (MusterSparkplugPayload *self,
                   MusterSparkplugMetric  *metric,
                   const PbPropertySet    *set)
{
  for (gsize i = 0; i < MIN (set->n_keys, set->n_values); i++)
    if (!set->values[i]->is_null)
      decode_property (self, metric, set->keys[i], set->values[i]);
}

static gboolean
decode_metric (MusterSparkplugPayload *self, const PbMetric *from, GError **error)
{
  MusterSparkplugMetric *metric = &self->metrics[self->n_metrics++];

  *metric = (MusterSparkplugMetric){
    .name = clean_text (self, from->name),
    .alias = from->alias,
    .has_alias = from->has_alias != 0,
    .time = from->has_timestamp ? time_from_msec (from->timestamp) : 0,
    .datatype = from->datatype <= MUSTER_SPARKPLUG_DATE_TIME_ARRAY ? from->datatype
                                                                   : MUSTER_SPARKPLUG_UNKNOWN,
    .flags = (from->is_historical ? MUSTER_SAMPLE_HISTORICAL : 0) |
             (from->is_transient ? MUSTER_SAMPLE_TRANSIENT : 0),
    .is_null = from->is_null != 0,
    .minimum = NAN,
    .maximum = NAN,
  };
  if (metric->name != NULL && strlen (metric->name) > MUSTER_SPARKPLUG_MAX_NAME)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                   "the name of a metric is longer than %d bytes", MUSTER_SPARKPLUG_MAX_NAME);
      return FALSE;
    }
  if (metric->name != NULL && *metric->name == '\0')
    metric->name = NULL;
  decode_value (self, metric, from);
  if (from->properties != NULL)
    decode_properties (self, metric, from->properties);
  return TRUE;
}

static gboolean
decode_payload (MusterSparkplugPayload *self, const PbPayload *from, GError **error)
{
  if (from->has_timestamp)
    self->time = time_from_msec (from->timestamp);
  if (from->has_seq)
    self->seq = from->seq & 0xff;
  self->metrics = g_new (MusterSparkplugMetric, MAX (from->n_metrics, 1));
  ((MusterSparkplugPayloadReal *)self)->capacity = MAX (from->n_metrics, 1);
  for (gsize i = 0; i < from->n_metrics; i++)
    if (!decode_metric (self, from->metrics[i], error))
      return FALSE;
  return TRUE;
}

/* Neither format is announced reliably: gzip shows by its magic bytes, and what senders call
 * DEFLATE is zlib's. */
static GBytes *
inflate_body (const ProtobufCBinaryData *body, GError **error)
{
  gboolean is_gzip = body->len > 2 && body->data[0] == 0x1f && body->data[1] == 0x8b;
  g_autoptr (GConverter) converter = G_CONVERTER (g_zlib_decompressor_new (
    is_gzip ? G_ZLIB_COMPRESSOR_FORMAT_GZIP : G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize consumed = 0;

  while (out->len <= MUSTER_SPARKPLUG_MAX_PAYLOAD)
    {
      guint8           buffer[16384];
      gsize            n_read = 0, n_written = 0;
      GConverterResult result =
        g_converter_convert (converter, body->data + consumed, body->len - consumed, buffer,
                             sizeof buffer, G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);

      if (result == G_CONVERTER_ERROR)
        {
          g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                               "the compressed body is neither gzip nor zlib, or cut short");
          return NULL;
        }
      g_byte_array_append (out, buffer, n_written);
      consumed += n_read;
      if (result == G_CONVERTER_FINISHED)
        return g_byte_array_free_to_bytes (g_steal_pointer (&out));
    }
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
               "the compressed body holds more than %d bytes", MUSTER_SPARKPLUG_MAX_PAYLOAD);
  return NULL;
}

static PbPayload *
unpack_body (MusterSparkplugPayload *self, const ProtobufCBinaryData *body, GError **error)
{
  g_autoptr (GBytes) inflated = inflate_body (body, error);
  gsize         size;
  const guint8 *data;

  if (inflated == NULL)
    return NULL;
  data = g_bytes_get_data (inflated, &size);
  return unpack (muster_sparkplug_payload_get_arena (self), data, size, error);
}

MusterSparkplugPayload *
muster_sparkplug_payload_decode (const guint8 *data, gsize size, GError **error)
{
  g_autoptr (MusterSparkplugPayload) self = muster_sparkplug_payload_new ();
  PbPayload *outer = unpack (muster_sparkplug_payload_get_arena (self), data, size, error);
  PbPayload *inner = outer;

  if (outer == NULL)
    return NULL;
  if (outer->has_body && g_strcmp0 (outer->uuid, COMPRESSED) == 0)
    inner = unpack_body (self, &outer->body, error);
  if (inner == NULL || !decode_payload (self, inner, error))
    return NULL;
  if (self->seq < 0 && outer->has_seq)
    self->seq = outer->seq & 0xff;
  if (self->time == 0 && outer->has_timestamp)
    self->time = time_from_msec (outer->timestamp);
  return g_steal_pointer (&self);
}
