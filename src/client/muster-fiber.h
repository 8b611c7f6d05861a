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

static inline DexFuture *
muster_fiber_keep_result_cb (DexFuture *future, gpointer user_data)
{
  return NULL;
}

/*
 * Runs FUNC on a thread of the pool. What it returns becomes known on the thread that asked, which
 * must have a main loop.
 *
 * libdex (0.10.0) calls a block that was chained to a future of another thread from the main loop
 * later on, also when the block has been given up (dex_clear() of the only future) in between. Its
 * callback then meets an object that is gone. So nothing is chained to a pool's future but the one
 * block here, which nobody can give up and which has no object.
 */
static inline DexFuture *
muster_fiber_spawn_in_pool (DexFiberFunc func, gpointer data, GDestroyNotify destroy)
{
  DexFuture *work =
    muster_fiber_spawn (dex_thread_pool_scheduler_get_default (), 0, func, data, destroy);
  DexFuture *here = dex_future_finally (work, muster_fiber_keep_result_cb, NULL, NULL);

  dex_future_disown (dex_ref (here));
  return here;
}

G_END_DECLS
