/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The most integers of one run. */
#define MUSTER_SAMPLE_INTS_MAX 65536

/**
 * Runs of integers, small.
 *
 * A run is turned into what repeats itself most (its difference to its least, to the one before, to
 * the difference before, or to a straight line through its ends), and the rest into bytes that zstd
 * (RFC 8878) packs. What was chosen goes into DIRECTORY, the bytes into DATA. Lossless for every
 * 64-bit integer.
 */
void muster_sample_ints_encode (const gint64 *values,
                                unsigned      n,
                                GByteArray   *directory,
                                GByteArray   *data);

/* Where a run lies, and how it was made. */
typedef struct
{
  gsize    offset; /* in the data */
  guint32  length;
  guint32  raw_length; /* unpacked */
  guint32  checksum;   /* CRC-32 (ISO 3309) of the bytes in the data */
  gboolean is_stored;  /* not packed: it would have become greater */
} MusterSampleBytes;

typedef struct
{
  guint8            shape;
  guint8            width; /* bytes a number; 0: all are what the shape says */
  guint64           base;
  guint64           slope;
  MusterSampleBytes bytes;
} MusterSampleInts;

/* A cursor over bytes from outside: past the end reads give 0 and FAILED is set. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
  gboolean      failed;
} MusterByteReader;

guint64 muster_byte_reader_get_varint (MusterByteReader *self);
gint64  muster_byte_reader_get_signed (MusterByteReader *self);
guint8  muster_byte_reader_get_byte (MusterByteReader *self);
guint64 muster_byte_reader_get_fixed (MusterByteReader *self);
/* NULL when there are not so many. */
const guint8 *muster_byte_reader_get_bytes (MusterByteReader *self, gsize length);

void muster_bytes_add_varint (GByteArray *bytes, guint64 value);
void muster_bytes_add_signed (GByteArray *bytes, gint64 value);
void muster_bytes_add_byte (GByteArray *bytes, guint8 value);
/* Eight bytes, little end first. */
void muster_bytes_add_fixed (GByteArray *bytes, guint64 value);

/* Reads a run's line in the directory; OFFSET is where its bytes begin in the data, moved on. */
gboolean muster_sample_ints_parse (MusterSampleInts *self,
                                   MusterByteReader *directory,
                                   unsigned          n,
                                   gsize            *offset);
/* FALSE where the bytes are damaged. */
gboolean muster_sample_ints_decode (const MusterSampleInts *self,
                                    const guint8           *data,
                                    gsize                   data_length,
                                    gint64                 *values,
                                    unsigned                n);

/* Packs bytes by zstd where that makes them fewer: into DATA, and a line into DIRECTORY. */
void muster_sample_bytes_encode (const guint8 *bytes,
                                 gsize         length,
                                 GByteArray   *directory,
                                 GByteArray   *data);
/* The same for numbers that were made small: they repeat by chance only. */
void muster_sample_bytes_encode_numbers (const guint8 *bytes,
                                         gsize         length,
                                         GByteArray   *directory,
                                         GByteArray   *data);
/* MAX: the most bytes that there may be. */
gboolean muster_sample_bytes_parse (MusterSampleBytes *self,
                                    MusterByteReader  *directory,
                                    gsize              max,
                                    gsize             *offset);
/* Fills RAW_LENGTH bytes, or FALSE where they are damaged. */
gboolean muster_sample_bytes_decode (const MusterSampleBytes *self,
                                     const guint8            *data,
                                     gsize                    data_length,
                                     guint8                  *bytes);

G_END_DECLS
