/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_sparkplug.h"
#include "mf_text.h"

/* Field numbers. */
enum
{
  PAYLOAD_TIMESTAMP = 1,
  PAYLOAD_METRICS = 2,
  PAYLOAD_SEQ = 3,
  METRIC_NAME = 1,
  METRIC_ALIAS = 2,
  METRIC_TIMESTAMP = 3,
  METRIC_DATATYPE = 4,
  METRIC_IS_HISTORICAL = 5,
  METRIC_IS_NULL = 7,
  METRIC_PROPERTIES = 9,
  METRIC_INT = 10,
  METRIC_LONG = 11,
  METRIC_FLOAT = 12,
  METRIC_DOUBLE = 13,
  METRIC_BOOLEAN = 14,
  METRIC_STRING = 15,
  SET_KEYS = 1,
  SET_VALUES = 2,
  PROPERTY_TYPE = 1,
  PROPERTY_INT = 3,
  PROPERTY_DOUBLE = 6,
  PROPERTY_BOOLEAN = 7,
  PROPERTY_STRING = 8,
};

#define QUALITY_BAD 0u

void
mf_sparkplug_begin (struct mf_writer *writer, uint64_t time_ms)
{
  mf_write_uint (writer, PAYLOAD_TIMESTAMP, time_ms);
}

bool
mf_sparkplug_end (struct mf_writer *writer, uint8_t seq)
{
  mf_write_uint (writer, PAYLOAD_SEQ, seq);
  return !writer->full;
}

static void
write_value (struct mf_writer *writer, enum mf_type type, const union mf_value *value)
{
  switch (type)
    {
    case MF_TYPE_INT8:
    case MF_TYPE_INT16:
    case MF_TYPE_INT32:
      mf_write_uint (writer, METRIC_INT, (uint32_t)value->i); /* two's complement of 32 bits */
      break;
    case MF_TYPE_UINT8:
    case MF_TYPE_UINT16:
    case MF_TYPE_UINT32:
      mf_write_uint (writer, METRIC_INT, (uint32_t)value->u);
      break;
    case MF_TYPE_INT64:
      mf_write_uint (writer, METRIC_LONG, (uint64_t)value->i);
      break;
    case MF_TYPE_UINT64:
    case MF_TYPE_DATETIME:
      mf_write_uint (writer, METRIC_LONG, value->u);
      break;
    case MF_TYPE_FLOAT:
      mf_write_float (writer, METRIC_FLOAT, value->f);
      break;
    case MF_TYPE_DOUBLE:
      mf_write_double (writer, METRIC_DOUBLE, value->d);
      break;
    case MF_TYPE_BOOLEAN:
      mf_write_bool (writer, METRIC_BOOLEAN, value->b);
      break;
    case MF_TYPE_STRING:
    default:
      mf_write_text (writer, METRIC_STRING, value->s);
    }
}

static void
write_double_property (struct mf_writer *writer, double value)
{
  size_t mark = mf_write_open (writer, SET_VALUES);

  mf_write_uint (writer, PROPERTY_TYPE, MF_TYPE_DOUBLE);
  mf_write_double (writer, PROPERTY_DOUBLE, value);
  mf_write_close (writer, mark);
}

/* engUnit, engLow, engHigh and readOnly are what the field's tools use; only Quality is the
 * specification's. */
static void
write_info (struct mf_writer *writer, const struct mf_metric_info *info)
{
  size_t mark;

  if (info->unit != NULL)
    mf_write_text (writer, SET_KEYS, "engUnit");
  if (info->has_range)
    {
      mf_write_text (writer, SET_KEYS, "engLow");
      mf_write_text (writer, SET_KEYS, "engHigh");
    }
  mf_write_text (writer, SET_KEYS, "readOnly");
  if (info->unit != NULL)
    {
      mark = mf_write_open (writer, SET_VALUES);
      mf_write_uint (writer, PROPERTY_TYPE, MF_TYPE_STRING);
      mf_write_text (writer, PROPERTY_STRING, info->unit);
      mf_write_close (writer, mark);
    }
  if (info->has_range)
    {
      write_double_property (writer, info->low);
      write_double_property (writer, info->high);
    }
  mark = mf_write_open (writer, SET_VALUES);
  mf_write_uint (writer, PROPERTY_TYPE, MF_TYPE_BOOLEAN);
  mf_write_bool (writer, PROPERTY_BOOLEAN, !info->writable);
  mf_write_close (writer, mark);
}

static void
write_quality (struct mf_writer *writer, uint32_t quality)
{
  size_t mark;

  mf_write_text (writer, SET_KEYS, "Quality");
  mark = mf_write_open (writer, SET_VALUES);
  mf_write_uint (writer, PROPERTY_TYPE, MF_TYPE_INT32);
  mf_write_uint (writer, PROPERTY_INT, quality);
  mf_write_close (writer, mark);
}

/* Keys and values of a property set go pairwise by their order, so a set is written in one piece of
 * either kind. */
static void
write_properties (struct mf_writer *writer, const struct mf_metric_form *form)
{
  size_t mark = mf_write_open (writer, METRIC_PROPERTIES);

  if (form->value == NULL)
    write_quality (writer, QUALITY_BAD);
  if (form->properties != NULL)
    write_info (writer, form->properties);
  mf_write_close (writer, mark);
}

bool
mf_sparkplug_metric (struct mf_writer *writer, const struct mf_metric_form *form)
{
  size_t before = writer->used, mark = mf_write_open (writer, PAYLOAD_METRICS);

  if (form->name != NULL)
    mf_write_text (writer, METRIC_NAME, form->name);
  if (form->alias != MF_NO_ALIAS)
    mf_write_uint (writer, METRIC_ALIAS, form->alias);
  mf_write_uint (writer, METRIC_TIMESTAMP, form->time_ms);
  if (form->with_type)
    mf_write_uint (writer, METRIC_DATATYPE, form->type);
  if (form->is_historical)
    mf_write_bool (writer, METRIC_IS_HISTORICAL, true);
  if (form->value == NULL)
    mf_write_bool (writer, METRIC_IS_NULL, true);
  if (form->properties != NULL || form->value == NULL)
    write_properties (writer, form);
  if (form->value != NULL)
    write_value (writer, form->type, form->value);
  mf_write_close (writer, mark);
  if (!writer->full)
    return true;
  mf_writer_rewind (writer, before);
  return false;
}

static bool
read_metric (struct mf_bytes bytes, struct mf_command_metric *metric)
{
  struct mf_reader reader;
  struct mf_field  field;

  memset (metric, 0, sizeof *metric);
  mf_reader_init (&reader, bytes);
  while (mf_read (&reader, &field))
    {
      if (field.number == METRIC_NAME && field.wire == MF_WIRE_BYTES)
        metric->name = field.bytes;
      else if (field.number == METRIC_ALIAS && field.wire == MF_WIRE_VARINT)
        {
          metric->has_alias = true;
          metric->alias = field.value;
        }
      else if (field.number == METRIC_IS_NULL && field.wire == MF_WIRE_VARINT)
        metric->is_null = field.value != 0;
      else if (field.number >= METRIC_INT && field.number <= METRIC_STRING)
        {
          static const uint8_t wires[] = { MF_WIRE_VARINT,  MF_WIRE_VARINT, MF_WIRE_FIXED32,
                                           MF_WIRE_FIXED64, MF_WIRE_VARINT, MF_WIRE_BYTES };

          if ((unsigned)field.wire != wires[field.number - METRIC_INT])
            return false;
          metric->value_field = field.number;
          metric->bits = field.value;
          metric->text = field.bytes;
        }
    }
  return !reader.broken;
}

/* Goes through the payload; `each` may be NULL for a mere check. */
static bool
walk (struct mf_bytes payload,
      uint64_t       *time_ms,
      void (*each) (void *user, const struct mf_command_metric *metric),
      void *user)
{
  struct mf_command_metric metric;
  struct mf_reader         reader;
  struct mf_field          field;

  mf_reader_init (&reader, payload);
  while (mf_read (&reader, &field))
    {
      if (field.number == PAYLOAD_TIMESTAMP && field.wire == MF_WIRE_VARINT)
        *time_ms = field.value;
      if (field.number != PAYLOAD_METRICS)
        continue;
      if (field.wire != MF_WIRE_BYTES || !read_metric (field.bytes, &metric))
        return false;
      if (each != NULL)
        each (user, &metric);
    }
  return !reader.broken;
}

bool
mf_sparkplug_read (struct mf_bytes payload,
                   uint64_t       *time_ms,
                   void (*each) (void *user, const struct mf_command_metric *metric),
                   void *user)
{
  *time_ms = 0;
  return walk (payload, time_ms, NULL, NULL) && walk (payload, time_ms, each, user);
}

static struct mf_field
as_field (const struct mf_command_metric *metric)
{
  struct mf_field field = { .value = metric->bits };

  return field;
}

/* Signed integers of up to 32 bits come as 32 bits of two's complement, from some as all 64 bits.
 */
static int64_t
sign_extend (uint64_t bits, bool is_long)
{
  if (is_long || bits > UINT32_MAX || bits <= INT32_MAX)
    return (int64_t)bits;
  return (int64_t)bits - ((int64_t)1 << 32);
}

bool
mf_sparkplug_value (const struct mf_command_metric *metric,
                    enum mf_type                    type,
                    union mf_value                 *value,
                    char                           *text)
{
  bool is_integer = metric->value_field == METRIC_INT || metric->value_field == METRIC_LONG;
  bool is_real = metric->value_field == METRIC_FLOAT || metric->value_field == METRIC_DOUBLE;
  struct mf_field field = as_field (metric);
  double          real = metric->value_field == METRIC_FLOAT ? (double)mf_field_float (&field)
                                                             : mf_field_double (&field);

  memset (value, 0, sizeof *value);
  switch (type)
    {
    case MF_TYPE_INT8:
    case MF_TYPE_INT16:
    case MF_TYPE_INT32:
    case MF_TYPE_INT64:
      value->i = sign_extend (metric->bits, type == MF_TYPE_INT64);
      return is_integer;
    case MF_TYPE_UINT8:
    case MF_TYPE_UINT16:
    case MF_TYPE_UINT32:
    case MF_TYPE_UINT64:
    case MF_TYPE_DATETIME:
      value->u = metric->bits;
      return is_integer;
    case MF_TYPE_FLOAT:
      /* What a float cannot hold becomes infinite, which no metric accepts. */
      value->f = (float)real;
      return is_real;
    case MF_TYPE_DOUBLE:
      value->d = real;
      return is_real;
    case MF_TYPE_BOOLEAN:
      value->b = metric->bits != 0;
      return metric->value_field == METRIC_BOOLEAN;
    case MF_TYPE_STRING:
    default:
      value->s = text;
      return metric->value_field == METRIC_STRING &&
             mf_text_copy (text, MF_TEXT_MAX + 1, metric->text);
    }
}
