/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* After so many attempts, about a day, nobody is tried any more. */
#define MUSTER_NOTIFY_MAX_ATTEMPTS 150
#define MUSTER_NOTIFY_MAX_DELAY (10 * 60 * G_USEC_PER_SEC)

/* How long to wait after ATTEMPTS (from 1) that failed, µs: twice as long each time, from 5 s to 10
 * min, give or take a fifth, so that many do not come back at once. CHANCE: 0 to 1. RETRY_AFTER:
 * seconds that the other side asked for, or 0; an hour is the most that is believed. */
gint64 muster_notify_backoff (gint64 attempts, int retry_after, double chance);

G_END_DECLS
