/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virtio.h"
#include "memory.h"

#define FIRST 0x10001000u
#define STRIDE 0x1000u
#define SLOTS 8u

#define MAGIC(base) REG ((base) + 0x000)
#define VERSION(base) REG ((base) + 0x004)
#define DEVICE_ID(base) REG ((base) + 0x008)
#define DEVICE_FEATURES(base) REG ((base) + 0x010)
#define DEVICE_FEATURES_SEL(base) REG ((base) + 0x014)
#define DRIVER_FEATURES(base) REG ((base) + 0x020)
#define DRIVER_FEATURES_SEL(base) REG ((base) + 0x024)
#define QUEUE_SEL(base) REG ((base) + 0x030)
#define QUEUE_NUM_MAX(base) REG ((base) + 0x034)
#define QUEUE_NUM(base) REG ((base) + 0x038)
#define QUEUE_READY(base) REG ((base) + 0x044)
#define QUEUE_NOTIFY(base) REG ((base) + 0x050)
#define STATUS(base) REG ((base) + 0x070)
#define QUEUE_DESC(base) ((base) + 0x080)
#define QUEUE_DRIVER(base) ((base) + 0x090)
#define QUEUE_DEVICE(base) ((base) + 0x0A0)

#define IS_VIRTIO 0x74726976u /* "virt" */
#define MODERN 2u
#define ACKNOWLEDGE 1u
#define DRIVER 2u
#define DRIVER_OK 4u
#define FEATURES_OK 8u
#define F_VERSION_1 1u /* bit 32: of the second word */
#define F_WRITE 2u     /* of a descriptor: the device fills it */

static void
fence (void)
{
  __atomic_thread_fence (__ATOMIC_SEQ_CST);
}

uint32_t
virtio_find (enum virtio_kind kind)
{
  uint32_t slot, base;

  for (slot = 0; slot < SLOTS; slot++)
    {
      base = FIRST + slot * STRIDE;
      if (MAGIC (base) == IS_VIRTIO && VERSION (base) == MODERN &&
          DEVICE_ID (base) == (uint32_t)kind)
        return base;
    }
  return 0;
}

bool
virtio_begin (uint32_t base)
{
  STATUS (base) = 0;
  while (STATUS (base) != 0)
    ;
  STATUS (base) = ACKNOWLEDGE;
  STATUS (base) = ACKNOWLEDGE | DRIVER;
  DEVICE_FEATURES_SEL (base) = 1;
  if ((DEVICE_FEATURES (base) & F_VERSION_1) == 0)
    return false;
  DRIVER_FEATURES_SEL (base) = 0;
  DRIVER_FEATURES (base) = 0;
  DRIVER_FEATURES_SEL (base) = 1;
  DRIVER_FEATURES (base) = F_VERSION_1;
  STATUS (base) = ACKNOWLEDGE | DRIVER | FEATURES_OK;
  return (STATUS (base) & FEATURES_OK) != 0;
}

static void
set_address (uint32_t at, const void *what)
{
  REG (at) = (uint32_t)(uintptr_t)what;
  REG (at + 4) = 0;
}

bool
virtio_add_queue (uint32_t base, uint16_t number, struct virtio_queue *queue)
{
  queue->base = base;
  queue->number = number;
  QUEUE_SEL (base) = number;
  if (QUEUE_READY (base) != 0 || QUEUE_NUM_MAX (base) < VIRTIO_QUEUE)
    return false;
  QUEUE_NUM (base) = VIRTIO_QUEUE;
  set_address (QUEUE_DESC (base), queue->descriptors);
  set_address (QUEUE_DRIVER (base), &queue->available);
  set_address (QUEUE_DEVICE (base), &queue->used);
  QUEUE_READY (base) = 1;
  return true;
}

void
virtio_go (uint32_t base)
{
  STATUS (base) = ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK;
}

unsigned
virtio_free (const struct virtio_queue *queue)
{
  unsigned id;

  for (id = 0; id < VIRTIO_QUEUE && (queue->held >> id & 1u) != 0; id++)
    ;
  return id;
}

void
virtio_give (struct virtio_queue *queue, unsigned id, void *bytes, size_t size, bool to_fill)
{
  struct virtio_descriptor *descriptor = &queue->descriptors[id];

  descriptor->address = (uintptr_t)bytes;
  descriptor->size = (uint32_t)size;
  descriptor->flags = to_fill ? F_WRITE : 0;
  descriptor->next = 0;
  queue->held |= (uint16_t)(1u << id);
  queue->available.ring[queue->available.index % VIRTIO_QUEUE] = (uint16_t)id;
  fence (); /* the device sees the buffer before it sees that there is one */
  queue->available.index++;
  fence ();
  QUEUE_NOTIFY (queue->base) = queue->number;
}

bool
virtio_take (struct virtio_queue *queue, unsigned *id, size_t *size)
{
  while (queue->seen != *(volatile uint16_t *)&queue->used.index)
    {
      uint32_t which, filled;

      fence ();
      which = queue->used.ring[queue->seen % VIRTIO_QUEUE].id;
      filled = queue->used.ring[queue->seen % VIRTIO_QUEUE].size;
      queue->seen++;
      if (which >= VIRTIO_QUEUE || (queue->held >> which & 1u) == 0)
        continue; /* it has no such buffer */
      queue->held &= (uint16_t)~(1u << which);
      *id = which;
      *size = filled < queue->descriptors[which].size ? filled : queue->descriptors[which].size;
      return true;
    }
  return false;
}
