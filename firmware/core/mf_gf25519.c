/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_gf25519.h"
#include "mf_octets.h"

#define N MF_GF_WORDS

void
mf_gf_small (mf_gf out, uint32_t value)
{
  memset (out, 0, sizeof (mf_gf));
  out[0] = value;
}

/* Adds 38 times `carry`, which is what 2^256 is modulo p. The second round cannot carry again:
 * whoever carried in the first is small now. */
static void
fold (mf_gf out, uint64_t carry)
{
  unsigned round, i;

  for (round = 0; round < 2; round++)
    {
      carry *= 38;
      for (i = 0; i < N; i++)
        {
          carry += out[i];
          out[i] = (uint32_t)carry;
          carry >>= 32;
        }
    }
}

void
mf_gf_add (mf_gf out, const mf_gf a, const mf_gf b)
{
  uint64_t carry = 0;
  unsigned i;

  for (i = 0; i < N; i++)
    {
      carry += (uint64_t)a[i] + b[i];
      out[i] = (uint32_t)carry;
      carry >>= 32;
    }
  fold (out, carry);
}

void
mf_gf_sub (mf_gf out, const mf_gf a, const mf_gf b)
{
  uint64_t borrow = 0;
  unsigned round, i;

  for (i = 0; i < N; i++)
    {
      borrow = (uint64_t)a[i] - b[i] - borrow;
      out[i] = (uint32_t)borrow;
      borrow = borrow >> 63;
    }
  for (round = 0; round < 2; round++)
    {
      borrow *= 38;
      for (i = 0; i < N; i++)
        {
          borrow = (uint64_t)out[i] - borrow;
          out[i] = (uint32_t)borrow;
          borrow = borrow >> 63;
        }
    }
}

void
mf_gf_mul (mf_gf out, const mf_gf a, const mf_gf b)
{
  uint32_t wide[2 * N] = { 0 };
  uint64_t carry;
  unsigned i, j;

  for (i = 0; i < N; i++)
    {
      carry = 0;
      for (j = 0; j < N; j++)
        {
          carry += (uint64_t)a[i] * b[j] + wide[i + j];
          wide[i + j] = (uint32_t)carry;
          carry >>= 32;
        }
      wide[i + N] = (uint32_t)carry;
    }
  carry = 0;
  for (i = 0; i < N; i++)
    {
      carry += (uint64_t)wide[i + N] * 38 + wide[i];
      out[i] = (uint32_t)carry;
      carry >>= 32;
    }
  fold (out, carry);
}

static void
square_often (mf_gf out, const mf_gf a, unsigned times)
{
  mf_gf_mul (out, a, a);
  while (--times > 0)
    mf_gf_mul (out, out, out);
}

/* a^(2^250 - 1) and a^11, the common beginning of both powers: the chain of curve25519. */
static void
long_power (mf_gf out, mf_gf eleven, const mf_gf a)
{
  static const uint8_t steps[][2] = { { 5, 0 },  { 10, 0 },  { 20, 1 }, { 10, 2 },
                                      { 50, 0 }, { 100, 1 }, { 50, 2 } };
  mf_gf                kept[2], turned;
  unsigned             i;

  square_often (kept[0], a, 1);        /* 2 */
  square_often (turned, kept[0], 2);   /* 8 */
  mf_gf_mul (turned, turned, a);       /* 9 */
  mf_gf_mul (eleven, turned, kept[0]); /* 11 */
  square_often (out, eleven, 1);       /* 22 */
  mf_gf_mul (out, out, turned);        /* 31 = 2^5 - 1 */
  for (i = 0; i < sizeof steps / sizeof *steps; i++)
    {
      /* From 2^n - 1 to 2^(n+s) - 1 with what is 2^s - 1: itself, or one that was kept. */
      if (steps[i][1] < 2)
        memcpy (kept[steps[i][1]], out, sizeof (mf_gf));
      square_often (turned, out, steps[i][0]);
      mf_gf_mul (out, turned, steps[i][1] == 1 ? kept[1] : kept[0]);
    }
}

void
mf_gf_root_power (mf_gf out, const mf_gf a)
{
  mf_gf power, eleven;

  long_power (power, eleven, a);
  square_often (power, power, 2);
  mf_gf_mul (out, power, a);
}

void
mf_gf_invert (mf_gf out, const mf_gf a)
{
  mf_gf power, eleven;

  long_power (power, eleven, a);
  square_often (power, power, 5);
  mf_gf_mul (out, power, eleven);
}

/* out = a - p, and whether that was below nothing: 1 or 0. */
static uint32_t
less_p (mf_gf out, const mf_gf a)
{
  uint64_t borrow = 0;
  unsigned i;

  for (i = 0; i < N; i++)
    {
      uint32_t p = i == 0 ? 0xFFFFFFEDu : i == N - 1 ? 0x7FFFFFFFu : 0xFFFFFFFFu;

      borrow = (uint64_t)a[i] - p - borrow;
      out[i] = (uint32_t)borrow;
      borrow = borrow >> 63;
    }
  return (uint32_t)borrow;
}

bool
mf_gf_read (mf_gf out, const uint8_t in[32])
{
  mf_gf    rest;
  unsigned i;

  for (i = 0; i < N; i++)
    out[i] = mf_get32 (in + 4 * i);
  out[N - 1] &= 0x7FFFFFFFu;
  return less_p (rest, out) == 1;
}

void
mf_gf_write (uint8_t out[32], const mf_gf a)
{
  mf_gf    value, rest;
  unsigned i;

  /* Any 256 bits are below 3p. */
  memcpy (value, a, sizeof value);
  for (i = 0; i < 2; i++)
    {
      uint32_t below = less_p (rest, value);

      mf_gf_choose (value, rest, 1 - below);
    }
  for (i = 0; i < N; i++)
    mf_put32 (out + 4 * i, value[i]);
}

bool
mf_gf_same (const mf_gf a, const mf_gf b)
{
  uint8_t first[32], second[32];

  mf_gf_write (first, a);
  mf_gf_write (second, b);
  return memcmp (first, second, sizeof first) == 0;
}

bool
mf_gf_is_odd (const mf_gf a)
{
  uint8_t bytes[32];

  mf_gf_write (bytes, a);
  return bytes[0] & 1;
}

void
mf_gf_choose (mf_gf out, const mf_gf a, uint32_t choose)
{
  unsigned i;

  for (i = 0; i < N; i++)
    out[i] ^= (out[i] ^ a[i]) & (0u - choose);
}
