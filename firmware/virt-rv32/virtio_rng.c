/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "virtio.h"

/* The source of entropy of QEMU's board, as VIRTIO 1.1 has it (5.4): it fills a buffer with what
 * the machine's own source gives. */

#define PATIENCE_MS 1000u

static struct virtio_queue queue;
static uint8_t             bytes[64];

static bool
begin (void)
{
  static bool tried;
  uint32_t    base;

  if (tried)
    return queue.base != 0;
  tried = true;
  base = virtio_find (VIRTIO_RNG);
  if (base == 0 || !virtio_begin (base) || !virtio_add_queue (base, 0, &queue))
    {
      queue.base = 0;
      return false;
    }
  virtio_go (base);
  return true;
}

/* At most `size`; 0: none came in time. One that comes later still is thrown away. */
static size_t
draw (uint8_t *out, size_t size)
{
  uint32_t since = board_ms ();
  unsigned id;
  size_t   got = 0;

  if (virtio_free (&queue) == 0)
    virtio_give (&queue, 0, bytes, size < sizeof bytes ? size : sizeof bytes, true);
  while (!virtio_take (&queue, &id, &got))
    if (board_ms () - since > PATIENCE_MS)
      return 0;
  if (got > size)
    got = size;
  memcpy (out, bytes, got);
  memset (bytes, 0, sizeof bytes);
  return got;
}

bool
board_entropy (void *out, size_t size)
{
  uint8_t *to = out;

  if (!begin ())
    return false;
  while (size > 0)
    {
      size_t got = draw (to, size);

      if (got == 0)
        return false;
      to += got;
      size -= got;
    }
  return true;
}
