/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_flash.h"

#define CHUNK 32u

static bool
fits (const struct mf_flash *self, uint32_t offset, uint32_t size)
{
  return size <= self->size && offset <= self->size - size;
}

bool
mf_flash_read (const struct mf_flash *self, uint32_t offset, void *data, uint32_t size)
{
  return fits (self, offset, size) && self->ops->read (self->user, offset, data, size);
}

bool
mf_flash_program (const struct mf_flash *self, uint32_t offset, const void *data, uint32_t size)
{
  return fits (self, offset, size) && offset % self->program_size == 0 &&
         size % self->program_size == 0 && self->ops->program (self->user, offset, data, size);
}

bool
mf_flash_erase (const struct mf_flash *self, uint32_t offset)
{
  return fits (self, offset, self->erase_size) && offset % self->erase_size == 0 &&
         self->ops->erase (self->user, offset);
}

bool
mf_flash_is_blank (const struct mf_flash *self, uint32_t offset, uint32_t size)
{
  uint8_t chunk[CHUNK];

  while (size > 0)
    {
      uint32_t n = size < CHUNK ? size : CHUNK, at;

      if (!mf_flash_read (self, offset, chunk, n))
        return false;
      for (at = 0; at < n; at++)
        if (chunk[at] != 0xFF)
          return false;
      offset += n;
      size -= n;
    }
  return true;
}

uint32_t
mf_flash_round_up (const struct mf_flash *self, uint32_t size)
{
  uint32_t over = size % self->program_size;

  return over == 0 ? size : size + (self->program_size - over);
}
