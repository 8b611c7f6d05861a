/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notify-rate"

#include "config.h"

#include "muster-notify-rate.h"

#define WINDOW (60 * G_USEC_PER_SEC)

struct _MusterNotifyRate
{
  GArray  *times;      /* (owned) (element-type gint64): oldest first */
  gboolean has_waited; /* something had to wait since the last that went out */
};

MusterNotifyRate *
muster_notify_rate_new (void)
{
  MusterNotifyRate *self = g_new0 (MusterNotifyRate, 1);

  self->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

void
muster_notify_rate_free (MusterNotifyRate *self)
{
  g_array_unref (self->times);
  g_free (self);
}

void
muster_notify_rate_add (MusterNotifyRate *self, gint64 now)
{
  g_array_append_val (self->times, now);
}

MusterNotifyChoice
muster_notify_rate_choose (MusterNotifyRate *self,
                           unsigned          n_waiting,
                           unsigned          limit,
                           gint64            now,
                           gint64           *wait_until)
{
  unsigned n_old = 0, room;

  while (n_old < self->times->len && g_array_index (self->times, gint64, n_old) <= now - WINDOW)
    n_old++;
  if (n_old > 0)
    g_array_remove_range (self->times, 0, n_old);
  *wait_until = now;
  room = limit > self->times->len ? limit - self->times->len : 0;
  if (room > 0)
    {
      gboolean together = n_waiting > 1 && (n_waiting > room || self->has_waited);

      self->has_waited = FALSE;
      return together ? MUSTER_NOTIFY_DIGEST : MUSTER_NOTIFY_SINGLE;
    }
  self->has_waited = TRUE;
  *wait_until = g_array_index (self->times, gint64, self->times->len - limit) + WINDOW;
  return MUSTER_NOTIFY_WAIT;
}
