/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notify-backoff"

#include "config.h"

#include "muster-notify-backoff.h"

#define FIRST_DELAY (5 * G_USEC_PER_SEC)
#define MAX_RETRY_AFTER 3600
#define JITTER 0.2

gint64
muster_notify_backoff (gint64 attempts, int retry_after, double chance)
{
  gint64 shift = CLAMP (attempts - 1, 0, 20);
  gint64 delay = MIN ((gint64)FIRST_DELAY << shift, MUSTER_NOTIFY_MAX_DELAY);
  gint64 asked = (gint64)CLAMP (retry_after, 0, MAX_RETRY_AFTER) * G_USEC_PER_SEC;

  delay = (gint64)(delay * (1 - JITTER + 2 * JITTER * CLAMP (chance, 0, 1)));
  return MAX (delay, asked);
}
