/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_octets.h"
#include "mf_rom.h"
#include "mf_sha2.h"

#define ROUNDS 80u
#define LENGTH 16u /* bytes of the length that ends the last block */

/* FIPS 180-4, 4.2.3: of the cube roots of the first primes. */
static const MF_ROM uint64_t k[ROUNDS] = {
  0x428A2F98D728AE22u, 0x7137449123EF65CDu, 0xB5C0FBCFEC4D3B2Fu, 0xE9B5DBA58189DBBCu,
  0x3956C25BF348B538u, 0x59F111F1B605D019u, 0x923F82A4AF194F9Bu, 0xAB1C5ED5DA6D8118u,
  0xD807AA98A3030242u, 0x12835B0145706FBEu, 0x243185BE4EE4B28Cu, 0x550C7DC3D5FFB4E2u,
  0x72BE5D74F27B896Fu, 0x80DEB1FE3B1696B1u, 0x9BDC06A725C71235u, 0xC19BF174CF692694u,
  0xE49B69C19EF14AD2u, 0xEFBE4786384F25E3u, 0x0FC19DC68B8CD5B5u, 0x240CA1CC77AC9C65u,
  0x2DE92C6F592B0275u, 0x4A7484AA6EA6E483u, 0x5CB0A9DCBD41FBD4u, 0x76F988DA831153B5u,
  0x983E5152EE66DFABu, 0xA831C66D2DB43210u, 0xB00327C898FB213Fu, 0xBF597FC7BEEF0EE4u,
  0xC6E00BF33DA88FC2u, 0xD5A79147930AA725u, 0x06CA6351E003826Fu, 0x142929670A0E6E70u,
  0x27B70A8546D22FFCu, 0x2E1B21385C26C926u, 0x4D2C6DFC5AC42AEDu, 0x53380D139D95B3DFu,
  0x650A73548BAF63DEu, 0x766A0ABB3C77B2A8u, 0x81C2C92E47EDAEE6u, 0x92722C851482353Bu,
  0xA2BFE8A14CF10364u, 0xA81A664BBC423001u, 0xC24B8B70D0F89791u, 0xC76C51A30654BE30u,
  0xD192E819D6EF5218u, 0xD69906245565A910u, 0xF40E35855771202Au, 0x106AA07032BBD1B8u,
  0x19A4C116B8D2D0C8u, 0x1E376C085141AB53u, 0x2748774CDF8EEB99u, 0x34B0BCB5E19B48A8u,
  0x391C0CB3C5C95A63u, 0x4ED8AA4AE3418ACBu, 0x5B9CCA4F7763E373u, 0x682E6FF3D6B2B8A3u,
  0x748F82EE5DEFB2FCu, 0x78A5636F43172F60u, 0x84C87814A1F0AB72u, 0x8CC702081A6439ECu,
  0x90BEFFFA23631E28u, 0xA4506CEBDE82BDE9u, 0xBEF9A3F7B2C67915u, 0xC67178F2E372532Bu,
  0xCA273ECEEA26619Cu, 0xD186B8C721C0C207u, 0xEADA7DD6CDE0EB1Eu, 0xF57D4F7FEE6ED178u,
  0x06F067AA72176FBAu, 0x0A637DC5A2C898A6u, 0x113F9804BEF90DAEu, 0x1B710B35131C471Bu,
  0x28DB77F523047D84u, 0x32CAAB7B40C72493u, 0x3C9EBE0A15C9BEBCu, 0x431D67C49C100D4Cu,
  0x4CC5D4BECB3E42B6u, 0x597F299CFC657E2Au, 0x5FCB6FAB3AD6FAECu, 0x6C44198C4A475817u,
};

static uint64_t
turn (uint64_t x, unsigned n)
{
  return x >> n | x << (64u - n);
}

static uint64_t
load (const uint8_t *in)
{
  uint64_t word = 0;
  unsigned at;

  for (at = 0; at < sizeof word; at++)
    word = word << 8 | in[at];
  return word;
}

static void
store (uint8_t *out, uint64_t word)
{
  unsigned at;

  for (at = sizeof word; at-- > 0; word >>= 8)
    out[at] = (uint8_t)word;
}

/* The schedule's word of round `i`, in a window of sixteen: a board has no stack for all. */
static uint64_t
schedule (uint64_t w[16], unsigned i)
{
  uint64_t a = w[(i + 1) & 15u], b = w[(i + 14) & 15u];

  if (i >= 16)
    w[i & 15u] += (turn (a, 1) ^ turn (a, 8) ^ a >> 7) + w[(i + 9) & 15u] +
                  (turn (b, 19) ^ turn (b, 61) ^ b >> 6);
  return w[i & 15u];
}

static void
compress (uint64_t state[8], const uint8_t *block)
{
  uint64_t a = state[0], b = state[1], c = state[2], d = state[3];
  uint64_t e = state[4], f = state[5], g = state[6], h = state[7];
  uint64_t w[16], t1, t2;
  unsigned i;

  for (i = 0; i < 16; i++)
    w[i] = load (block + i * sizeof *w);
  for (i = 0; i < ROUNDS; i++)
    {
      t1 = h + (turn (e, 14) ^ turn (e, 18) ^ turn (e, 41)) + ((e & f) ^ (~e & g)) + k[i] +
           schedule (w, i);
      t2 = (turn (a, 28) ^ turn (a, 34) ^ turn (a, 39)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

void
mf_sha512_init (struct mf_sha512 *self)
{
  /* FIPS 180-4, 5.3: of the square roots of the first eight primes. */
  static const MF_ROM uint64_t first[8] = {
    0x6A09E667F3BCC908u, 0xBB67AE8584CAA73Bu, 0x3C6EF372FE94F82Bu, 0xA54FF53A5F1D36F1u,
    0x510E527FADE682D1u, 0x9B05688C2B3E6C1Fu, 0x1F83D9ABFB41BD6Bu, 0x5BE0CD19137E2179u,
  };
  unsigned at;

  for (at = 0; at < 8; at++)
    self->h[at] = first[at];
  self->size = 0;
}

void
mf_sha512_update (struct mf_sha512 *self, const void *data, size_t size)
{
  const uint8_t *in = data;

  while (size > 0)
    {
      size_t used = (size_t)(self->size % MF_SHA512_BLOCK), n = MF_SHA512_BLOCK - used;

      if (n > size)
        n = size;
      if (n == MF_SHA512_BLOCK)
        compress (self->h, in);
      else
        {
          memcpy (self->block + used, in, n);
          if (used + n == MF_SHA512_BLOCK)
            compress (self->h, self->block);
        }
      self->size += n;
      in += n;
      size -= n;
    }
}

void
mf_sha512_final (struct mf_sha512 *self, uint8_t out[MF_SHA512_SIZE])
{
  static const uint8_t one = 0x80, zero = 0;
  uint64_t             bits = self->size * 8;
  uint8_t              length[LENGTH] = { 0 };
  unsigned             at;

  for (at = 0; at < 8; at++)
    length[LENGTH - 1 - at] = (uint8_t)(bits >> (8 * at));
  mf_sha512_update (self, &one, 1);
  while (self->size % MF_SHA512_BLOCK != MF_SHA512_BLOCK - LENGTH)
    mf_sha512_update (self, &zero, 1);
  mf_sha512_update (self, length, LENGTH);
  for (at = 0; at < 8; at++)
    store (out + at * sizeof *self->h, self->h[at]);
  mf_forget (self, sizeof *self);
}
