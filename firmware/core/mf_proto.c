/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_proto.h"
#include "mf_text.h"

void
mf_writer_init (struct mf_writer *self, void *data, size_t size)
{
  self->data = data;
  self->size = size;
  self->used = 0;
  self->full = false;
}

static void
put (struct mf_writer *self, const uint8_t *data, size_t size)
{
  if (self->full || size > self->size - self->used)
    {
      self->full = true;
      return;
    }
  if (size > 0)
    memcpy (self->data + self->used, data, size);
  self->used += size;
}

static void
put_varint (struct mf_writer *self, uint64_t value)
{
  uint8_t bytes[10];
  size_t  n = 0;

  for (; value >= 0x80; value >>= 7)
    bytes[n++] = (uint8_t)(value | 0x80);
  bytes[n++] = (uint8_t)value;
  put (self, bytes, n);
}

static void
put_key (struct mf_writer *self, uint32_t field, enum mf_wire wire)
{
  put_varint (self, (uint64_t)field << 3 | (uint64_t)wire);
}

static void
put_fixed (struct mf_writer *self, uint64_t bits, size_t size)
{
  uint8_t bytes[8];
  size_t  n;

  for (n = 0; n < size; n++, bits >>= 8)
    bytes[n] = (uint8_t)bits;
  put (self, bytes, size);
}

void
mf_write_uint (struct mf_writer *self, uint32_t field, uint64_t value)
{
  put_key (self, field, MF_WIRE_VARINT);
  put_varint (self, value);
}

void
mf_write_bool (struct mf_writer *self, uint32_t field, bool value)
{
  mf_write_uint (self, field, value ? 1 : 0);
}

void
mf_write_float (struct mf_writer *self, uint32_t field, float value)
{
  uint32_t bits;

  memcpy (&bits, &value, sizeof bits);
  put_key (self, field, MF_WIRE_FIXED32);
  put_fixed (self, bits, 4);
}

void
mf_write_double (struct mf_writer *self, uint32_t field, double value)
{
  uint64_t bits;

  memcpy (&bits, &value, sizeof bits);
  put_key (self, field, MF_WIRE_FIXED64);
  put_fixed (self, bits, 8);
}

void
mf_write_bytes (struct mf_writer *self, uint32_t field, struct mf_bytes value)
{
  put_key (self, field, MF_WIRE_BYTES);
  put_varint (self, value.size);
  put (self, value.data, value.size);
}

void
mf_write_text (struct mf_writer *self, uint32_t field, const char *value)
{
  mf_write_bytes (self, field, mf_text_bytes (value));
}

size_t
mf_write_open (struct mf_writer *self, uint32_t field)
{
  static const uint8_t room[2];

  put_key (self, field, MF_WIRE_BYTES);
  put (self, room, sizeof room);
  return self->used;
}

/* The length was given two bytes before its size was known. A length below 128 moves the message
 * back by one, so that the bytes are those of any other encoder. */
void
mf_write_close (struct mf_writer *self, size_t mark)
{
  size_t size = self->used - mark;

  if (size > 0x3FFF)
    self->full = true;
  if (self->full)
    return;
  if (size < 0x80)
    {
      memmove (self->data + mark - 1, self->data + mark, size);
      self->data[mark - 2] = (uint8_t)size;
      self->used--;
      return;
    }
  self->data[mark - 2] = (uint8_t)(size | 0x80);
  self->data[mark - 1] = (uint8_t)(size >> 7);
}

void
mf_writer_rewind (struct mf_writer *self, size_t length)
{
  self->used = length;
  self->full = false;
}

void
mf_reader_init (struct mf_reader *self, struct mf_bytes bytes)
{
  self->data = bytes.data;
  self->size = bytes.size;
  self->at = 0;
  self->broken = false;
}

static uint64_t
take_varint (struct mf_reader *self)
{
  uint64_t value = 0;
  unsigned shift;

  for (shift = 0; shift < 70 && self->at < self->size; shift += 7)
    {
      uint8_t byte = self->data[self->at++];

      if (shift == 63 && byte > 1)
        break;
      value |= (uint64_t)(byte & 0x7Fu) << shift;
      if (byte < 0x80)
        return value;
    }
  self->broken = true;
  return 0;
}

static uint64_t
take_fixed (struct mf_reader *self, size_t size)
{
  uint64_t bits = 0;
  size_t   n;

  if (size > self->size - self->at)
    {
      self->broken = true;
      return 0;
    }
  for (n = 0; n < size; n++)
    bits |= (uint64_t)self->data[self->at + n] << (8 * n);
  self->at += size;
  return bits;
}

static struct mf_bytes
take_bytes (struct mf_reader *self)
{
  struct mf_bytes bytes = { self->data, 0 };
  uint64_t        size = take_varint (self);

  if (self->broken || size > self->size - self->at)
    {
      self->broken = true;
      return bytes;
    }
  bytes.data = self->data + self->at;
  bytes.size = (size_t)size;
  self->at += (size_t)size;
  return bytes;
}

bool
mf_read (struct mf_reader *self, struct mf_field *field)
{
  uint64_t key;

  if (self->broken || self->at >= self->size)
    return false;
  memset (field, 0, sizeof *field);
  key = take_varint (self);
  if (key >> 3 == 0 || key >> 3 > 0x1FFFFFFF)
    self->broken = true;
  field->number = (uint32_t)(key >> 3);
  field->wire = (enum mf_wire) (key & 7);
  if (self->broken)
    return false;
  switch ((unsigned)(key & 7))
    {
    case MF_WIRE_VARINT:
      field->value = take_varint (self);
      break;
    case MF_WIRE_FIXED64:
      field->value = take_fixed (self, 8);
      break;
    case MF_WIRE_BYTES:
      field->bytes = take_bytes (self);
      break;
    case MF_WIRE_FIXED32:
      field->value = take_fixed (self, 4);
      break;
    default:
      self->broken = true;
    }
  return !self->broken;
}

float
mf_field_float (const struct mf_field *field)
{
  uint32_t bits = (uint32_t)field->value;
  float    value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

double
mf_field_double (const struct mf_field *field)
{
  double value;

  memcpy (&value, &field->value, sizeof value);
  return value;
}
