/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_INDEX_H
#define MF_INDEX_H

#include "mf_image.h"

/*
 * The index of an image: what its payload is made of, block by block, so that who has an older one
 * finds in it what both have in common and fetches only the rest. Each block has a weak sum, which
 * can be moved along a file byte by byte, and the beginning of its SHA-256. The format is specified
 * in firmware/IMAGE.md; nothing in it is trusted.
 */

#define MF_INDEX_HEAD_SIZE 56u
#define MF_INDEX_ENTRY_SIZE 12u
#define MF_INDEX_STRONG_SIZE 8u
#define MF_INDEX_BLOCK_MIN 256u
#define MF_INDEX_BLOCK_MAX 2097152u
#define MF_INDEX_BLOCKS_MAX 2048u

struct mf_index
{
  uint32_t block_size; /* a power of two */
  uint32_t file_size;  /* of the whole file */
  uint32_t n_blocks;   /* whole ones behind the header; what is left at the end has no entry */
  uint8_t  sha256[MF_SHA256_SIZE]; /* of the whole file */
};

/* The fields for a file: the smallest blocks, from 1 KiB up, of which there are few enough. False:
 * it is no longer than a header. */
bool mf_index_init (struct mf_index *self,
                    uint32_t         file_size,
                    const uint8_t    sha256[MF_SHA256_SIZE]);

/* Reads and checks the fields. False: they are of no index, or contradict one another. */
bool mf_index_parse (struct mf_index *self, const uint8_t head[MF_INDEX_HEAD_SIZE]);
void mf_index_format (const struct mf_index *self, uint8_t head[MF_INDEX_HEAD_SIZE]);

/* Of the head and all entries. */
uint32_t mf_index_size (const struct mf_index *self);

/* The entry of a block: its weak sum, then the beginning of its SHA-256. */
void mf_index_entry (uint8_t entry[MF_INDEX_ENTRY_SIZE], const uint8_t *block, uint32_t size);

/* The sum of rsync, which moves along a file without being made anew: A. Tridgell, P. Mackerras,
 * "The rsync algorithm", TR-CS-96-05, Australian National University, 1996, section 3. */
struct mf_weak
{
  uint32_t a; /* the bytes added */
  uint32_t b; /* each as often as there are bytes from it to the end */
};

/* All zero is the sum of nothing. */
void     mf_weak_add (struct mf_weak *self, const uint8_t *data, uint32_t size);
uint32_t mf_weak_value (const struct mf_weak *self);

/* One byte on: `out` is the first of the `size` bytes that were added, `in` the one behind them. */
static inline void
mf_weak_roll (struct mf_weak *self, uint32_t size, uint8_t out, uint8_t in)
{
  self->a += (uint32_t)in - out;
  self->b += self->a - size * out;
}

#endif
