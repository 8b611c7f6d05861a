/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_queue.h"

void
mf_queue_init (struct mf_queue *self, uint8_t *bytes, size_t size)
{
  self->bytes = bytes;
  self->size = size;
  self->first = self->used = 0;
}

size_t
mf_queue_room (const struct mf_queue *self)
{
  return self->size - self->used;
}

void
mf_queue_put (struct mf_queue *self, const uint8_t *bytes, size_t size)
{
  for (; size > 0; size--)
    self->bytes[(self->first + self->used++) % self->size] = *bytes++;
}

struct mf_bytes
mf_queue_peek (const struct mf_queue *self, size_t most)
{
  struct mf_bytes piece = { self->bytes + self->first, self->size - self->first };

  if (piece.size > self->used)
    piece.size = self->used;
  if (piece.size > most)
    piece.size = most;
  return piece;
}

void
mf_queue_drop (struct mf_queue *self, size_t size)
{
  self->first = (self->first + size) % self->size;
  self->used -= size;
}
