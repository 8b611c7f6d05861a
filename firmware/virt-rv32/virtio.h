/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIRTIO_H
#define VIRTIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Devices of QEMU's board by virtio over memory-mapped registers, as "Virtual I/O Device (VIRTIO)
 * Version 1.1" has it (4.2), split queues (2.6), polled. The older interface is not spoken: QEMU
 * is started with virtio-mmio.force-legacy=false.
 *
 * A buffer belongs to the device from virtio_give() to virtio_take(). What the device says of it is
 * believed only of a buffer that it has, and of no more bytes than were given to it.
 */

#define VIRTIO_QUEUE 16u

enum virtio_kind
{
  VIRTIO_NET = 1,
  VIRTIO_RNG = 4,
};

struct virtio_descriptor
{
  uint64_t address;
  uint32_t size;
  uint16_t flags, next;
};

struct virtio_available
{
  uint16_t flags, index, ring[VIRTIO_QUEUE];
};

struct virtio_used
{
  uint16_t flags, index;
  struct
  {
    uint32_t id, size;
  } ring[VIRTIO_QUEUE];
};

struct virtio_queue
{
  _Alignas (16) struct virtio_descriptor descriptors[VIRTIO_QUEUE];
  _Alignas (4) struct virtio_available available;
  _Alignas (4) struct virtio_used used;
  uint32_t base; /* of the device's registers */
  uint16_t number;
  uint16_t seen; /* of used.index */
  uint16_t held; /* a bit for each buffer that the device has */
};

/* Where the first device of that kind is; 0: there is none. */
uint32_t virtio_find (enum virtio_kind kind);

/* Agrees on this interface and on no feature beside it. False: the device will not. */
bool virtio_begin (uint32_t base);
/* After virtio_begin(), of a `queue` that is zero. False: the device has no such queue. */
bool virtio_add_queue (uint32_t base, uint16_t number, struct virtio_queue *queue);
/* After the last queue: the device may be used. */
void virtio_go (uint32_t base);

/* A buffer that the device does not have; VIRTIO_QUEUE: it has all. */
unsigned virtio_free (const struct virtio_queue *queue);
void virtio_give (struct virtio_queue *queue, unsigned id, void *bytes, size_t size, bool to_fill);
/* A buffer that the device is done with, and of how many bytes it says that it filled them. False:
 * there is none. */
bool virtio_take (struct virtio_queue *queue, unsigned *id, size_t *size);

#endif
