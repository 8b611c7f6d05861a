/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdint.h>

/* What else this compiler's library leaves to the chip's ROM: IEEE 754 numbers of 32 bits from
 * integers, their sum and difference, rounded to nearest, ties to even. */

#define SIGN 0x80000000u
#define INFINITE 0x7F800000u
#define NOT_A_NUMBER 0x7FC00000u
#define HIDDEN (1u << 23)
#define GUARD                                                                                      \
  3u /* bits kept below the last one, of which the lowest stands for all that was lost */

union number
{
  float    f;
  uint32_t u;
};

float __floatunsisf (uint32_t value);
float __floatsisf (int32_t value);
float __addsf3 (float a, float b);
float __subsf3 (float a, float b);

/* `bits` to the right; what falls off stays in the lowest bit. */
static uint32_t
shift (uint32_t value, uint32_t bits)
{
  if (bits > 31)
    return value != 0;
  return value >> bits | ((value & ((1u << bits) - 1)) != 0);
}

/* Rounds a significand with its guard bits, whose first bit is the hidden one, or less where the
 * exponent is the smallest. */
static float
pack (uint32_t sign, uint32_t exponent, uint32_t significand)
{
  uint32_t     lost = significand & ((1u << GUARD) - 1), half = 1u << (GUARD - 1);
  union number out;

  significand >>= GUARD;
  if (lost > half || (lost == half && (significand & 1)))
    significand++;
  if (significand == HIDDEN << 1)
    {
      significand >>= 1;
      exponent++;
    }
  if (exponent >= 255)
    out.u = sign | INFINITE;
  else
    out.u = sign | (significand < HIDDEN ? 0 : exponent << 23) | (significand & (HIDDEN - 1));
  return out.f;
}

static float
from_magnitude (uint32_t sign, uint32_t value)
{
  uint32_t exponent = 127 + 31;
  uint32_t top = HIDDEN << GUARD;

  if (value == 0)
    return 0;
  while (!(value & SIGN))
    {
      value <<= 1;
      exponent--;
    }
  return pack (sign, exponent, top | (shift (value, 31 - 23 - GUARD) & (top - 1)));
}

float
__floatunsisf (uint32_t value)
{
  return from_magnitude (0, value);
}

float
__floatsisf (int32_t value)
{
  return value < 0 ? from_magnitude (SIGN, 0u - (uint32_t)value)
                   : from_magnitude (0, (uint32_t)value);
}

static uint32_t
exponent_of (uint32_t bits)
{
  uint32_t exponent = bits >> 23 & 0xFF;

  return exponent == 0 ? 1 : exponent;
}

static uint32_t
significand_of (uint32_t bits)
{
  return ((bits & (HIDDEN - 1)) | ((bits & INFINITE) != 0 ? HIDDEN : 0)) << GUARD;
}

/* Where one of both is infinite or no number. */
static float
add_special (uint32_t a, uint32_t b)
{
  union number out;

  out.u = NOT_A_NUMBER;
  if ((a & ~SIGN) > INFINITE || (b & ~SIGN) > INFINITE)
    return out.f;
  if ((a & ~SIGN) == INFINITE && ((b & ~SIGN) != INFINITE || a == b))
    out.u = a;
  else if ((a & ~SIGN) != INFINITE)
    out.u = b;
  return out.f;
}

static float
add (uint32_t a, uint32_t b)
{
  uint32_t exponent, sum, other;

  if ((a & INFINITE) == INFINITE || (b & INFINITE) == INFINITE)
    return add_special (a, b);
  if ((a & ~SIGN) < (b & ~SIGN))
    {
      other = a;
      a = b;
      b = other;
    }
  exponent = exponent_of (a);
  sum = significand_of (a);
  other = shift (significand_of (b), exponent - exponent_of (b));
  if (((a ^ b) & SIGN) == 0)
    sum += other;
  else
    sum -= other;
  if (sum == 0)
    return pack ((a ^ b) & SIGN ? 0 : a & SIGN, 0, 0);
  if (sum >= HIDDEN << (GUARD + 1))
    {
      sum = shift (sum, 1);
      exponent++;
    }
  while (sum < HIDDEN << GUARD && exponent > 1)
    {
      sum <<= 1;
      exponent--;
    }
  return pack (a & SIGN, exponent, sum);
}

float
__addsf3 (float a, float b)
{
  union number x, y;

  x.f = a;
  y.f = b;
  return add (x.u, y.u);
}

float
__subsf3 (float a, float b)
{
  union number x, y;

  x.f = a;
  y.f = b;
  return add (x.u, y.u ^ SIGN);
}
