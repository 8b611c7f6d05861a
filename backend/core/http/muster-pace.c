/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-pace.h"

#define BURST (G_USEC_PER_SEC / 4)
#define PIECES_A_SECOND 16
#define PIECE_LEAST 1024

struct _MusterPace
{
  double rate; /* bytes a microsecond */
  double due;  /* monotonic µs: when the tokens that were taken so far are all there */
};

MusterPace *
muster_pace_new (gint64 rate)
{
  MusterPace *self = g_rc_box_new0 (MusterPace);

  muster_pace_set_rate (self, rate);
  return self;
}

MusterPace *
muster_pace_ref (MusterPace *self)
{
  return g_rc_box_acquire (self);
}

void
muster_pace_unref (MusterPace *self)
{
  g_rc_box_release (self);
}

void
muster_pace_set_rate (MusterPace *self, gint64 rate)
{
  g_return_if_fail (self != NULL && rate > 0);

  self->rate = (double)rate / G_USEC_PER_SEC;
}

gint64
muster_pace_take (MusterPace *self, gsize size, gint64 now)
{
  double wait;

  g_return_val_if_fail (self != NULL, 0);

  self->due = MAX (self->due, (double)(now - BURST));
  wait = self->due - (double)now;
  self->due += (double)size / self->rate;
  return wait > 0 ? (gint64)wait : 0;
}

gsize
muster_pace_get_piece (MusterPace *self, gsize most)
{
  double piece;

  g_return_val_if_fail (self != NULL, most);

  piece = self->rate * G_USEC_PER_SEC / PIECES_A_SECOND;
  return piece >= (double)most ? most : MIN (most, MAX (PIECE_LEAST, (gsize)piece));
}
