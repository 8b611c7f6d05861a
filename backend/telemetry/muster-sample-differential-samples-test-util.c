/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-sample-differential-private-test-util.h"
#include "muster-sample-reducer.h"

const char *const muster_differential_metrics[N_KINDS + 1] = {
  "temperature",     "energy/total", "relay on", "mode", "raw.\xce\xbcV²",
  "flow/volume\"\n", "limit/high",   "anything", NULL,
};

const char *const muster_differential_states[MUSTER_DIFFERENTIAL_STATES] = {
  "off", "heating", "", "Störung \xf0\x9f\x94\xa5", "off "
};

/* Anything that sums of do not overflow: subnormal, negative zero, as large as can be. */
static double
draw_double (MusterDifferential *self)
{
  union
  {
    guint64 bits;
    double  number;
  } any = { .bits = (guint64)muster_differential_draw_long (self) };

  if (muster_differential_one_in (self, 8))
    return (
      const double[]){ 0.0, -0.0, 5e-324, -1e300, 0.1, 1e22 }[muster_differential_draw (self, 6)];
  return isfinite (any.number) ? any.number / 1e10 : 1.0 / 3;
}

static void
add_any (MusterDifferential *self,
         MusterSampleBatch  *batch,
         const char         *metric,
         gint64              time,
         MusterSampleFlags   flags)
{
  switch (muster_differential_draw (self, 5))
    {
    case 0:
      muster_sample_batch_add_integer (batch, metric, time, muster_differential_draw_long (self),
                                       flags);
      break;
    case 1:
      muster_sample_batch_add_double (batch, metric, time, draw_double (self), flags);
      break;
    case 2:
      muster_sample_batch_add_boolean (batch, metric, time, muster_differential_one_in (self, 2),
                                       flags);
      break;
    case 3:
      muster_sample_batch_add_string (
        batch, metric, time,
        muster_differential_states[muster_differential_draw (self, MUSTER_DIFFERENTIAL_STATES)],
        flags);
      break;
    default:
      muster_sample_batch_add_null (batch, metric, time, flags);
    }
}

static void
add_sample (MusterDifferential *self,
            MusterSampleBatch  *batch,
            guint               device,
            Kind                kind,
            gint64              time,
            MusterSampleFlags   flags)
{
  const char *metric = muster_differential_metrics[kind];
  gint64     *value = &self->values[device];

  if (muster_differential_one_in (self, 200))
    {
      muster_sample_batch_add_null (batch, metric, time, flags);
      return;
    }
  switch (kind)
    {
    case KIND_DECIMAL:
      *value = CLAMP (*value + (int)muster_differential_draw (self, 7) - 3, -400, 1250);
      muster_sample_batch_add_double (batch, metric, time, *value / 10.0, flags);
      break;
    case KIND_COUNTER:
      muster_sample_batch_add_integer (batch, metric, time, time / SECOND, flags);
      break;
    case KIND_SWITCH:
      muster_sample_batch_add_boolean (batch, metric, time, muster_differential_one_in (self, 3),
                                       flags);
      break;
    case KIND_STATE:
      muster_sample_batch_add_string (
        batch, metric, time,
        muster_differential_states[muster_differential_draw (self, MUSTER_DIFFERENTIAL_STATES)],
        flags);
      break;
    case KIND_NOISE:
      muster_sample_batch_add_double (batch, metric, time, draw_double (self), flags);
      break;
    case KIND_LARGE:
      muster_sample_batch_add_integer (batch, metric, time,
                                       (G_GINT64_CONSTANT (1) << 53) -
                                         muster_differential_draw (self, 3),
                                       flags);
      break;
    case KIND_CONSTANT:
      muster_sample_batch_add_double (batch, metric, time, 80, flags);
      break;
    case KIND_ANYTHING:
    case N_KINDS:
    default:
      add_any (self, batch, metric, time, flags);
    }
}

static MusterSampleFlags
draw_quality (MusterDifferential *self)
{
  if (muster_differential_one_in (self, 20))
    return MUSTER_SAMPLE_BAD;
  return muster_differential_one_in (self, 40) ? MUSTER_SAMPLE_STALE : MUSTER_SAMPLE_PLAIN;
}

/* A message: the metrics that this row has, at one time. */
static void
add_row (MusterDifferential *self,
         MusterSampleBatch  *batch,
         guint               device,
         gint64              time,
         MusterSampleFlags   flags)
{
  guint mask = muster_differential_one_in (self, 10) ? g_rand_int (self->random)
               : device % 2                          ? 0x5f
                                                     : 0xff;

  /* Metrics come and go with the firmware. */
  if (muster_differential_one_in (self, 15))
    {
      g_autofree char *name = g_strdup_printf ("spare/%d", (int)(time / (60 * DAY) % 7));

      add_any (self, batch, name, time, flags);
    }
  for (guint kind = 0; kind < N_KINDS; kind++)
    if (mask & (1u << kind))
      add_sample (self, batch, device, kind, time, flags | draw_quality (self));
}

/* How far the next row of DEVICE is from its last: 1 Hz to 1 a day, and clocks that jump. */
static gint64
draw_interval (MusterDifferential *self, guint device)
{
  static const gint64 intervals[N_DEVICES] = { SECOND, 10 * SECOND, 60 * SECOND, 3600 * SECOND,
                                               DAY };

  if (muster_differential_one_in (self, 300))
    return (gint64)muster_differential_draw (self, 20) * 3600 * SECOND - 10 * 3600 * SECOND;
  return intervals[device] +
         (device == 1 ? (gint64)muster_differential_draw (self, 100000) - 50000 : 0);
}

static void
append (MusterDifferential *self, MusterSampleBatch *batch)
{
  gint64 refused =
    muster_sample_model_append (self->model, batch, muster_clock_get_now (self->clock));

  g_array_append_val (self->refusals, refused);
  g_ptr_array_add (self->appends, muster_sample_store_append (self->store, batch));
}

void
muster_differential_append_rows (MusterDifferential *self)
{
  guint device = muster_differential_draw (self, N_DEVICES);
  guint n = muster_differential_one_in (self, 20) ? 1 + muster_differential_draw (self, 300)
                                                  : 1 + muster_differential_draw (self, 8);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (self->ids[device]);

  for (guint i = 0; i < n; i++)
    {
      self->times[device] = CLAMP (self->times[device] + draw_interval (self, device),
                                   muster_differential_get_begin (device), NOW + DAY);
      if (self->times[device] == NOW + DAY) /* begin anew: those are duplicates */
        self->times[device] = muster_differential_get_begin (device);
      add_row (self, batch, device, self->times[device], MUSTER_SAMPLE_PLAIN);
    }
  append (self, batch);
}

void
muster_differential_append_late (MusterDifferential *self)
{
  guint device = muster_differential_draw (self, N_DEVICES);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (self->ids[device]);
  MusterSampleFlags flags =
    muster_differential_one_in (self, 2) ? MUSTER_SAMPLE_HISTORICAL : MUSTER_SAMPLE_PLAIN;

  for (guint i = muster_differential_draw (self, 20); i > 0; i--)
    {
      gint64 span = muster_differential_one_in (self, 5) ? 400 * DAY : 3 * 3600 * SECOND;
      gint64 time = self->times[device] - (gint64)(g_rand_double (self->random) * span);

      add_row (self, batch, device, MAX (time, 0), flags);
    }
  append (self, batch);
}

void
muster_differential_append_again (MusterDifferential *self)
{
  guint device = muster_differential_draw (self, N_DEVICES);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (self->ids[device]);

  for (guint i = muster_differential_draw (self, 10); i > 0; i--)
    {
      Kind                kind = muster_differential_draw (self, N_KINDS);
      const MusterSample *known =
        muster_sample_model_pick (self->model, self->ids[device], muster_differential_metrics[kind],
                                  g_rand_int (self->random));
      MusterSample again;

      if (known == NULL)
        continue;
      again = *known;
      again.flags |= MUSTER_SAMPLE_HISTORICAL;
      if (muster_differential_one_in (self, 2))
        muster_sample_batch_append (batch, again.metric, again.time, &again);
      else
        add_sample (self, batch, device, kind, known->time,
                    known->flags & MUSTER_SAMPLE_HISTORICAL);
    }
  append (self, batch);
}

void
muster_differential_append_odd (MusterDifferential *self)
{
  guint device = muster_differential_draw (self, N_DEVICES);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (self->ids[device]);

  muster_sample_batch_add_double (batch, "odd", NOW - DAY, NAN, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (batch, muster_differential_metrics[0], NOW - DAY, INFINITY,
                                  MUSTER_SAMPLE_PLAIN);
  add_row (self, batch, device, -1 - (gint64)muster_differential_draw (self, 1000),
           MUSTER_SAMPLE_PLAIN);
  add_row (self, batch, device, NOW + DAY + 1, MUSTER_SAMPLE_PLAIN);
  if (muster_differential_one_in (self, 4))
    add_row (self, batch, device, NOW + DAY, MUSTER_SAMPLE_PLAIN);
  add_row (self, batch, device, self->times[device] + 7, MUSTER_SAMPLE_TRANSIENT);
  append (self, batch);
}
