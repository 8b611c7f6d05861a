/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sodium.h>

#include "muster-node-crypto.h"

static void
fill_random (void *user, void *out, size_t size)
{
  randombytes_buf (out, size);
}

static bool
x25519 (void *user, uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32])
{
  return crypto_scalarmult_curve25519 (out, scalar, point) == 0;
}

static void
seal (void           *user,
      uint8_t        *out,
      const uint8_t   key[32],
      const uint8_t   nonce[12],
      struct mf_bytes ad,
      struct mf_bytes in)
{
  crypto_aead_chacha20poly1305_ietf_encrypt (out, NULL, in.data, in.size, ad.data, ad.size, NULL,
                                             nonce, key);
}

static bool
open (void           *user,
      uint8_t        *out,
      const uint8_t   key[32],
      const uint8_t   nonce[12],
      struct mf_bytes ad,
      struct mf_bytes in)
{
  return crypto_aead_chacha20poly1305_ietf_decrypt (out, NULL, NULL, in.data, in.size, ad.data,
                                                    ad.size, nonce, key) == 0;
}

static void
blake2b (void                  *user,
         uint8_t               *out,
         size_t                 out_size,
         struct mf_bytes        key,
         const struct mf_bytes *parts,
         size_t                 n_parts)
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, key.size > 0 ? key.data : NULL, key.size, out_size);
  for (size_t i = 0; i < n_parts; i++)
    if (parts[i].size > 0)
      crypto_generichash_update (&state, parts[i].data, parts[i].size);
  crypto_generichash_final (&state, out, out_size);
}

static void
wipe (void *user, void *data, size_t size)
{
  sodium_memzero (data, size);
}

void
muster_node_crypto_fill (struct mf_port_ops *ops)
{
  ops->random = fill_random;
  ops->x25519 = x25519;
  ops->seal = seal;
  ops->open = open;
  ops->blake2b = blake2b;
  ops->wipe = wipe;
}
