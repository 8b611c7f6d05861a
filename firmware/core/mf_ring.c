/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_ring.h"

void
mf_ring_init (struct mf_ring *self, struct mf_sample *samples, uint32_t capacity)
{
  self->samples = samples;
  self->capacity = capacity;
  self->first = self->count = self->dropped = 0;
}

void
mf_ring_push (struct mf_ring *self, const struct mf_sample *sample)
{
  if (self->count == self->capacity)
    {
      self->dropped++;
      if (self->capacity == 0)
        return;
      mf_ring_drop_oldest (self, 1);
    }
  self->samples[(self->first + self->count) % self->capacity] = *sample;
  self->count++;
}

const struct mf_sample *
mf_ring_peek (const struct mf_ring *self, uint32_t index)
{
  return index < self->count ? &self->samples[(self->first + index) % self->capacity] : NULL;
}

void
mf_ring_drop_oldest (struct mf_ring *self, uint32_t count)
{
  if (count > self->count)
    count = self->count;
  if (count > 0)
    self->first = (self->first + count) % self->capacity;
  self->count -= count;
}
