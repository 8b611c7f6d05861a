/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-bytes"

#include "config.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "muster-sample-ints.h"

/* Texts and bits repeat; small numbers that a sensor's noise gives do so by chance alone: short
 * matches among them cost more than their codes do, in bytes as in time. What is long is written
 * once and read often: it is worth the search for the best codes. */
typedef enum
{
  PACK_TEXT,
  PACK_NUMBERS,
  PACK_LONG_NUMBERS,
  N_PACKINGS,
} Packing;

#define LONG_NUMBERS 2000
#define LEAST_MATCH 7
static const struct
{
  int level;
  int strategy; /* 0: the level's */
} packings[N_PACKINGS] = {
  [PACK_TEXT] = { 3, 0 },
  [PACK_NUMBERS] = { 1, ZSTD_fast },
  [PACK_LONG_NUMBERS] = { 19, ZSTD_btultra2 },
};

/* --- varints: seven bits a byte, the lowest first, as in Protocol Buffers --- */

void
muster_bytes_add_byte (GByteArray *bytes, guint8 value)
{
  g_byte_array_append (bytes, &value, 1);
}

void
muster_bytes_add_varint (GByteArray *bytes, guint64 value)
{
  guint8   buffer[10];
  unsigned n = 0;

  for (; value >= 0x80; value >>= 7)
    buffer[n++] = (guint8)value | 0x80;
  buffer[n++] = (guint8)value;
  g_byte_array_append (bytes, buffer, n);
}

void
muster_bytes_add_signed (GByteArray *bytes, gint64 value)
{
  muster_bytes_add_varint (bytes, ((guint64)value << 1) ^ (guint64)(value >> 63));
}

void
muster_bytes_add_fixed (GByteArray *bytes, guint64 value)
{
  guint64 little = GUINT64_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *)&little, sizeof little);
}

guint8
muster_byte_reader_get_byte (MusterByteReader *self)
{
  if (self->at < self->end)
    return *self->at++;
  self->failed = TRUE;
  return 0;
}

guint64
muster_byte_reader_get_varint (MusterByteReader *self)
{
  guint64 value = 0;

  for (unsigned shift = 0; shift < 64; shift += 7)
    {
      guint8 byte = muster_byte_reader_get_byte (self);

      value |= (guint64)(byte & 0x7f) << shift;
      if (byte < 0x80)
        return value;
    }
  self->failed = TRUE;
  return 0;
}

gint64
muster_byte_reader_get_signed (MusterByteReader *self)
{
  guint64 value = muster_byte_reader_get_varint (self);

  return (gint64)(value >> 1) ^ -(gint64)(value & 1);
}

const guint8 *
muster_byte_reader_get_bytes (MusterByteReader *self, gsize length)
{
  const guint8 *bytes = self->at;

  if ((gsize)(self->end - self->at) < length)
    {
      self->failed = TRUE;
      return NULL;
    }
  self->at += length;
  return bytes;
}

guint64
muster_byte_reader_get_fixed (MusterByteReader *self)
{
  const guint8 *bytes = muster_byte_reader_get_bytes (self, sizeof (guint64));
  guint64       little = 0;

  if (bytes != NULL)
    memcpy (&little, bytes, sizeof little);
  return GUINT64_FROM_LE (little);
}

/* --- packing --- */

static void
free_packer (gpointer context)
{
  ZSTD_freeCCtx (context);
}

static void
free_unpacker (gpointer context)
{
  ZSTD_freeDCtx (context);
}

static GPrivate packers[N_PACKINGS] = { G_PRIVATE_INIT (free_packer), G_PRIVATE_INIT (free_packer),
                                        G_PRIVATE_INIT (free_packer) };
static GPrivate unpacker = G_PRIVATE_INIT (free_unpacker);

/* What the directory says already is left out of the frames, of which there are very many. */
static ZSTD_CCtx *
get_packer (Packing packing)
{
  ZSTD_CCtx *context = g_private_get (&packers[packing]);

  if (context != NULL)
    return context;
  context = ZSTD_createCCtx ();
  ZSTD_CCtx_setParameter (context, ZSTD_c_compressionLevel, packings[packing].level);
  if (packings[packing].strategy != 0)
    {
      ZSTD_CCtx_setParameter (context, ZSTD_c_strategy, packings[packing].strategy);
      ZSTD_CCtx_setParameter (context, ZSTD_c_minMatch, LEAST_MATCH);
    }
  ZSTD_CCtx_setParameter (context, ZSTD_c_contentSizeFlag, 0);
  ZSTD_CCtx_setParameter (context, ZSTD_c_checksumFlag, 0);
  ZSTD_CCtx_setParameter (context, ZSTD_c_dictIDFlag, 0);
  g_private_set (&packers[packing], context);
  return context;
}

static ZSTD_DCtx *
get_unpacker (void)
{
  ZSTD_DCtx *context = g_private_get (&unpacker);

  if (context == NULL)
    {
      context = ZSTD_createDCtx ();
      g_private_set (&unpacker, context);
    }
  return context;
}

static void
encode (const guint8 *bytes, gsize length, Packing packing, GByteArray *directory, GByteArray *data)
{
  gsize  bound = ZSTD_compressBound (length);
  gsize  start = data->len;
  gsize  packed;
  uLong  checksum;
  guint8 crc[4];

  g_byte_array_set_size (data, start + bound);
  packed = ZSTD_compress2 (get_packer (packing), data->data + start, bound, bytes, length);
  if (ZSTD_isError (packed) || packed >= length)
    {
      if (length > 0)
        memcpy (data->data + start, bytes, length);
      packed = length;
    }
  g_byte_array_set_size (data, start + packed);
  checksum = crc32 (0, data->data + start, packed);
  for (unsigned i = 0; i < sizeof crc; i++)
    crc[i] = checksum >> (8 * i);
  muster_bytes_add_varint (directory, length);
  muster_bytes_add_varint (directory, packed);
  g_byte_array_append (directory, crc, sizeof crc);
}

void
muster_sample_bytes_encode (const guint8 *bytes,
                            gsize         length,
                            GByteArray   *directory,
                            GByteArray   *data)
{
  encode (bytes, length, PACK_TEXT, directory, data);
}

void
muster_sample_bytes_encode_numbers (const guint8 *bytes,
                                    gsize         length,
                                    GByteArray   *directory,
                                    GByteArray   *data)
{
  encode (bytes, length, length >= LONG_NUMBERS ? PACK_LONG_NUMBERS : PACK_NUMBERS, directory,
          data);
}

gboolean
muster_sample_bytes_parse (MusterSampleBytes *self,
                           MusterByteReader  *directory,
                           gsize              max,
                           gsize             *offset)
{
  guint64       raw_length = muster_byte_reader_get_varint (directory);
  guint64       length = muster_byte_reader_get_varint (directory);
  const guint8 *crc = muster_byte_reader_get_bytes (directory, 4);

  if (crc == NULL || directory->failed || raw_length > max || length > raw_length)
    return FALSE;
  self->raw_length = raw_length;
  self->length = length;
  self->is_stored = length == raw_length;
  self->checksum = crc[0] | crc[1] << 8 | crc[2] << 16 | (guint32)crc[3] << 24;
  self->offset = *offset;
  *offset += length;
  return TRUE;
}

gboolean
muster_sample_bytes_decode (const MusterSampleBytes *self,
                            const guint8            *data,
                            gsize                    data_length,
                            guint8                  *bytes)
{
  const guint8 *packed = data + self->offset;

  if (self->offset > data_length || self->length > data_length - self->offset ||
      crc32 (0, packed, self->length) != self->checksum)
    return FALSE;
  if (!self->is_stored)
    return ZSTD_decompressDCtx (get_unpacker (), bytes, self->raw_length, packed, self->length) ==
           self->raw_length;
  memcpy (bytes, packed, self->length);
  return TRUE;
}
