/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_RING_H
#define MF_RING_H

#include "mf_metric.h"

/* A sample that waits for the broker. */
struct mf_sample
{
  union mf_value value;
  uint64_t       time_ms;
  uint16_t       metric;
  bool           is_null;
};

/* Store and forward: the newest samples in memory of the caller's; when it is full the oldest make
 * room and are counted. */
struct mf_ring
{
  struct mf_sample *samples;
  uint32_t          capacity;
  uint32_t          first;
  uint32_t          count;
  uint32_t          dropped; /* since start */
};

/* `samples` may be NULL with `capacity` 0: then nothing is kept and everything counts as dropped.
 */
void mf_ring_init (struct mf_ring *self, struct mf_sample *samples, uint32_t capacity);
void mf_ring_push (struct mf_ring *self, const struct mf_sample *sample);

/* The sample `index` places after the oldest; NULL when there are not as many. */
const struct mf_sample *mf_ring_peek (const struct mf_ring *self, uint32_t index);
void                    mf_ring_drop_oldest (struct mf_ring *self, uint32_t count);

#endif
