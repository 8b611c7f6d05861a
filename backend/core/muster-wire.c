/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-wire"

#include "config.h"

#include <string.h>

#include "muster-wire.h"

static gboolean
read_varint (MusterWire *self, guint64 *value)
{
  *value = 0;
  for (unsigned shift = 0; shift < 70 && self->at < self->end; shift += 7)
    {
      guint8 byte = *self->at++;

      *value |= shift < 64 ? (guint64)(byte & 0x7f) << shift : 0;
      if (byte < 0x80)
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_fixed (MusterWire *self, unsigned size, guint64 *value)
{
  *value = 0;
  if ((gsize)(self->end - self->at) < size)
    return FALSE;
  memcpy (value, self->at, size);
  *value = GUINT64_FROM_LE (*value);
  self->at += size;
  return TRUE;
}

static gboolean
read_bytes (MusterWire *self, MusterWireField *field)
{
  guint64 size;

  if (!read_varint (self, &size) || size > (guint64)(self->end - self->at))
    return FALSE;
  field->data = self->at;
  field->size = size;
  self->at += size;
  return TRUE;
}

static gboolean
read_field (MusterWire *self, MusterWireField *field)
{
  guint64 tag;

  if (!read_varint (self, &tag) || tag >> 3 == 0)
    return FALSE;
  field->number = tag >> 3;
  field->type = tag & 7;
  switch (tag & 7)
    {
    case MUSTER_WIRE_VARINT:
      return read_varint (self, &field->value);
    case MUSTER_WIRE_FIXED64:
      return read_fixed (self, 8, &field->value);
    case MUSTER_WIRE_FIXED32:
      return read_fixed (self, 4, &field->value);
    case MUSTER_WIRE_BYTES:
      return read_bytes (self, field);
    default:
      return FALSE;
    }
}

gboolean
muster_wire_next (MusterWire *self, MusterWireField *field)
{
  g_return_val_if_fail (self != NULL && field != NULL, FALSE);

  *field = (MusterWireField){ 0 };
  if (self->is_malformed || self->at >= self->end)
    return FALSE;
  self->is_malformed = !read_field (self, field);
  return !self->is_malformed;
}

double
muster_wire_field_get_double (const MusterWireField *field)
{
  double number;

  g_return_val_if_fail (field != NULL, 0);

  if (field->type != MUSTER_WIRE_FIXED64)
    return 0;
  memcpy (&number, &field->value, sizeof number);
  return number;
}
