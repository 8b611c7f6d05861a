/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_PROTO_H
#define MF_PROTO_H

#include "mf_port.h"

/* Protocol buffers (proto2 wire format), written and read in place: no allocation, every length
 * checked. */

enum mf_wire
{
  MF_WIRE_VARINT = 0,
  MF_WIRE_FIXED64 = 1,
  MF_WIRE_BYTES = 2,
  MF_WIRE_FIXED32 = 5,
};

/* Writes into `data`. The first field that does not fit sets `full`; from then on nothing is
 * written. */
struct mf_writer
{
  uint8_t *data;
  size_t   size;
  size_t   used;
  bool     full;
};

void mf_writer_init (struct mf_writer *self, void *data, size_t size);
void mf_write_uint (struct mf_writer *self, uint32_t field, uint64_t value);
void mf_write_bool (struct mf_writer *self, uint32_t field, bool value);
void mf_write_float (struct mf_writer *self, uint32_t field, float value);
void mf_write_double (struct mf_writer *self, uint32_t field, double value);
void mf_write_bytes (struct mf_writer *self, uint32_t field, struct mf_bytes value);
void mf_write_text (struct mf_writer *self, uint32_t field, const char *value);

/* Opens a message as `field`; returns the mark to close it with. Its length takes two bytes, so at
 * most 16,383 fit in. */
size_t mf_write_open (struct mf_writer *self, uint32_t field);
void   mf_write_close (struct mf_writer *self, size_t mark);

/* Takes back all that was written since `used` was `length`, and the mark that it was too much. */
void mf_writer_rewind (struct mf_writer *self, size_t length);

/* One field as it came. `value` of a varint and of fixed widths (raw bits); `bytes` of a string,
 * bytes or message. */
struct mf_field
{
  uint32_t        number;
  enum mf_wire    wire;
  uint64_t        value;
  struct mf_bytes bytes;
};

struct mf_reader
{
  const uint8_t *data;
  size_t         size;
  size_t         at;
  bool           broken; /* the bytes were no protocol buffer; nothing more is read */
};

void mf_reader_init (struct mf_reader *self, struct mf_bytes bytes);

/* Reads the next field. False at the end and when broken. Groups are refused. */
bool mf_read (struct mf_reader *self, struct mf_field *field);

float  mf_field_float (const struct mf_field *field);
double mf_field_double (const struct mf_field *field);

#endif
