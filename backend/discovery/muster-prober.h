/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-http-fetch.h"
#include "core/muster-clock.h"
#include "muster-families.h"

G_BEGIN_DECLS

/**
 * MusterProber:
 *
 * Asks known devices for signs of life at the one port of theirs that is known: by an HTTP HEAD
 * request, or by a TCP connection that is closed at once. At most 16 at a time; each every 30 s,
 * one that does not answer ever more seldom, down to every 10 minutes. Never asks any other
 * address.
 *
 * Signal: `alive` (const char *key, gboolean by_http, const char *detail): detail for a person,
 * "192.0.2.7:80 in 4 ms".
 */
#define MUSTER_TYPE_PROBER (muster_prober_get_type ())
G_DECLARE_FINAL_TYPE (MusterProber, muster_prober, MUSTER, PROBER, GObject)

MusterProber *muster_prober_new (MusterHttpFetch *fetch, MusterClock *clock);
/* KEY names the target. A target that changes its address is asked at once; SELDOM: five times as
 * rarely. */
void     muster_prober_set (MusterProber *self,
                            const char   *key,
                            MusterProbe   probe,
                            const char   *address,
                            guint16       port,
                            gboolean      seldom);
void     muster_prober_remove (MusterProber *self, const char *key);
unsigned muster_prober_get_count (MusterProber *self);
/* Asks those that are due; a timer calls it. */
void muster_prober_tick (MusterProber *self);

G_END_DECLS
