/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_hmac.h"
#include "mf_octets.h"

static void
begin (struct mf_sha256 *hash, const uint8_t key[MF_SHA256_BLOCK], uint8_t mask)
{
  uint8_t  pad[MF_SHA256_BLOCK];
  unsigned at;

  for (at = 0; at < MF_SHA256_BLOCK; at++)
    pad[at] = (uint8_t)(key[at] ^ mask);
  mf_sha256_init (hash);
  mf_sha256_update (hash, pad, sizeof pad);
  mf_forget (pad, sizeof pad);
}

void
mf_hmac_sha256 (uint8_t                out[MF_SHA256_SIZE],
                struct mf_bytes        key,
                const struct mf_bytes *parts,
                size_t                 n_parts)
{
  uint8_t          whole[MF_SHA256_BLOCK] = { 0 }, inner[MF_SHA256_SIZE];
  struct mf_sha256 hash;
  size_t           at;

  if (key.size > MF_SHA256_BLOCK)
    {
      mf_sha256_init (&hash);
      mf_sha256_update (&hash, key.data, key.size);
      mf_sha256_final (&hash, whole);
    }
  else if (key.size > 0)
    memcpy (whole, key.data, key.size);
  begin (&hash, whole, 0x36);
  for (at = 0; at < n_parts; at++)
    mf_sha256_update (&hash, parts[at].data, parts[at].size);
  mf_sha256_final (&hash, inner);
  begin (&hash, whole, 0x5C);
  mf_sha256_update (&hash, inner, sizeof inner);
  mf_sha256_final (&hash, out);
  mf_forget (whole, sizeof whole);
  mf_forget (inner, sizeof inner);
}
