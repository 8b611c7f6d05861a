/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "virtio.h"

/* The network card of QEMU's board, as VIRTIO 1.1 has it (5.1), with no feature: one queue for each
 * way, a frame in each buffer behind a header that says nothing then. */

#define HEADER 12u
#define FRAME_MAX 1514u
#define RECEIVE 0u
#define TRANSMIT 1u

static struct virtio_queue queues[2];
static uint8_t             buffers[2][VIRTIO_QUEUE][HEADER + FRAME_MAX];

static void
offer (unsigned id)
{
  virtio_give (&queues[RECEIVE], id, buffers[RECEIVE][id], sizeof buffers[RECEIVE][id], true);
}

/* The address in the frames is the board's; the card takes whatever comes. */
void
board_ethernet_start (const uint8_t mac[6])
{
  uint32_t base = virtio_find (VIRTIO_NET);
  unsigned id;

  (void)mac;
  memset (queues, 0, sizeof queues);
  if (base == 0 || !virtio_begin (base) || !virtio_add_queue (base, RECEIVE, &queues[RECEIVE]) ||
      !virtio_add_queue (base, TRANSMIT, &queues[TRANSMIT]))
    {
      memset (queues, 0, sizeof queues);
      return; /* as a card without a cable */
    }
  virtio_go (base);
  for (id = 0; id < VIRTIO_QUEUE; id++)
    offer (id);
}

/* A frame for which there is no buffer is lost, as on a network. */
void
board_ethernet_send (const uint8_t *frame, size_t size)
{
  struct virtio_queue *queue = &queues[TRANSMIT];
  unsigned             id;
  size_t               filled;

  while (virtio_take (queue, &id, &filled))
    ;
  id = virtio_free (queue);
  if (queue->base == 0 || id == VIRTIO_QUEUE || size > FRAME_MAX)
    return;
  memset (buffers[TRANSMIT][id], 0, HEADER);
  memcpy (buffers[TRANSMIT][id] + HEADER, frame, size);
  virtio_give (queue, id, buffers[TRANSMIT][id], HEADER + size, false);
}

size_t
board_ethernet_receive (uint8_t *frame, size_t size)
{
  unsigned id;
  size_t   filled, got = 0;

  while (got == 0 && virtio_take (&queues[RECEIVE], &id, &filled))
    {
      if (filled > HEADER && filled - HEADER <= size)
        {
          got = filled - HEADER;
          memcpy (frame, buffers[RECEIVE][id] + HEADER, got);
        }
      offer (id);
    }
  return got;
}
