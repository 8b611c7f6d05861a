/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>

#include "mf-fuzz-index.h"
#include "mf_delta.h"

#define OLD_SIZE (5u * 1024)
#define BLOCKS 40u
#define STEPS_MAX 10000u

static guint8 old_bytes[OLD_SIZE];

static bool
read_old (void *user, uint32_t offset, void *data, uint32_t size)
{
  memcpy (data, old_bytes + offset, size);
  return true;
}

static const struct mf_flash_ops ops = { .read = read_old };
static const struct mf_flash     old = { &ops, NULL, OLD_SIZE, 1024, 1 };

/* Every byte of the file comes from somewhere, and once. */
static void
go_through (const struct mf_delta *delta)
{
  uint32_t at = MF_IMAGE_HEADER_SIZE, source = 0, n;

  while (at < delta->index.file_size)
    {
      n = mf_delta_find (delta, at, &source);
      if (n > 0 && (n > OLD_SIZE || source > OLD_SIZE - n))
        g_error ("what was found lies outside of the old image");
      if (n == 0)
        n = mf_delta_missing (delta, at);
      if (n == 0 || n > delta->index.file_size - at)
        g_error ("the file has no end");
      at += n;
    }
}

int
mf_fuzz_index (const uint8_t *data, size_t size)
{
  struct mf_delta_block blocks[BLOCKS];
  struct mf_delta       delta;
  struct mf_index       head;
  size_t                piece, at;
  unsigned              steps = 0;

  if (size < 1 + MF_INDEX_HEAD_SIZE)
    return 0;
  for (guint i = 0; i < OLD_SIZE; i++)
    old_bytes[i] = (guint8)(i < 2048 ? 0 : i * i >> 3);
  piece = 1u + data[0];
  mf_index_parse (&head, data + 1);
  mf_delta_init (&delta, blocks, BLOCKS);
  mf_delta_begin (&delta);
  for (at = 1; at < size; at += piece)
    if (!mf_delta_feed (&delta, (struct mf_bytes){ data + at, MIN (piece, size - at) },
                        head.file_size, head.sha256))
      return 0;
  if (!mf_delta_is_whole (&delta))
    return 0;
  mf_delta_search (&delta, &old, OLD_SIZE);
  while (!mf_delta_search_some (&delta))
    if (++steps > STEPS_MAX)
      g_error ("the search has no end");
  go_through (&delta);
  return 0;
}
