/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-clock"

#include "config.h"

#include "muster-clock.h"

G_DEFINE_TYPE (MusterClock, muster_clock, G_TYPE_OBJECT)

static gint64
muster_clock_real_get_now (MusterClock *self)
{
  return g_get_real_time ();
}

static gint64
muster_clock_real_get_monotonic (MusterClock *self)
{
  return g_get_monotonic_time ();
}

static void
muster_clock_class_init (MusterClockClass *klass)
{
  klass->get_now = muster_clock_real_get_now;
  klass->get_monotonic = muster_clock_real_get_monotonic;
}

static void
muster_clock_init (MusterClock *self)
{
}

MusterClock *
muster_clock_new (void)
{
  return g_object_new (MUSTER_TYPE_CLOCK, NULL);
}

gint64
muster_clock_get_now (MusterClock *self)
{
  g_return_val_if_fail (MUSTER_IS_CLOCK (self), 0);

  return MUSTER_CLOCK_GET_CLASS (self)->get_now (self);
}

gint64
muster_clock_get_monotonic (MusterClock *self)
{
  g_return_val_if_fail (MUSTER_IS_CLOCK (self), 0);

  return MUSTER_CLOCK_GET_CLASS (self)->get_monotonic (self);
}

struct _MusterManualClock
{
  MusterClock parent_instance;
  GMutex      lock;
  gint64      now;
  gint64      monotonic;
};

G_DEFINE_FINAL_TYPE (MusterManualClock, muster_manual_clock, MUSTER_TYPE_CLOCK)

static gint64
muster_manual_clock_get_now (MusterClock *clock)
{
  MusterManualClock *self = MUSTER_MANUAL_CLOCK (clock);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->now;
}

static gint64
muster_manual_clock_get_monotonic (MusterClock *clock)
{
  MusterManualClock *self = MUSTER_MANUAL_CLOCK (clock);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->monotonic;
}

static void
muster_manual_clock_finalize (GObject *object)
{
  g_mutex_clear (&MUSTER_MANUAL_CLOCK (object)->lock);
  G_OBJECT_CLASS (muster_manual_clock_parent_class)->finalize (object);
}

static void
muster_manual_clock_class_init (MusterManualClockClass *klass)
{
  MusterClockClass *clock_class = MUSTER_CLOCK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_manual_clock_finalize;
  clock_class->get_now = muster_manual_clock_get_now;
  clock_class->get_monotonic = muster_manual_clock_get_monotonic;
}

static void
muster_manual_clock_init (MusterManualClock *self)
{
  g_mutex_init (&self->lock);
}

MusterClock *
muster_manual_clock_new (gint64 now)
{
  MusterManualClock *self = g_object_new (MUSTER_TYPE_MANUAL_CLOCK, NULL);

  self->now = now;
  return MUSTER_CLOCK (self);
}

void
muster_manual_clock_advance (MusterManualClock *self, gint64 usec)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (MUSTER_IS_MANUAL_CLOCK (self));
  g_return_if_fail (usec >= 0);

  locker = g_mutex_locker_new (&self->lock);
  self->now += usec;
  self->monotonic += usec;
}

void
muster_manual_clock_set_now (MusterManualClock *self, gint64 now)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (MUSTER_IS_MANUAL_CLOCK (self));

  locker = g_mutex_locker_new (&self->lock);
  self->now = now;
}
