/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_QUEUE_H
#define MF_QUEUE_H

#include "mf_port.h"

/* Bytes that wait to be sent, in memory of the caller's. */
struct mf_queue
{
  uint8_t *bytes;
  size_t   size, first, used;
};

void   mf_queue_init (struct mf_queue *self, uint8_t *bytes, size_t size);
size_t mf_queue_room (const struct mf_queue *self);

/* `size`: at most the room. */
void mf_queue_put (struct mf_queue *self, const uint8_t *bytes, size_t size);

/* The oldest bytes, as many as lie behind one another and at most `most`. */
struct mf_bytes mf_queue_peek (const struct mf_queue *self, size_t most);
void            mf_queue_drop (struct mf_queue *self, size_t size);

#endif
