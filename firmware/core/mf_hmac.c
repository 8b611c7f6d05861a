/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_hmac.h"
#include "mf_octets.h"

/* Begins with the key's block under `mask`, a byte at a time: a board is short of stack. */
static void
begin (struct mf_sha256 *hash, struct mf_bytes key, uint8_t mask)
{
  uint8_t  byte;
  unsigned at;

  mf_sha256_init (hash);
  for (at = 0; at < MF_SHA256_BLOCK; at++)
    {
      byte = (uint8_t)((at < key.size ? key.data[at] : 0) ^ mask);
      mf_sha256_update (hash, &byte, 1);
    }
  mf_forget (&byte, sizeof byte);
}

void
mf_hmac_sha256 (uint8_t                out[MF_SHA256_SIZE],
                struct mf_bytes        key,
                const struct mf_bytes *parts,
                size_t                 n_parts)
{
  uint8_t          shortened[MF_SHA256_SIZE];
  struct mf_sha256 hash;
  size_t           at;

  if (key.size > MF_SHA256_BLOCK)
    {
      mf_sha256_init (&hash);
      mf_sha256_update (&hash, key.data, key.size);
      mf_sha256_final (&hash, shortened);
      key.data = shortened;
      key.size = sizeof shortened;
    }
  begin (&hash, key, 0x36);
  for (at = 0; at < n_parts; at++)
    mf_sha256_update (&hash, parts[at].data, parts[at].size);
  mf_sha256_final (&hash, out); /* the inner hash for now */
  begin (&hash, key, 0x5C);
  mf_sha256_update (&hash, out, MF_SHA256_SIZE);
  mf_sha256_final (&hash, out);
  mf_forget (shortened, sizeof shortened);
}
