/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* Settle PROMISE on the main thread, from any thread. A future chained to one that a worker settles
 * itself may drop what it holds on the worker, and objects of the main thread would end there: a
 * service that joins its worker would join it from within. */

/* VALUE is copied; NULL stands for TRUE. */
void muster_promise_resolve_on_main (DexPromise *promise, const GValue *value);
/* Takes ERROR. */
void muster_promise_reject_on_main (DexPromise *promise, GError *error);

/* Lets FUTURE (taken) go its way; how it failed is logged at LEVEL after WHAT, a static text. */
#define muster_disown_logged(level, future, what)                                                  \
  muster_disown_logged_as (G_LOG_DOMAIN, level, future, what)
void muster_disown_logged_as (const char    *domain,
                              GLogLevelFlags level,
                              DexFuture     *future,
                              const char    *what);

G_END_DECLS
