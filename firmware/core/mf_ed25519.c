/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_ed25519.h"
#include "mf_gf25519.h"
#include "mf_octets.h"
#include "mf_sha2.h"

#define HALF 32u /* bytes of a point, of a scalar, of either half of a signature */
#define WORDS 8u
#define SCALAR_BITS 253u

/* A point in extended coordinates: x = X/Z, y = Y/Z, x*y = T/Z. */
struct point
{
  mf_gf x, y, z, t;
};

/* The curve is -x^2 + y^2 = 1 + d x^2 y^2, RFC 8032, 5.1. */
static const mf_gf        curve_d = { 0x135978A3u, 0x75EB4DCAu, 0x4141D8ABu, 0x00700A4Du,
                                      0x7779E898u, 0x8CC74079u, 0x2B6FFE73u, 0x52036CEEu };
static const mf_gf        twice_d = { 0x26B2F159u, 0xEBD69B94u, 0x8283B156u, 0x00E0149Au,
                                      0xEEF3D130u, 0x198E80F2u, 0x56DFFCE7u, 0x2406D9DCu };
static const mf_gf        root_of_minus_one = { 0x4A0EA0B0u, 0xC4EE1B27u, 0xAD2FE478u, 0x2F431806u,
                                                0x3DFBD7A7u, 0x2B4D0099u, 0x4FC1DF0Bu, 0x2B832480u };
static const struct point base = { { 0x8F25D51Au, 0xC9562D60u, 0x9525A7B2u, 0x692CC760u,
                                     0xFDD6DC5Cu, 0xC0A4E231u, 0xCD6E53FEu, 0x216936D3u },
                                   { 0x66666658u, 0x66666666u, 0x66666666u, 0x66666666u,
                                     0x66666666u, 0x66666666u, 0x66666666u, 0x66666666u },
                                   { 1 },
                                   { 0xA5B7DDA3u, 0x6DDE8AB3u, 0x775152F5u, 0x20F09F80u,
                                     0x64ABE37Du, 0x66EA4E8Eu, 0xD78B7665u, 0x67875F0Fu } };
static const uint32_t     order[WORDS] = { 0x5CF5D3EDu, 0x5812631Au, 0xA2F79CD6u, 0x14DEF9DEu,
                                           0x00000000u, 0x00000000u, 0x00000000u, 0x10000000u };

/* add-2008-hwcd-3 of the Explicit-Formulas Database: holds for every two points of this curve. */
static void
add (struct point *out, const struct point *p, const struct point *q)
{
  mf_gf a, b, c, d, e;

  mf_gf_sub (a, p->y, p->x);
  mf_gf_sub (e, q->y, q->x);
  mf_gf_mul (a, a, e);
  mf_gf_add (b, p->y, p->x);
  mf_gf_add (e, q->y, q->x);
  mf_gf_mul (b, b, e);
  mf_gf_mul (c, p->t, twice_d);
  mf_gf_mul (c, c, q->t);
  mf_gf_mul (d, p->z, q->z);
  mf_gf_add (d, d, d);
  mf_gf_sub (e, b, a);
  mf_gf_add (b, b, a);
  mf_gf_sub (a, d, c);
  mf_gf_add (d, d, c);
  mf_gf_mul (out->x, e, a);
  mf_gf_mul (out->y, d, b);
  mf_gf_mul (out->t, e, b);
  mf_gf_mul (out->z, a, d);
}

/* dbl-2008-hwcd with all four results negated, which is the same point. */
static void
twice (struct point *out, const struct point *p)
{
  mf_gf a, b, e, f, g;

  mf_gf_mul (a, p->x, p->x);
  mf_gf_mul (b, p->y, p->y);
  mf_gf_add (e, p->x, p->y);
  mf_gf_mul (e, e, e);
  mf_gf_mul (f, p->z, p->z);
  mf_gf_add (f, f, f);
  mf_gf_sub (g, b, a);
  mf_gf_sub (f, f, g);
  mf_gf_add (a, a, b);
  mf_gf_sub (e, e, a);
  mf_gf_mul (out->x, e, f);
  mf_gf_mul (out->y, g, a);
  mf_gf_mul (out->z, f, g);
  mf_gf_mul (out->t, e, a);
}

static void
set_neutral (struct point *out)
{
  memset (out, 0, sizeof *out);
  out->y[0] = out->z[0] = 1;
}

static bool
is_of_small_order (const struct point *p)
{
  static const mf_gf zero = { 0 };
  struct point       eightfold;

  twice (&eightfold, p);
  twice (&eightfold, &eightfold);
  twice (&eightfold, &eightfold);
  return mf_gf_same (eightfold.x, zero) && mf_gf_same (eightfold.y, eightfold.z);
}

static void
write_point (uint8_t out[HALF], const struct point *p)
{
  mf_gf inverse, x, y;

  mf_gf_invert (inverse, p->z);
  mf_gf_mul (x, p->x, inverse);
  mf_gf_mul (y, p->y, inverse);
  mf_gf_write (out, y);
  out[HALF - 1] = (uint8_t)(out[HALF - 1] | (mf_gf_is_odd (x) ? 0x80u : 0u));
}

/* x = sqrt (u / v), RFC 8032, 5.1.3. False: there is none. */
static bool
root_of_ratio (mf_gf x, const mf_gf u, const mf_gf v)
{
  mf_gf v3, check, minus;

  mf_gf_mul (v3, v, v);
  mf_gf_mul (v3, v3, v);
  mf_gf_mul (check, v3, v3);
  mf_gf_mul (check, check, v);
  mf_gf_mul (check, check, u);
  mf_gf_root_power (x, check);
  mf_gf_mul (x, x, v3);
  mf_gf_mul (x, x, u);
  mf_gf_mul (check, x, x);
  mf_gf_mul (check, check, v);
  if (mf_gf_same (check, u))
    return true;
  mf_gf_small (minus, 0);
  mf_gf_sub (minus, minus, u);
  mf_gf_mul (x, x, root_of_minus_one);
  return mf_gf_same (check, minus);
}

/* False: no point has this encoding, or not this one. */
static bool
read_point (struct point *out, const uint8_t in[HALF])
{
  bool  odd = in[HALF - 1] >> 7;
  mf_gf u, v, zero;

  if (!mf_gf_read (out->y, in))
    return false;
  mf_gf_small (out->z, 1);
  mf_gf_mul (u, out->y, out->y);
  mf_gf_mul (v, u, curve_d);
  mf_gf_sub (u, u, out->z);
  mf_gf_add (v, v, out->z);
  if (!root_of_ratio (out->x, u, v))
    return false;
  mf_gf_small (zero, 0);
  if (mf_gf_same (out->x, zero) && odd)
    return false;
  if (mf_gf_is_odd (out->x) != odd)
    mf_gf_sub (out->x, zero, out->x);
  mf_gf_mul (out->t, out->x, out->y);
  return true;
}

static unsigned
scalar_bit (const uint32_t scalar[WORDS], unsigned bit)
{
  return scalar[bit / 32] >> bit % 32 & 1u;
}

/* out = scalar * B, every bit the same work. */
static void
multiply_base (struct point *out, const uint32_t scalar[WORDS])
{
  struct point sum;
  unsigned     bit = 32 * WORDS;

  set_neutral (out);
  while (bit-- > 0)
    {
      uint32_t choose = scalar_bit (scalar, bit);

      twice (out, out);
      add (&sum, out, &base);
      mf_gf_choose (out->x, sum.x, choose);
      mf_gf_choose (out->y, sum.y, choose);
      mf_gf_choose (out->z, sum.z, choose);
      mf_gf_choose (out->t, sum.t, choose);
    }
  mf_forget (&sum, sizeof sum);
}

/* out = s * B + k * p for scalars below the order, in time that depends on them. */
static void
multiply_two (struct point       *out,
              const uint32_t      s[WORDS],
              const uint32_t      k[WORDS],
              const struct point *p)
{
  struct point both;
  unsigned     bit = SCALAR_BITS;

  add (&both, &base, p);
  set_neutral (out);
  while (bit-- > 0)
    {
      unsigned in_s = scalar_bit (s, bit), in_k = scalar_bit (k, bit);

      twice (out, out);
      if (in_s || in_k)
        add (out, out, in_s && in_k ? &both : in_s ? &base : p);
    }
}

/* out = scalar - order; returns 1 when that was below nothing. */
static uint32_t
less_order (uint32_t out[WORDS], const uint32_t scalar[WORDS])
{
  uint64_t borrow = 0;
  unsigned i;

  for (i = 0; i < WORDS; i++)
    {
      borrow = (uint64_t)scalar[i] - order[i] - borrow;
      out[i] = (uint32_t)borrow;
      borrow = borrow >> 63;
    }
  return (uint32_t)borrow;
}

/* out = the 512 bits of `wide` modulo the order, bit by bit: short code, and little beside the
 * points. */
static void
reduce (uint32_t out[WORDS], const uint32_t wide[2 * WORDS])
{
  uint32_t rest[WORDS];
  unsigned bit = 64 * WORDS, i;

  memset (out, 0, WORDS * sizeof *out);
  while (bit-- > 0)
    {
      for (i = WORDS - 1; i > 0; i--)
        out[i] = out[i] << 1 | out[i - 1] >> 31;
      out[0] = out[0] << 1 | (wide[bit / 32] >> bit % 32 & 1u);
      mf_gf_choose (out, rest, 1 - less_order (rest, out));
    }
  mf_forget (rest, sizeof rest);
}

static void
read_words (uint32_t *out, const uint8_t *in, unsigned n)
{
  unsigned i;

  for (i = 0; i < n; i++)
    out[i] = mf_get32 (in + 4 * i);
}

/* The hash of one or two halves and the message, modulo the order. */
static void
hash_to_scalar (uint32_t               out[WORDS],
                const uint8_t          first[HALF],
                const uint8_t         *second,
                const struct mf_bytes *parts,
                size_t                 n_parts)
{
  uint8_t          digest[MF_SHA512_SIZE];
  uint32_t         wide[2 * WORDS];
  struct mf_sha512 hash;
  size_t           at;

  mf_sha512_init (&hash);
  mf_sha512_update (&hash, first, HALF);
  if (second != NULL)
    mf_sha512_update (&hash, second, HALF);
  for (at = 0; at < n_parts; at++)
    mf_sha512_update (&hash, parts[at].data, parts[at].size);
  mf_sha512_final (&hash, digest);
  read_words (wide, digest, 2 * WORDS);
  reduce (out, wide);
  mf_forget (digest, sizeof digest);
  mf_forget (wide, sizeof wide);
}

bool
mf_ed25519_verify (const uint8_t          signature[MF_ED25519_SIGNATURE_SIZE],
                   const uint8_t          key[MF_ED25519_KEY_SIZE],
                   const struct mf_bytes *parts,
                   size_t                 n_parts)
{
  struct point a, sum;
  uint32_t     s[WORDS], k[WORDS];
  uint8_t      r[HALF];
  mf_gf        zero;

  read_words (s, signature + HALF, WORDS);
  if (less_order (k, s) == 0 || !read_point (&a, key) || is_of_small_order (&a))
    return false;
  hash_to_scalar (k, signature, key, parts, n_parts);
  mf_gf_small (zero, 0);
  mf_gf_sub (a.x, zero, a.x);
  mf_gf_sub (a.t, zero, a.t);
  multiply_two (&sum, s, k, &a);
  write_point (r, &sum);
  return !is_of_small_order (&sum) && memcmp (r, signature, HALF) == 0;
}

/* The two halves of the seed's hash: the scalar, set and cleared where RFC 8032, 5.1.5, says, and
 * what the nonces are made of. */
static void
expand_seed (uint32_t scalar[WORDS], uint8_t prefix[HALF], const uint8_t seed[HALF])
{
  uint8_t          digest[MF_SHA512_SIZE];
  struct mf_sha512 hash;

  mf_sha512_init (&hash);
  mf_sha512_update (&hash, seed, HALF);
  mf_sha512_final (&hash, digest);
  read_words (scalar, digest, WORDS);
  scalar[0] &= 0xFFFFFFF8u;
  scalar[WORDS - 1] = (scalar[WORDS - 1] & 0x7FFFFFFFu) | 0x40000000u;
  memcpy (prefix, digest + HALF, HALF);
  mf_forget (digest, sizeof digest);
}

static void
write_multiple (uint8_t out[HALF], const uint32_t scalar[WORDS])
{
  struct point point;

  multiply_base (&point, scalar);
  write_point (out, &point);
  mf_forget (&point, sizeof point);
}

/* out = r + k * a modulo the order. */
static void
multiply_add (uint32_t       out[WORDS],
              const uint32_t r[WORDS],
              const uint32_t k[WORDS],
              const uint32_t a[WORDS])
{
  uint32_t wide[2 * WORDS] = { 0 };
  uint64_t carry;
  unsigned i, j;

  memcpy (wide, r, WORDS * sizeof *r);
  for (i = 0; i < WORDS; i++)
    {
      carry = 0;
      for (j = 0; j < WORDS; j++)
        {
          carry += (uint64_t)k[i] * a[j] + wide[i + j];
          wide[i + j] = (uint32_t)carry;
          carry >>= 32;
        }
      wide[i + WORDS] = (uint32_t)carry;
    }
  reduce (out, wide);
  mf_forget (wide, sizeof wide);
}

void
mf_ed25519_public_key (uint8_t key[MF_ED25519_KEY_SIZE], const uint8_t seed[MF_ED25519_SEED_SIZE])
{
  uint32_t scalar[WORDS];
  uint8_t  prefix[HALF];

  expand_seed (scalar, prefix, seed);
  write_multiple (key, scalar);
  mf_forget (scalar, sizeof scalar);
  mf_forget (prefix, sizeof prefix);
}

void
mf_ed25519_sign (uint8_t                signature[MF_ED25519_SIGNATURE_SIZE],
                 const uint8_t          seed[MF_ED25519_SEED_SIZE],
                 const struct mf_bytes *parts,
                 size_t                 n_parts)
{
  uint32_t a[WORDS], r[WORDS], k[WORDS], s[WORDS];
  uint8_t  prefix[HALF], key[HALF];
  unsigned i;

  expand_seed (a, prefix, seed);
  write_multiple (key, a);
  hash_to_scalar (r, prefix, NULL, parts, n_parts);
  write_multiple (signature, r);
  hash_to_scalar (k, signature, key, parts, n_parts);
  multiply_add (s, r, k, a);
  for (i = 0; i < WORDS; i++)
    mf_put32 (signature + HALF + 4 * i, s[i]);
  mf_forget (a, sizeof a);
  mf_forget (r, sizeof r);
  mf_forget (prefix, sizeof prefix);
}
