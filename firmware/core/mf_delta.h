/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_DELTA_H
#define MF_DELTA_H

#include "mf_index.h"
#include "mf_port.h"

/*
 * Finds the blocks of a new image in an old one, wherever they stand in it: the search of rsync,
 * turned round as zsync does it, so that the server has nothing to compute. The index comes first,
 * in pieces; then the old image is searched, a little at a time; then it is known of every byte of
 * the new file whether the old one has it. A wrong index finds wrong blocks, and is found out when
 * the file is checked.
 */

#define MF_DELTA_NOWHERE 0xFFFFFFFFu

/* Memory for one block of an index; as many as the caller can spare. */
struct mf_delta_block
{
  uint32_t weak;
  uint32_t source; /* in the old image; or the block whose equal it is; or MF_DELTA_NOWHERE */
  uint16_t next;   /* with the same bucket */
  uint16_t head;   /* of the bucket that has this block's number */
  uint8_t  strong[MF_INDEX_STRONG_SIZE];
};

struct mf_delta
{
  struct mf_delta_block *blocks; /* the caller's */
  uint32_t               capacity;

  struct mf_index index;
  uint32_t        taken;                       /* bytes of the index that came */
  uint8_t         partial[MF_INDEX_HEAD_SIZE]; /* the head, or an entry, as far as it came */

  const struct mf_flash *old;
  uint32_t               at;  /* the first byte of the window */
  uint32_t               end; /* of the old image */
  uint32_t               misses_left;
  uint32_t               work; /* of this step, in bytes looked at */
  bool                   summed;
  bool                   over;
  struct mf_weak         sum; /* of the window */
};

/* `capacity` up to MF_INDEX_BLOCKS_MAX; 0 = nothing can be found. */
void mf_delta_init (struct mf_delta *self, struct mf_delta_block *blocks, uint32_t capacity);

/* Whether an index of `size` bytes can be taken. */
bool mf_delta_has_room (const struct mf_delta *self, uint32_t size);

/* Awaits an index. */
void mf_delta_begin (struct mf_delta *self);

/* Its bytes in order. False: it is none, is not of that file, or has more than there is room for.
 */
bool mf_delta_feed (struct mf_delta *self,
                    struct mf_bytes  piece,
                    uint32_t         file_size,
                    const uint8_t    sha256[MF_SHA256_SIZE]);

/* Whether all of it came. */
bool mf_delta_is_whole (const struct mf_delta *self);

/* Searches the payload of an old image of `size` bytes in `old`, some of it with each call. True:
 * all has been searched. What cannot be read is not found. */
void mf_delta_search (struct mf_delta *self, const struct mf_flash *old, uint32_t size);
bool mf_delta_search_some (struct mf_delta *self);

/* How many bytes of the new file, from `at` on, the old image has at `*source`; 0: none. */
uint32_t mf_delta_find (const struct mf_delta *self, uint32_t at, uint32_t *source);

/* How many bytes are best fetched from `at` on, which was not found: up to the next place where the
 * old image has more than a single block. */
uint32_t mf_delta_missing (const struct mf_delta *self, uint32_t at);

#endif
