/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MusterWire:
 *
 * A walk over the fields of one protocol-buffer message, in place: nothing is copied or allocated.
 * For what is read before, or instead of, the generated decoder, which allocates for every message
 * that it meets. Groups (long deprecated) are refused.
 */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
  gboolean      is_malformed;
} MusterWire;

typedef enum
{
  MUSTER_WIRE_VARINT = 0,
  MUSTER_WIRE_FIXED64 = 1,
  MUSTER_WIRE_BYTES = 2, /* text, bytes, a message within */
  MUSTER_WIRE_FIXED32 = 5,
} MusterWireType;

typedef struct
{
  guint64        number;
  MusterWireType type;
  guint64        value; /* VARINT, FIXED64, FIXED32 */
  const guint8  *data;  /* BYTES: borrowed */
  gsize          size;
} MusterWireField;

static inline MusterWire
muster_wire_init (const guint8 *data, gsize size)
{
  return (MusterWire){ data, data != NULL ? data + size : NULL, FALSE };
}

/* The next field, into FIELD. FALSE at the end, and where the bytes are no message: then
 * `is_malformed` is set. */
gboolean muster_wire_next (MusterWire *self, MusterWireField *field);

/* The number of a field of type `double`; 0 where it has another type. */
double muster_wire_field_get_double (const MusterWireField *field);

G_END_DECLS
