/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sparkplug-payload.h"

G_BEGIN_DECLS

/* Memory of one payload: given out in order, freed as one, and never more than `limit`, so that no
 * input costs more. */
typedef struct _MusterArenaBlock MusterArenaBlock;

typedef struct
{
  MusterArenaBlock *blocks;
  gsize             total;
  gsize             limit;
} MusterArena;

/* NULL beyond the limit. Aligned for any type, not cleared. */
void *muster_arena_alloc (MusterArena *arena, gsize size);
void  muster_arena_clear (MusterArena *arena);

typedef struct
{
  MusterSparkplugPayload parent;
  grefcount              ref_count;
  unsigned               capacity;
  MusterArena            arena;
} MusterSparkplugPayloadReal;

static inline MusterArena *
muster_sparkplug_payload_get_arena (MusterSparkplugPayload *self)
{
  return &((MusterSparkplugPayloadReal *)self)->arena;
}

/* The shortest decimal that is SINGLE when it is made a float again: what the device meant by 17.7,
 * where a plain conversion would say 17.700000762939453. */
double muster_sparkplug_widen (float single);

/* Whether DATA is well-formed protocol-buffer text of a payload within the limits on nesting and
 * counts. Nothing is allocated. */
gboolean muster_sparkplug_scan (const guint8 *data, gsize size, GError **error);

G_END_DECLS
