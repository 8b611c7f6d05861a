/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/*
 * dex_scheduler_spawn(), but what is spawned runs to its end, also when nobody waits for it any
 * more.
 *
 * libdex (0.10.0) wakes a fiber that nobody waits for. When what the fiber awaited is completed
 * before it has run, it wakes it once more, and from then on no fiber of that thread runs again.
 * So nothing that may be given up (dex_clear() of the only future) may be a fiber's own future.
 */
static inline DexFuture *
muster_fiber_spawn (DexScheduler  *scheduler,
                    gsize          stack_size,
                    DexFiberFunc   func,
                    gpointer       data,
                    GDestroyNotify destroy)
{
  DexFuture *future = dex_scheduler_spawn (scheduler, stack_size, func, data, destroy);

  dex_future_disown (dex_ref (future));
  return future;
}

G_END_DECLS
