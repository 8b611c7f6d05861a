/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sparkplug-scan"

#include "config.h"

#include "core/muster-wire.h"
#include "model/muster-error.h"
#include "muster-sparkplug-payload-private.h"

/* The generated decoder recurses as deep as its input and allocates for every message it meets.
 * This walk over the same bytes comes first and refuses what would cost too much. */

#define MAX_MESSAGES 100000

typedef enum
{
  KIND_NONE,
  KIND_PAYLOAD,
  KIND_METRIC,
  KIND_LEAF,
  KIND_PROPERTY_SET,
  KIND_PROPERTY_VALUE,
  KIND_PROPERTY_SET_LIST,
  KIND_DATA_SET,
  KIND_ROW,
  KIND_TEMPLATE,
} Kind;

static const struct
{
  Kind     parent;
  unsigned field;
  Kind     child;
} children[] = {
  { KIND_PAYLOAD, 2, KIND_METRIC },
  { KIND_METRIC, 8, KIND_LEAF },
  { KIND_METRIC, 9, KIND_PROPERTY_SET },
  { KIND_METRIC, 17, KIND_DATA_SET },
  { KIND_METRIC, 18, KIND_TEMPLATE },
  { KIND_METRIC, 19, KIND_LEAF },
  { KIND_PROPERTY_SET, 2, KIND_PROPERTY_VALUE },
  { KIND_PROPERTY_VALUE, 9, KIND_PROPERTY_SET },
  { KIND_PROPERTY_VALUE, 10, KIND_PROPERTY_SET_LIST },
  { KIND_PROPERTY_SET_LIST, 1, KIND_PROPERTY_SET },
  { KIND_DATA_SET, 4, KIND_ROW },
  { KIND_ROW, 1, KIND_LEAF },
  { KIND_TEMPLATE, 2, KIND_METRIC },
  { KIND_TEMPLATE, 3, KIND_LEAF },
};

typedef struct
{
  unsigned n_messages;
  unsigned n_metrics;
  gboolean too_large; /* else malformed */
} Scan;

static Kind
find_child (Kind parent, guint64 field)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (children); i++)
    if (children[i].parent == parent && children[i].field == field)
      return children[i].child;
  return KIND_NONE;
}

static gboolean
count_message (Scan *scan, Kind kind, unsigned depth)
{
  scan->n_metrics += kind == KIND_METRIC;
  scan->too_large = ++scan->n_messages > MAX_MESSAGES ||
                    scan->n_metrics > MUSTER_SPARKPLUG_MAX_METRICS ||
                    depth > MUSTER_SPARKPLUG_MAX_NESTING;
  return !scan->too_large;
}

static gboolean
scan_message (Scan *scan, Kind kind, unsigned depth, const guint8 *data, gsize size)
{
  MusterWire      wire = muster_wire_init (data, size);
  MusterWireField field;

  if (!count_message (scan, kind, depth))
    return FALSE;
  while (muster_wire_next (&wire, &field))
    {
      Kind child = field.type == MUSTER_WIRE_BYTES ? find_child (kind, field.number) : KIND_NONE;

      if (child != KIND_NONE && !scan_message (scan, child, depth + 1, field.data, field.size))
        return FALSE;
    }
  return !wire.is_malformed;
}

gboolean
muster_sparkplug_scan (const guint8 *data, gsize size, GError **error)
{
  Scan scan = { 0 };

  if (size == 0 || scan_message (&scan, KIND_PAYLOAD, 0, data, size))
    return TRUE;
  if (scan.too_large)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                         "the payload nests too deep or has too many members");
  else
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                         "the payload is no Sparkplug B protocol buffer");
  return FALSE;
}
