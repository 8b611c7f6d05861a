/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_delta.h"
#include "mf_octets.h"

#define CHUNK 256u
#define WORK_PER_STEP 16384u
#define NO_BLOCK 0xFFFFu
#define TWIN 0x80000000u /* in `source`: the rest is the number of an equal block */

/* Weak sums that are equal by chance are rare: who has more of them than this was given a wrong
 * index, and would be kept hashing for hours. */
#define MISSES_SPARE 64u

void
mf_delta_init (struct mf_delta *self, struct mf_delta_block *blocks, uint32_t capacity)
{
  memset (self, 0, sizeof *self);
  self->blocks = blocks;
  self->capacity = capacity < MF_INDEX_BLOCKS_MAX ? capacity : MF_INDEX_BLOCKS_MAX;
}

bool
mf_delta_has_room (const struct mf_delta *self, uint32_t size)
{
  return size > MF_INDEX_HEAD_SIZE && (size - MF_INDEX_HEAD_SIZE) % MF_INDEX_ENTRY_SIZE == 0 &&
         (size - MF_INDEX_HEAD_SIZE) / MF_INDEX_ENTRY_SIZE <= self->capacity;
}

void
mf_delta_begin (struct mf_delta *self)
{
  self->taken = 0;
  self->index.n_blocks = 0;
}

/* --- the index --- */

static struct mf_delta_block *
bucket_of (const struct mf_delta *self, uint32_t weak)
{
  uint32_t mixed = weak * 0x9E3779B1u; /* Knuth's multiplicative hashing, by the golden ratio */

  return &self->blocks[(uint32_t)((uint64_t)mixed * self->index.n_blocks >> 32)];
}

/* The block of that weak sum and hash that stands for all of its equals. */
static uint16_t
find_equal (const struct mf_delta *self, uint32_t weak, const uint8_t *strong)
{
  uint16_t at = bucket_of (self, weak)->head;

  while (at != NO_BLOCK && (self->blocks[at].weak != weak ||
                            memcmp (self->blocks[at].strong, strong, MF_INDEX_STRONG_SIZE) != 0))
    at = self->blocks[at].next;
  return at;
}

static void
add_block (struct mf_delta *self, uint32_t number, const uint8_t *entry)
{
  struct mf_delta_block *block = &self->blocks[number], *bucket;
  uint16_t               equal;

  block->weak = mf_get32 (entry);
  memcpy (block->strong, entry + 4, MF_INDEX_STRONG_SIZE);
  equal = find_equal (self, block->weak, block->strong);
  block->source = equal != NO_BLOCK ? TWIN | equal : MF_DELTA_NOWHERE;
  if (equal != NO_BLOCK)
    return;
  bucket = bucket_of (self, block->weak);
  block->next = bucket->head;
  bucket->head = (uint16_t)number;
}

static bool
take_head (struct mf_delta *self, uint32_t file_size, const uint8_t *sha256)
{
  uint32_t number;

  if (!mf_index_parse (&self->index, self->partial) || self->index.n_blocks > self->capacity ||
      self->index.file_size != file_size ||
      memcmp (self->index.sha256, sha256, MF_SHA256_SIZE) != 0)
    return false;
  for (number = 0; number < self->index.n_blocks; number++)
    self->blocks[number].head = NO_BLOCK;
  return true;
}

/* The head, or the next entry, is there. */
static bool
take_part (struct mf_delta *self, uint32_t file_size, const uint8_t *sha256)
{
  uint32_t number;

  if (self->taken == MF_INDEX_HEAD_SIZE)
    return take_head (self, file_size, sha256);
  number = (self->taken - MF_INDEX_HEAD_SIZE) / MF_INDEX_ENTRY_SIZE - 1;
  if (number >= self->index.n_blocks)
    return false;
  add_block (self, number, self->partial);
  return true;
}

/* How far it is to the end of the head or entry that is coming, and how much of it is there. */
static uint32_t
left_of_part (const struct mf_delta *self, uint32_t *held)
{
  uint32_t size = MF_INDEX_HEAD_SIZE;

  *held = self->taken;
  if (self->taken >= MF_INDEX_HEAD_SIZE)
    {
      *held = (self->taken - MF_INDEX_HEAD_SIZE) % MF_INDEX_ENTRY_SIZE;
      size = MF_INDEX_ENTRY_SIZE;
    }
  return size - *held;
}

bool
mf_delta_feed (struct mf_delta *self,
               struct mf_bytes  piece,
               uint32_t         file_size,
               const uint8_t    sha256[MF_SHA256_SIZE])
{
  uint32_t held;

  while (piece.size > 0)
    {
      uint32_t left = left_of_part (self, &held);
      uint32_t n = piece.size < left ? (uint32_t)piece.size : left;

      memcpy (self->partial + held, piece.data, n);
      piece.data += n;
      piece.size -= n;
      self->taken += n;
      if (n == left && !take_part (self, file_size, sha256))
        return false;
    }
  return true;
}

bool
mf_delta_is_whole (const struct mf_delta *self)
{
  return self->taken >= MF_INDEX_HEAD_SIZE && self->taken == mf_index_size (&self->index);
}

/* --- the search --- */

void
mf_delta_search (struct mf_delta *self, const struct mf_flash *old, uint32_t size)
{
  self->old = old;
  self->at = MF_IMAGE_HEADER_SIZE;
  self->end = size;
  self->misses_left = self->index.n_blocks + MISSES_SPARE;
  self->summed = false;
  self->over = size > old->size || self->index.n_blocks == 0;
}

static bool
hash_window (struct mf_delta *self, uint8_t digest[MF_SHA256_SIZE])
{
  struct mf_sha256 hash;
  uint8_t          chunk[CHUNK];
  uint32_t         done;

  mf_sha256_init (&hash);
  for (done = 0; done < self->index.block_size; done += CHUNK)
    {
      if (!mf_flash_read (self->old, self->at + done, chunk, CHUNK))
        return false;
      mf_sha256_update (&hash, chunk, CHUNK);
    }
  self->work += self->index.block_size;
  mf_sha256_final (&hash, digest);
  return true;
}

/* Whether a block with the window's weak sum is still looked for. */
static bool
is_candidate (const struct mf_delta *self)
{
  uint32_t weak = mf_weak_value (&self->sum);
  uint16_t at = bucket_of (self, weak)->head;

  while (at != NO_BLOCK &&
         (self->blocks[at].weak != weak || self->blocks[at].source != MF_DELTA_NOWHERE))
    at = self->blocks[at].next;
  return at != NO_BLOCK;
}

/* The window is a block that was looked for: notes it. */
static bool
match (struct mf_delta *self)
{
  uint8_t  digest[MF_SHA256_SIZE];
  uint16_t at;

  if (!is_candidate (self))
    return false;
  if (!hash_window (self, digest))
    {
      self->over = true;
      return false;
    }
  at = find_equal (self, mf_weak_value (&self->sum), digest);
  if (at != NO_BLOCK)
    {
      self->blocks[at].source = self->at;
      return true;
    }
  if (self->misses_left == 0)
    self->over = true;
  else
    self->misses_left--;
  return false;
}

/* The window is somewhere else than it was: its sum is made anew. */
static void
sum_up (struct mf_delta *self)
{
  uint8_t  chunk[CHUNK];
  uint32_t done;

  memset (&self->sum, 0, sizeof self->sum);
  for (done = 0; done < self->index.block_size && !self->over; done += CHUNK)
    if (mf_flash_read (self->old, self->at + done, chunk, CHUNK))
      mf_weak_add (&self->sum, chunk, CHUNK);
    else
      self->over = true;
  self->work += self->index.block_size;
  self->summed = true;
}

/* Moves the window on, until it is a block, or by as much as is read at once. */
static bool
roll (struct mf_delta *self)
{
  uint32_t block = self->index.block_size, n = self->end - self->at - block, i;
  uint8_t  out[CHUNK], in[CHUNK];

  n = n < CHUNK ? n : CHUNK;
  if (n == 0 || !mf_flash_read (self->old, self->at, out, n) ||
      !mf_flash_read (self->old, self->at + block, in, n))
    self->over = true;
  self->work += n;
  for (i = 0; i < n && !self->over; i++)
    {
      mf_weak_roll (&self->sum, block, out[i], in[i]);
      self->at++;
      if (match (self))
        return true;
    }
  return false;
}

bool
mf_delta_search_some (struct mf_delta *self)
{
  for (self->work = 0; self->work < WORK_PER_STEP && !self->over;)
    {
      bool found;

      if (!self->summed)
        {
          if (self->end < self->at || self->end - self->at < self->index.block_size)
            {
              self->over = true;
              break;
            }
          sum_up (self);
          found = !self->over && match (self);
        }
      else
        found = roll (self);
      if (found)
        {
          self->at += self->index.block_size;
          self->summed = false;
        }
    }
  return self->over;
}

/* --- what came of it --- */

static uint32_t
source_of (const struct mf_delta *self, uint32_t number)
{
  uint32_t source = self->blocks[number].source;

  if (source != MF_DELTA_NOWHERE && (source & TWIN) != 0)
    source = self->blocks[source & ~TWIN].source;
  return source;
}

/* Number `n_blocks` is the end of the file where its blocks come out even. */
static bool
is_there (const struct mf_delta *self, uint32_t number)
{
  const struct mf_index *index = &self->index;

  if (number < index->n_blocks)
    return source_of (self, number) != MF_DELTA_NOWHERE;
  return (index->file_size - MF_IMAGE_HEADER_SIZE) % index->block_size == 0;
}

uint32_t
mf_delta_find (const struct mf_delta *self, uint32_t at, uint32_t *source)
{
  uint32_t block = self->index.block_size, number, offset, start;

  if (at < MF_IMAGE_HEADER_SIZE)
    return 0;
  number = (at - MF_IMAGE_HEADER_SIZE) / block;
  offset = (at - MF_IMAGE_HEADER_SIZE) % block;
  if (number >= self->index.n_blocks || (start = source_of (self, number)) == MF_DELTA_NOWHERE)
    return 0;
  *source = start + offset;
  return block - offset;
}

uint32_t
mf_delta_missing (const struct mf_delta *self, uint32_t at)
{
  const struct mf_index *index = &self->index;
  uint32_t               number = (at - MF_IMAGE_HEADER_SIZE) / index->block_size + 1;

  while (number < index->n_blocks && !(is_there (self, number) && is_there (self, number + 1)))
    number++;
  if (number < index->n_blocks)
    return MF_IMAGE_HEADER_SIZE + number * index->block_size - at;
  return index->file_size - at;
}
