/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many ranges one request may ask for. What updates by difference asks for up to 150. */
#define MUSTER_BYTE_RANGES_MAX 256

/* From FIRST to LAST, both counted from 0 and both within. */
typedef struct
{
  gint64 first;
  gint64 last;
} MusterByteRange;

typedef enum
{
  MUSTER_BYTE_RANGES_WHOLE, /* nothing is asked for, or in a unit that is not bytes */
  MUSTER_BYTE_RANGES_PARTS,
  MUSTER_BYTE_RANGES_REFUSED, /* not well-formed, too many, or none within the file: 416 */
} MusterByteRangesKind;

/* Reads a Range header (RFC 9110 §14.2) for a file of SIZE bytes: TEXT "bytes=0-499", "bytes=500-",
 * "bytes=-500", or several of them with commas between; NULL for none. With
 * MUSTER_BYTE_RANGES_PARTS, RANGES (transfer full) (element-type MusterByteRange) has at least one,
 * cut to the file, those outside it left out. They stand in the order in which they were asked
 * for, unless some overlap: then in that of the file, and what overlaps is one, so that no request
 * gives more bytes than the file has. */
MusterByteRangesKind muster_byte_ranges_parse (const char *text, gint64 size, GArray **ranges);

G_END_DECLS
