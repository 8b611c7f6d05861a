/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-timers"

#include "config.h"

#include "muster-alert-timers.h"

MusterAlertTimers *
muster_alert_timers_new (void)
{
  return g_ptr_array_new ();
}

/* Places count from 1. */
static MusterAlertTimer *
get (MusterAlertTimers *self, unsigned place)
{
  return self->pdata[place - 1];
}

static void
put (MusterAlertTimers *self, MusterAlertTimer *timer, unsigned place)
{
  self->pdata[place - 1] = timer;
  timer->place = place;
}

static void
move_up (MusterAlertTimers *self, MusterAlertTimer *timer)
{
  unsigned place = timer->place;

  for (; place > 1 && timer->at < get (self, place / 2)->at; place /= 2)
    put (self, get (self, place / 2), place);
  put (self, timer, place);
}

static void
move_down (MusterAlertTimers *self, MusterAlertTimer *timer)
{
  unsigned place = timer->place;

  while (place * 2 <= self->len)
    {
      unsigned child = place * 2;

      if (child < self->len && get (self, child + 1)->at < get (self, child)->at)
        child++;
      if (get (self, child)->at >= timer->at)
        break;
      put (self, get (self, child), place);
      place = child;
    }
  put (self, timer, place);
}

void
muster_alert_timers_remove (MusterAlertTimers *self, MusterAlertTimer *timer)
{
  unsigned          place = timer->place;
  MusterAlertTimer *last = NULL;

  if (place == 0)
    return;
  timer->place = 0;
  last = get (self, self->len);
  g_ptr_array_set_size (self, (int)self->len - 1);
  if (last == timer)
    return;
  put (self, last, place);
  move_up (self, last);
  move_down (self, last);
}

void
muster_alert_timers_set (MusterAlertTimers *self, MusterAlertTimer *timer, gint64 at)
{
  if (at == G_MAXINT64 || (timer->place != 0 && timer->at <= at))
    return;
  timer->at = at;
  if (timer->place == 0)
    {
      g_ptr_array_add (self, timer);
      timer->place = self->len;
    }
  move_up (self, timer);
}

gint64
muster_alert_timers_get_next (MusterAlertTimers *self)
{
  return self->len > 0 ? get (self, 1)->at : G_MAXINT64;
}

MusterAlertTimer *
muster_alert_timers_pop (MusterAlertTimers *self, gint64 now)
{
  MusterAlertTimer *first = self->len > 0 ? get (self, 1) : NULL;

  if (first == NULL || first->at > now)
    return NULL;
  muster_alert_timers_remove (self, first);
  return first;
}
