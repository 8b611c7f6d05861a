/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-throttle"

#include "config.h"

#include "core/muster-lru.h"
#include "muster-throttle.h"

#define MAX_NAMES 10000

typedef struct
{
  unsigned failures;
  gint64   until; /* monotonic µs: no attempt before */
} Count;

struct _MusterThrottle
{
  MusterThrottlePolicy policy;
  MusterLru           *counts; /* (owned) (element-type Count) */
};

MusterThrottle *
muster_throttle_new (const MusterThrottlePolicy *policy)
{
  MusterThrottle *self = NULL;

  g_return_val_if_fail (policy != NULL, NULL);

  self = g_new0 (MusterThrottle, 1);
  self->policy = *policy;
  self->counts = muster_lru_new (MAX_NAMES, g_free);
  return self;
}

void
muster_throttle_free (MusterThrottle *self)
{
  if (self == NULL)
    return;
  muster_lru_free (self->counts);
  g_free (self);
}

static Count *
muster_throttle_find (MusterThrottle *self, const char *name, gint64 now)
{
  Count *count = muster_lru_lookup (self->counts, name);

  if (count == NULL || now - count->until <= self->policy.longest)
    return count;
  muster_lru_remove (self->counts, name);
  return NULL;
}

gint64
muster_throttle_get_wait (MusterThrottle *self, const char *name, gint64 now)
{
  Count *count = NULL;

  g_return_val_if_fail (self != NULL && name != NULL, 0);

  count = muster_throttle_find (self, name, now);
  return count != NULL ? MAX (0, count->until - now) : 0;
}

void
muster_throttle_fail (MusterThrottle *self, const char *name, gint64 now)
{
  Count   *count = NULL;
  unsigned beyond;

  g_return_if_fail (self != NULL && name != NULL);

  count = muster_throttle_find (self, name, now);
  if (count == NULL)
    {
      count = g_new0 (Count, 1);
      count->until = now;
      muster_lru_insert (self->counts, name, count, 1);
    }
  count->failures++;
  count->until = now;
  if (count->failures < self->policy.free)
    return;
  beyond = MIN (count->failures - self->policy.free, 30);
  count->until += MIN (self->policy.longest, self->policy.first << beyond);
}

void
muster_throttle_forgive (MusterThrottle *self, const char *name)
{
  Count *count = NULL;

  g_return_if_fail (self != NULL && name != NULL);

  count = muster_lru_lookup (self->counts, name);
  if (count == NULL || --count->failures == 0)
    muster_lru_remove (self->counts, name);
}

void
muster_throttle_succeed (MusterThrottle *self, const char *name)
{
  g_return_if_fail (self != NULL && name != NULL);

  muster_lru_remove (self->counts, name);
}
