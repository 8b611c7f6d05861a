/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "core/muster-database.h"
#include "telemetry/muster-sample-store.h"

G_BEGIN_DECLS

/* The metric by which a device tells how large an image it takes, in bytes. */
#define MUSTER_METRIC_IMAGE_SPACE "Properties/Image Space"

/* What a device has to be updated with. */
typedef struct
{
  double charge; /* of its battery, percent; NAN: it tells none */
  double least;  /* percent that the site asks for; 0: none */
  gint64 space;  /* bytes of the largest image that it takes; 0: it does not tell */
} MusterReserve;

/* Nothing is known. */
#define MUSTER_RESERVE_UNKNOWN ((MusterReserve){ .charge = NAN })

/* What devices told last of their batteries and of the space that they have: immutable, and to be
 * read on any thread. */
typedef struct _MusterReserves MusterReserves;

#define MUSTER_TYPE_RESERVES (muster_reserves_get_type ())
GType muster_reserves_get_type (void);

/* Of BATCHES: (element-type MusterSampleBatch): the newest sample of each metric. LEAST: see
 * MusterReserve. Bad samples count as none. */
MusterReserves *muster_reserves_new (GPtrArray *batches, double least);
MusterReserves *muster_reserves_ref (MusterReserves *self);
void            muster_reserves_unref (MusterReserves *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterReserves, muster_reserves_unref)

/* Asks STORE for what DEVICE_IDS (nullable: all) told last. Resolves to a MusterReserves (boxed);
 * where STORE cannot say, to one that knows of nothing, and that is logged. */
DexFuture *muster_reserves_ask (MusterSampleStore *store,
                                const char *const *device_ids,
                                double             least);

/* What DEVICE_ID has. Its battery is a metric whose name has "battery" in it and whose unit is %,
 * the lowest of several: volts say nothing without knowing the cell. SELF: (nullable): nothing is
 * known. FALSE with ERROR. On the thread of TRANSACTION. */
gboolean muster_reserves_get (MusterReserves    *self,
                              MusterTransaction *transaction,
                              const char        *device_id,
                              MusterReserve     *reserve,
                              GError           **error);

G_END_DECLS
