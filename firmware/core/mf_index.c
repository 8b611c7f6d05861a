/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_index.h"
#include "mf_octets.h"

#define FORMAT 1u
#define AT_FORMAT 4u
#define AT_HEAD 6u
#define AT_BLOCK 8u
#define AT_FILE 12u
#define AT_FIRST 16u
#define AT_COUNT 20u
#define AT_SHA256 24u
#define BLOCK_USUAL 1024u

static const uint8_t magic[4] = { 'M', 'F', 'X', '1' };

static uint32_t
count_blocks (uint32_t file_size, uint32_t block_size)
{
  return (file_size - MF_IMAGE_HEADER_SIZE) / block_size;
}

bool
mf_index_init (struct mf_index *self, uint32_t file_size, const uint8_t sha256[MF_SHA256_SIZE])
{
  if (file_size <= MF_IMAGE_HEADER_SIZE)
    return false;
  self->file_size = file_size;
  self->block_size = BLOCK_USUAL;
  while (count_blocks (file_size, self->block_size) > MF_INDEX_BLOCKS_MAX)
    self->block_size *= 2;
  self->n_blocks = count_blocks (file_size, self->block_size);
  memcpy (self->sha256, sha256, MF_SHA256_SIZE);
  return true;
}

bool
mf_index_parse (struct mf_index *self, const uint8_t head[MF_INDEX_HEAD_SIZE])
{
  self->block_size = mf_get32 (head + AT_BLOCK);
  self->file_size = mf_get32 (head + AT_FILE);
  self->n_blocks = mf_get32 (head + AT_COUNT);
  memcpy (self->sha256, head + AT_SHA256, MF_SHA256_SIZE);
  return memcmp (head, magic, sizeof magic) == 0 && mf_get16 (head + AT_FORMAT) == FORMAT &&
         mf_get16 (head + AT_HEAD) == MF_INDEX_HEAD_SIZE &&
         mf_get32 (head + AT_FIRST) == MF_IMAGE_HEADER_SIZE &&
         self->block_size >= MF_INDEX_BLOCK_MIN && self->block_size <= MF_INDEX_BLOCK_MAX &&
         (self->block_size & (self->block_size - 1)) == 0 &&
         self->file_size > MF_IMAGE_HEADER_SIZE && self->n_blocks <= MF_INDEX_BLOCKS_MAX &&
         self->n_blocks == count_blocks (self->file_size, self->block_size);
}

void
mf_index_format (const struct mf_index *self, uint8_t head[MF_INDEX_HEAD_SIZE])
{
  memcpy (head, magic, sizeof magic);
  mf_put16 (head + AT_FORMAT, FORMAT);
  mf_put16 (head + AT_HEAD, MF_INDEX_HEAD_SIZE);
  mf_put32 (head + AT_BLOCK, self->block_size);
  mf_put32 (head + AT_FILE, self->file_size);
  mf_put32 (head + AT_FIRST, MF_IMAGE_HEADER_SIZE);
  mf_put32 (head + AT_COUNT, self->n_blocks);
  memcpy (head + AT_SHA256, self->sha256, MF_SHA256_SIZE);
}

uint32_t
mf_index_size (const struct mf_index *self)
{
  return MF_INDEX_HEAD_SIZE + self->n_blocks * MF_INDEX_ENTRY_SIZE;
}

void
mf_index_entry (uint8_t entry[MF_INDEX_ENTRY_SIZE], const uint8_t *block, uint32_t size)
{
  struct mf_weak   weak = { 0, 0 };
  struct mf_sha256 hash;
  uint8_t          digest[MF_SHA256_SIZE];

  mf_weak_add (&weak, block, size);
  mf_sha256_init (&hash);
  mf_sha256_update (&hash, block, size);
  mf_sha256_final (&hash, digest);
  mf_put32 (entry, mf_weak_value (&weak));
  memcpy (entry + 4, digest, MF_INDEX_STRONG_SIZE);
}

void
mf_weak_add (struct mf_weak *self, const uint8_t *data, uint32_t size)
{
  uint32_t at;

  for (at = 0; at < size; at++)
    {
      self->a += data[at];
      self->b += self->a;
    }
}

uint32_t
mf_weak_value (const struct mf_weak *self)
{
  return (self->a & 0xFFFFu) | self->b << 16;
}
