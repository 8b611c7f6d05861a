/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_octets.h"
#include "mf_rom.h"
#include "mf_sha2.h"

#define ROUNDS 64u
#define LENGTH 8u /* bytes of the length that ends the last block */

/* FIPS 180-4, 4.2.2: of the cube roots of the first primes. */
static const MF_ROM uint32_t k[ROUNDS] = {
  0x428A2F98u, 0x71374491u, 0xB5C0FBCFu, 0xE9B5DBA5u, 0x3956C25Bu, 0x59F111F1u, 0x923F82A4u,
  0xAB1C5ED5u, 0xD807AA98u, 0x12835B01u, 0x243185BEu, 0x550C7DC3u, 0x72BE5D74u, 0x80DEB1FEu,
  0x9BDC06A7u, 0xC19BF174u, 0xE49B69C1u, 0xEFBE4786u, 0x0FC19DC6u, 0x240CA1CCu, 0x2DE92C6Fu,
  0x4A7484AAu, 0x5CB0A9DCu, 0x76F988DAu, 0x983E5152u, 0xA831C66Du, 0xB00327C8u, 0xBF597FC7u,
  0xC6E00BF3u, 0xD5A79147u, 0x06CA6351u, 0x14292967u, 0x27B70A85u, 0x2E1B2138u, 0x4D2C6DFCu,
  0x53380D13u, 0x650A7354u, 0x766A0ABBu, 0x81C2C92Eu, 0x92722C85u, 0xA2BFE8A1u, 0xA81A664Bu,
  0xC24B8B70u, 0xC76C51A3u, 0xD192E819u, 0xD6990624u, 0xF40E3585u, 0x106AA070u, 0x19A4C116u,
  0x1E376C08u, 0x2748774Cu, 0x34B0BCB5u, 0x391C0CB3u, 0x4ED8AA4Au, 0x5B9CCA4Fu, 0x682E6FF3u,
  0x748F82EEu, 0x78A5636Fu, 0x84C87814u, 0x8CC70208u, 0x90BEFFFAu, 0xA4506CEBu, 0xBEF9A3F7u,
  0xC67178F2u,
};

static uint32_t
load (const uint8_t *in)
{
  uint32_t word = 0;
  unsigned at;

  for (at = 0; at < sizeof word; at++)
    word = word << 8 | in[at];
  return word;
}

static void
store (uint8_t *out, uint32_t word)
{
  unsigned at;

  for (at = sizeof word; at-- > 0; word >>= 8)
    out[at] = (uint8_t)word;
}

#ifdef MF_SHA256_SMALL
/* Where room counts more than time: one function turns a word by what it is told, and the working
 * variables a to h are s[0] to s[7], for by name they take twice the room on a small processor. */

static uint32_t
turn (uint32_t x, uint8_t n)
{
  for (; n > 0; n--)
    x = x >> 1 | x << 31;
  return x;
}

static uint32_t
spread (uint32_t x, uint8_t a, uint8_t b, uint8_t c)
{
  return turn (turn (turn (x, c) ^ x, b) ^ x, a);
}

/* The working variables' next round; `t` is the constant and the word of it. */
static void
step (uint32_t s[8], uint32_t t)
{
  t += s[7] + spread (s[4], 6, 5, 14) + (s[6] ^ (s[4] & (s[5] ^ s[6])));
  memmove (s + 1, s, 7 * sizeof *s);
  s[4] += t;
  s[0] = t + spread (s[1], 2, 11, 9) + ((s[1] & s[2]) | (s[3] & (s[1] | s[2])));
}

/* The next word of the schedule, in a window of sixteen. */
static void
advance (uint32_t w[16])
{
  uint32_t next =
    w[0] + w[9] + (spread (w[1], 3, 4, 11) ^ w[1] << 29) + (spread (w[14], 10, 7, 2) ^ w[14] << 22);

  memmove (w, w + 1, 15 * sizeof *w);
  w[15] = next;
}

static void
compress (uint32_t state[8], const uint8_t *block)
{
  uint32_t s[8], w[16];
  uint8_t  i;

  for (i = 0; i < 16; i++)
    w[i] = load (block + i * sizeof *w);
  memcpy (s, state, sizeof s);
  for (i = 0; i < ROUNDS; i++)
    {
      step (s, k[i] + w[0]);
      advance (w);
    }
  for (i = 0; i < 8; i++)
    state[i] += s[i];
}
#else
static uint32_t
turn (uint32_t x, unsigned n)
{
  return x >> n | x << (32u - n);
}

/* The schedule's word of round `i`, in a window of sixteen: a board has no stack for all. */
static uint32_t
schedule (uint32_t w[16], unsigned i)
{
  uint32_t a = w[(i + 1) & 15u], b = w[(i + 14) & 15u];

  if (i >= 16)
    w[i & 15u] += (turn (a, 7) ^ turn (a, 18) ^ a >> 3) + w[(i + 9) & 15u] +
                  (turn (b, 17) ^ turn (b, 19) ^ b >> 10);
  return w[i & 15u];
}

static void
compress (uint32_t state[8], const uint8_t *block)
{
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
  uint32_t w[16], t1, t2;
  unsigned i;

  for (i = 0; i < 16; i++)
    w[i] = load (block + i * sizeof *w);
  for (i = 0; i < ROUNDS; i++)
    {
      t1 = h + (turn (e, 6) ^ turn (e, 11) ^ turn (e, 25)) + ((e & f) ^ (~e & g)) + k[i] +
           schedule (w, i);
      t2 = (turn (a, 2) ^ turn (a, 13) ^ turn (a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
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
#endif

void
mf_sha256_init (struct mf_sha256 *self)
{
  /* FIPS 180-4, 5.3: of the square roots of the first eight primes. */
  static const MF_ROM uint32_t first[8] = {
    0x6A09E667u, 0xBB67AE85u, 0x3C6EF372u, 0xA54FF53Au,
    0x510E527Fu, 0x9B05688Cu, 0x1F83D9ABu, 0x5BE0CD19u,
  };
  unsigned at;

  for (at = 0; at < 8; at++)
    self->h[at] = first[at];
  self->size = 0;
}

void
mf_sha256_update (struct mf_sha256 *self, const void *data, size_t size)
{
  const uint8_t *in = data;

#ifdef MF_SHA256_SMALL
  while (size-- > 0)
    {
      self->block[(uint8_t)self->size++ % MF_SHA256_BLOCK] = *in++;
      if ((uint8_t)self->size % MF_SHA256_BLOCK == 0)
        compress (self->h, self->block);
    }
#else
  while (size > 0)
    {
      size_t used = (size_t)(self->size % MF_SHA256_BLOCK), n = MF_SHA256_BLOCK - used;

      if (n > size)
        n = size;
      if (n == MF_SHA256_BLOCK)
        compress (self->h, in);
      else
        {
          memcpy (self->block + used, in, n);
          if (used + n == MF_SHA256_BLOCK)
            compress (self->h, self->block);
        }
      self->size += n;
      in += n;
      size -= n;
    }
#endif
}

void
mf_sha256_final (struct mf_sha256 *self, uint8_t out[MF_SHA256_SIZE])
{
  MF_SHA256_COUNT left = self->size >> 5; /* of the count of bits, beyond its last byte */
  uint8_t         length[LENGTH], pad = 0x80;
  unsigned        at = LENGTH - 1;

  length[at] = (uint8_t)(self->size << 3);
  for (; at-- > 0; left >>= 8)
    length[at] = (uint8_t)left;
  do
    {
      mf_sha256_update (self, &pad, 1);
      pad = 0;
    }
  while ((uint8_t)self->size % MF_SHA256_BLOCK != MF_SHA256_BLOCK - LENGTH);
  mf_sha256_update (self, length, LENGTH);
  for (at = 0; at < 8; at++)
    store (out + at * sizeof *self->h, self->h[at]);
  mf_forget (self, sizeof *self);
}
