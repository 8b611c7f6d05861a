/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sparkplug-encode"

#include "config.h"

#include <math.h>

#include "muster-sparkplug-payload-private.h"
#include "sparkplug_b.pb-c.h"

typedef Org__Eclipse__Tahu__Protobuf__Payload       PbPayload;
typedef Org__Eclipse__Tahu__Protobuf__Metric        PbMetric;
typedef Org__Eclipse__Tahu__Protobuf__PropertySet   PbPropertySet;
typedef Org__Eclipse__Tahu__Protobuf__PropertyValue PbPropertyValue;

#define METRIC(name) ORG__ECLIPSE__TAHU__PROTOBUF__METRIC__VALUE_##name
#define PROPERTY(name) ORG__ECLIPSE__TAHU__PROTOBUF__PROPERTY_VALUE__VALUE_##name

#define MAX_PROPERTIES 6

/* What one metric becomes. The strings are those of the payload; protobuf-c only reads them. */
typedef struct
{
  PbMetric         metric;
  PbPropertySet    set;
  PbPropertyValue  values[MAX_PROPERTIES];
  PbPropertyValue *value_pointers[MAX_PROPERTIES];
  char            *keys[MAX_PROPERTIES];
  gpointer         nested; /* (owned) (nullable): ProtobufCMessage */
} Encoded;

static PbPropertyValue *
add_property (Encoded *to, const char *key, MusterSparkplugDatatype type)
{
  PbPropertyValue *value = &to->values[to->set.n_keys];

  org__eclipse__tahu__protobuf__property_value__init (value);
  value->has_type = TRUE;
  value->type = type;
  to->keys[to->set.n_keys] = (char *)key;
  to->value_pointers[to->set.n_keys] = value;
  to->set.n_values = ++to->set.n_keys;
  return value;
}

static void
add_text_property (Encoded *to, const char *key, const char *text)
{
  PbPropertyValue *value;

  if (text == NULL)
    return;
  value = add_property (to, key, MUSTER_SPARKPLUG_STRING);
  value->value_case = PROPERTY (STRING_VALUE);
  value->string_value = (char *)text;
}

static void
add_number_property (Encoded *to, const char *key, double number)
{
  PbPropertyValue *value;

  if (isnan (number))
    return;
  value = add_property (to, key, MUSTER_SPARKPLUG_DOUBLE);
  value->value_case = PROPERTY (DOUBLE_VALUE);
  value->double_value = number;
}

static void
encode_properties (Encoded *to, const MusterSparkplugMetric *from)
{
  PbPropertyValue *value;

  org__eclipse__tahu__protobuf__property_set__init (&to->set);
  to->set.keys = to->keys;
  to->set.values = to->value_pointers;
  add_text_property (to, "engUnit", from->unit);
  add_number_property (to, "engLow", from->minimum);
  add_number_property (to, "engHigh", from->maximum);
  add_text_property (to, "description", from->description);
  if (from->has_read_only)
    {
      value = add_property (to, "readOnly", MUSTER_SPARKPLUG_BOOLEAN);
      value->value_case = PROPERTY (BOOLEAN_VALUE);
      value->boolean_value = from->read_only;
    }
  if (from->flags & (MUSTER_SAMPLE_BAD | MUSTER_SAMPLE_STALE))
    {
      value = add_property (to, "Quality", MUSTER_SPARKPLUG_INT32);
      value->value_case = PROPERTY (INT_VALUE);
      value->int_value = from->flags & MUSTER_SAMPLE_BAD ? 0 : 500;
    }
  if (to->set.n_keys > 0)
    to->metric.properties = &to->set;
}

static gpointer
unpack_nested (const MusterSparkplugMetric *from, const ProtobufCMessageDescriptor *descriptor)
{
  return protobuf_c_message_unpack (descriptor, NULL, from->raw.size, from->raw.data);
}

static void
encode_nested (Encoded *to, const MusterSparkplugMetric *from)
{
  if (from->wire == MUSTER_SPARKPLUG_WIRE_DATA_SET)
    {
      to->nested = to->metric.dataset_value =
        unpack_nested (from, &org__eclipse__tahu__protobuf__data_set__descriptor);
      to->metric.value_case = METRIC (DATASET_VALUE);
    }
  else if (from->wire == MUSTER_SPARKPLUG_WIRE_TEMPLATE)
    {
      to->nested = to->metric.template_value =
        unpack_nested (from, &org__eclipse__tahu__protobuf__template__descriptor);
      to->metric.value_case = METRIC (TEMPLATE_VALUE);
    }
  else
    {
      to->nested = to->metric.extension_value =
        unpack_nested (from, &org__eclipse__tahu__protobuf__extension_value__descriptor);
      to->metric.value_case = METRIC (EXTENSION_VALUE);
    }
  if (to->nested == NULL)
    to->metric.value_case = METRIC (_NOT_SET);
}

static void
encode_value (Encoded *to, const MusterSparkplugMetric *from)
{
  switch (from->wire)
    {
    case MUSTER_SPARKPLUG_WIRE_INT:
      to->metric.value_case = METRIC (INT_VALUE);
      to->metric.int_value = (guint32)from->bits;
      break;
    case MUSTER_SPARKPLUG_WIRE_LONG:
      to->metric.value_case = METRIC (LONG_VALUE);
      to->metric.long_value = from->bits;
      break;
    case MUSTER_SPARKPLUG_WIRE_FLOAT:
      to->metric.value_case = METRIC (FLOAT_VALUE);
      to->metric.float_value = (float)from->number;
      break;
    case MUSTER_SPARKPLUG_WIRE_DOUBLE:
      to->metric.value_case = METRIC (DOUBLE_VALUE);
      to->metric.double_value = from->number;
      break;
    case MUSTER_SPARKPLUG_WIRE_BOOLEAN:
      to->metric.value_case = METRIC (BOOLEAN_VALUE);
      to->metric.boolean_value = from->boolean;
      break;
    case MUSTER_SPARKPLUG_WIRE_STRING:
      to->metric.value_case = METRIC (STRING_VALUE);
      to->metric.string_value = (char *)from->text;
      break;
    case MUSTER_SPARKPLUG_WIRE_BYTES:
      to->metric.value_case = METRIC (BYTES_VALUE);
      to->metric.bytes_value = (ProtobufCBinaryData){ from->raw.size, (guint8 *)from->raw.data };
      break;
    case MUSTER_SPARKPLUG_WIRE_DATA_SET:
    case MUSTER_SPARKPLUG_WIRE_TEMPLATE:
    case MUSTER_SPARKPLUG_WIRE_EXTENSION:
      encode_nested (to, from);
      break;
    case MUSTER_SPARKPLUG_WIRE_NONE:
    default:
      break;
    }
}

static void
encode_metric (Encoded *to, const MusterSparkplugMetric *from)
{
  org__eclipse__tahu__protobuf__metric__init (&to->metric);
  to->metric.name = (char *)from->name;
  to->metric.has_alias = from->has_alias;
  to->metric.alias = from->alias;
  to->metric.has_timestamp = from->time > 0;
  to->metric.timestamp = MAX (from->time, 0) / 1000;
  to->metric.has_datatype = from->datatype != MUSTER_SPARKPLUG_UNKNOWN;
  to->metric.datatype = from->datatype;
  to->metric.has_is_historical = to->metric.is_historical =
    (from->flags & MUSTER_SAMPLE_HISTORICAL) != 0;
  to->metric.has_is_transient = to->metric.is_transient =
    (from->flags & MUSTER_SAMPLE_TRANSIENT) != 0;
  to->metric.has_is_null = to->metric.is_null = from->is_null;
  if (!from->is_null)
    encode_value (to, from);
  encode_properties (to, from);
}

GBytes *
muster_sparkplug_payload_encode (MusterSparkplugPayload *self)
{
  g_autofree Encoded   *metrics = NULL;
  g_autofree PbMetric **pointers = NULL;
  PbPayload             payload;
  gsize                 size;
  guint8               *data;

  g_return_val_if_fail (self != NULL, NULL);

  metrics = g_new0 (Encoded, self->n_metrics);
  pointers = g_new (PbMetric *, self->n_metrics);
  org__eclipse__tahu__protobuf__payload__init (&payload);
  payload.has_timestamp = self->time > 0;
  payload.timestamp = MAX (self->time, 0) / 1000;
  payload.has_seq = self->seq >= 0;
  payload.seq = MAX (self->seq, 0);
  payload.n_metrics = self->n_metrics;
  payload.metrics = pointers;
  for (unsigned i = 0; i < self->n_metrics; i++)
    {
      encode_metric (&metrics[i], &self->metrics[i]);
      pointers[i] = &metrics[i].metric;
    }
  size = org__eclipse__tahu__protobuf__payload__get_packed_size (&payload);
  data = g_malloc (MAX (size, 1));
  org__eclipse__tahu__protobuf__payload__pack (&payload, data);
  for (unsigned i = 0; i < self->n_metrics; i++)
    if (metrics[i].nested != NULL)
      protobuf_c_message_free_unpacked (metrics[i].nested, NULL);
  return g_bytes_new_take (data, size);
}
