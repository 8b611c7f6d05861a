/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-hlc"

#include "config.h"

#include "muster-hlc.h"

#define COUNTER_BITS 16

struct _MusterHlc
{
  GObject      parent_instance;
  MusterClock *clock; /* (owned) */
  GMutex       lock;
  gint64       last; /* under lock */
};

G_DEFINE_FINAL_TYPE (MusterHlc, muster_hlc, G_TYPE_OBJECT)

static void
muster_hlc_finalize (GObject *object)
{
  MusterHlc *self = MUSTER_HLC (object);

  g_clear_object (&self->clock);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (muster_hlc_parent_class)->finalize (object);
}

static void
muster_hlc_class_init (MusterHlcClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_hlc_finalize;
}

static void
muster_hlc_init (MusterHlc *self)
{
  g_mutex_init (&self->lock);
}

MusterHlc *
muster_hlc_new (MusterClock *clock)
{
  MusterHlc *self = NULL;

  g_return_val_if_fail (MUSTER_IS_CLOCK (clock), NULL);

  self = g_object_new (MUSTER_TYPE_HLC, NULL);
  self->clock = g_object_ref (clock);
  return self;
}

static gint64
muster_hlc_get_wall_ms (MusterHlc *self)
{
  gint64 now = muster_clock_get_now (self->clock);

  return MAX (now, 0) / 1000;
}

gint64
muster_hlc_next (MusterHlc *self)
{
  g_autoptr (GMutexLocker) locker = NULL;
  gint64 wall;

  g_return_val_if_fail (MUSTER_IS_HLC (self), 0);

  locker = g_mutex_locker_new (&self->lock);
  wall = muster_hlc_get_wall_ms (self) << COUNTER_BITS;
  /* A counter that overflows carries into the milliseconds, which keeps the order. */
  self->last = MAX (wall, self->last + 1);
  return self->last;
}

gboolean
muster_hlc_observe (MusterHlc *self, gint64 stamp, gint64 max_drift_ms)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (MUSTER_IS_HLC (self), FALSE);

  if (stamp < 0)
    return FALSE;
  locker = g_mutex_locker_new (&self->lock);
  if (muster_hlc_get_time_ms (stamp) - muster_hlc_get_wall_ms (self) > max_drift_ms)
    return FALSE;
  self->last = MAX (self->last, stamp);
  return TRUE;
}

gint64
muster_hlc_get_time_ms (gint64 stamp)
{
  return stamp >> COUNTER_BITS;
}
