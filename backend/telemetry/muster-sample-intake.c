/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-latest-cache.h"
#include "muster-sample-intake.h"
#include "muster-sample-reducer.h"

#define DAY_USEC (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
/* Over how many whole seconds the rate is taken. */
#define RATE_SECONDS 5

struct _MusterSampleIntake
{
  MusterClock       *clock;
  MusterLatestCache *transient; /* (owned): the newest of what is not stored */
  gint64             refused;
  gint64             rate_second; /* monotonic second of the newest counter */
  gint64             rates[RATE_SECONDS + 1];
};

MusterSampleIntake *
muster_sample_intake_new (MusterClock *clock)
{
  MusterSampleIntake *self = g_new0 (MusterSampleIntake, 1);

  self->clock = g_object_ref (clock);
  self->transient = muster_latest_cache_new ();
  self->rate_second = muster_clock_get_monotonic (clock) / G_USEC_PER_SEC;
  return self;
}

void
muster_sample_intake_free (MusterSampleIntake *self)
{
  if (self == NULL)
    return;
  muster_latest_cache_free (self->transient);
  g_object_unref (self->clock);
  g_free (self);
}

/* --- the rate --- */

static void
advance_rate (MusterSampleIntake *self)
{
  gint64 second = muster_clock_get_monotonic (self->clock) / G_USEC_PER_SEC;

  for (int steps = 0; self->rate_second < second && steps <= RATE_SECONDS; steps++)
    self->rates[++self->rate_second % (RATE_SECONDS + 1)] = 0;
  if (self->rate_second < second)
    self->rate_second = second;
}

double
muster_sample_intake_get_rate (MusterSampleIntake *self)
{
  gint64 sum = 0;

  advance_rate (self);
  for (int i = 1; i <= RATE_SECONDS; i++)
    sum += self->rates[(self->rate_second + i) % (RATE_SECONDS + 1)];
  return (double)sum / RATE_SECONDS;
}

void
muster_sample_intake_count (MusterSampleIntake *self, unsigned n)
{
  advance_rate (self);
  self->rates[self->rate_second % (RATE_SECONDS + 1)] += n;
}

/* --- samples --- */

static gboolean
is_acceptable (const MusterSample *sample, gint64 now)
{
  if (sample->time < 0 || sample->time > now + DAY_USEC)
    return FALSE;
  return sample->type != MUSTER_SAMPLE_DOUBLE || isfinite (sample->number);
}

MusterSampleBatch *
muster_sample_intake_sift (MusterSampleIntake *self, MusterSampleBatch *batch, gint64 *refused)
{
  gint64              now = muster_clock_get_now (self->clock);
  unsigned            n;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);
  MusterSampleBatch  *rest;

  *refused = 0;
  for (unsigned i = 0; i < n; i++)
    *refused += !is_acceptable (&samples[i], now);
  self->refused += *refused;
  if (*refused == 0)
    return g_object_ref (batch);
  rest = muster_sample_batch_new (muster_sample_batch_get_device_id (batch));
  for (unsigned i = 0; i < n; i++)
    if (is_acceptable (&samples[i], now))
      muster_sample_batch_append (rest, samples[i].metric, samples[i].time, &samples[i]);
  return rest;
}

/* What is not stored is known until something newer comes, or the program ends. */
static void
note_transient (MusterSampleIntake *self, MusterSampleBatch *batch)
{
  unsigned            n;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);

  for (unsigned i = 0; i < n; i++)
    {
      g_autoptr (MusterSampleBatch) one = NULL;
      gboolean is_transient = (samples[i].flags & MUSTER_SAMPLE_TRANSIENT) != 0;

      if (!is_transient && muster_latest_cache_count (self->transient) == 0)
        continue;
      one = muster_sample_batch_new (muster_sample_batch_get_device_id (batch));
      muster_sample_batch_append (one, samples[i].metric, samples[i].time, &samples[i]);
      if (is_transient)
        muster_latest_cache_add (self->transient, one);
      else
        muster_latest_cache_outdate (self->transient, one);
    }
}

void
muster_sample_intake_note (MusterSampleIntake *self, MusterSampleBatch *batch)
{
  unsigned n;

  muster_sample_batch_get (batch, &n);
  note_transient (self, batch);
  muster_sample_intake_count (self, n);
}

void
muster_sample_intake_forget (MusterSampleIntake *self, const char *device_id)
{
  muster_latest_cache_forget (self->transient, device_id);
}

gint64
muster_sample_intake_get_refused (MusterSampleIntake *self)
{
  return self->refused;
}

static void
add_all (MusterLatestCache *cache, GPtrArray *batches)
{
  for (guint i = 0; i < batches->len; i++)
    muster_latest_cache_add (cache, batches->pdata[i]);
}

GPtrArray *
muster_sample_intake_add_shown (MusterSampleIntake *self,
                                GPtrArray          *stored,
                                const char *const  *device_ids)
{
  g_autoptr (MusterLatestCache) all = NULL;
  g_autoptr (GPtrArray) transient = NULL;

  if (muster_latest_cache_count (self->transient) == 0)
    return stored;
  all = muster_latest_cache_new ();
  transient = muster_latest_cache_list (self->transient, device_ids);
  add_all (all, stored);
  add_all (all, transient);
  g_ptr_array_unref (stored);
  return muster_latest_cache_list (all, device_ids);
}
