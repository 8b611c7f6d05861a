/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_FLASH_H
#define MF_FLASH_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A region of flash: one slot of an image, or the boot's records. Offsets count from its start. An
 * erased byte reads 0xFF. program() takes whole program units and gets each unit once between
 * erasures; erase() takes the offset of one erase unit. Both are durable when they return true;
 * when power fails within, any byte of that one unit may be anything, and no byte elsewhere
 * changes.
 */
struct mf_flash_ops
{
  bool (*read) (void *user, uint32_t offset, void *data, uint32_t size);
  bool (*program) (void *user, uint32_t offset, const void *data, uint32_t size);
  bool (*erase) (void *user, uint32_t offset);
};

#define MF_FLASH_PROGRAM_MAX 256u /* of program_size */

struct mf_flash
{
  const struct mf_flash_ops *ops;
  void                      *user;
  uint32_t                   size;         /* whole erase units */
  uint32_t                   erase_size;   /* a multiple of program_size */
  uint32_t                   program_size; /* a power of two, at most MF_FLASH_PROGRAM_MAX */
};

/* The operations, false also when the range does not lie in the region or, of program and erase,
 * not on units. */
bool mf_flash_read (const struct mf_flash *self, uint32_t offset, void *data, uint32_t size);
bool mf_flash_program (const struct mf_flash *self,
                       uint32_t               offset,
                       const void            *data,
                       uint32_t               size);
bool mf_flash_erase (const struct mf_flash *self, uint32_t offset);

/* Whether all of the range reads as erased; false too when it cannot be read. */
bool mf_flash_is_blank (const struct mf_flash *self, uint32_t offset, uint32_t size);

/* `size` rounded up to whole program units. */
uint32_t mf_flash_round_up (const struct mf_flash *self, uint32_t size);

#endif
