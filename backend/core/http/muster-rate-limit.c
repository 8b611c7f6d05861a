/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rate-limit"

#include "config.h"

#include "core/muster-lru.h"
#include "muster-rate-limit.h"

#define MAX_NAMES 4096

typedef struct
{
  double left;
  gint64 at; /* monotonic µs: when LEFT was reckoned */
} Bucket;

struct _MusterRateLimit
{
  unsigned   rate;
  MusterLru *buckets; /* (owned) (element-type Bucket) */
};

MusterRateLimit *
muster_rate_limit_new (unsigned rate)
{
  MusterRateLimit *self = g_new0 (MusterRateLimit, 1);

  self->rate = rate;
  self->buckets = muster_lru_new (MAX_NAMES, g_free);
  return self;
}

void
muster_rate_limit_free (MusterRateLimit *self)
{
  if (self == NULL)
    return;
  muster_lru_free (self->buckets);
  g_free (self);
}

void
muster_rate_limit_set_rate (MusterRateLimit *self, unsigned rate)
{
  g_return_if_fail (self != NULL);

  self->rate = rate;
}

gboolean
muster_rate_limit_take (MusterRateLimit *self, const char *name, gint64 now)
{
  Bucket *bucket = NULL;

  g_return_val_if_fail (self != NULL && name != NULL, FALSE);

  if (self->rate == 0)
    return TRUE;
  bucket = muster_lru_lookup (self->buckets, name);
  if (bucket == NULL)
    {
      bucket = g_new (Bucket, 1);
      *bucket = (Bucket){ self->rate, now };
      muster_lru_insert (self->buckets, name, bucket, 1);
    }
  bucket->left += (double)(now - bucket->at) / G_USEC_PER_SEC * self->rate;
  bucket->left = MIN (bucket->left, self->rate);
  bucket->at = now;
  if (bucket->left < 1)
    return FALSE;
  bucket->left -= 1;
  return TRUE;
}
