/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

/* What this compiler's library leaves to the chip's ROM. Bit by bit: nothing here is in a hurry. */

uint32_t __udivsi3 (uint32_t a, uint32_t b);
uint32_t __umodsi3 (uint32_t a, uint32_t b);
int32_t  __divsi3 (int32_t a, int32_t b);
int32_t  __modsi3 (int32_t a, int32_t b);
uint64_t __umulsidi3 (uint32_t a, uint32_t b);
int64_t  __muldi3 (int64_t a, int64_t b);

static uint32_t
divide (uint32_t a, uint32_t b, uint32_t *rest)
{
  uint32_t quotient = 0, left = 0;
  int      bit;

  for (bit = 31; bit >= 0; bit--)
    {
      left = left << 1 | (a >> bit & 1u);
      if (left >= b)
        {
          left -= b;
          quotient |= 1u << bit;
        }
    }
  *rest = left;
  return quotient;
}

uint32_t
__udivsi3 (uint32_t a, uint32_t b)
{
  uint32_t rest;

  return divide (a, b, &rest);
}

uint32_t
__umodsi3 (uint32_t a, uint32_t b)
{
  uint32_t rest;

  divide (a, b, &rest);
  return rest;
}

static uint32_t
magnitude (int32_t value)
{
  return value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
}

int32_t
__divsi3 (int32_t a, int32_t b)
{
  uint32_t quotient = __udivsi3 (magnitude (a), magnitude (b));

  return (int32_t)((a < 0) != (b < 0) ? 0u - quotient : quotient);
}

int32_t
__modsi3 (int32_t a, int32_t b)
{
  uint32_t rest = __umodsi3 (magnitude (a), magnitude (b));

  return (int32_t)(a < 0 ? 0u - rest : rest);
}

uint64_t
__umulsidi3 (uint32_t a, uint32_t b)
{
  uint32_t low = (a & 0xFFFF) * (b & 0xFFFF), high = (a >> 16) * (b >> 16);
  uint32_t middle = (a >> 16) * (b & 0xFFFF) + (low >> 16);
  uint32_t other = (a & 0xFFFF) * (b >> 16) + (middle & 0xFFFF);

  return (uint64_t)(high + (middle >> 16) + (other >> 16)) << 32 | (other << 16 | (low & 0xFFFF));
}

int64_t
__muldi3 (int64_t a, int64_t b)
{
  uint32_t a_low = (uint32_t)a, b_low = (uint32_t)b;
  uint32_t a_high = (uint32_t)((uint64_t)a >> 32), b_high = (uint32_t)((uint64_t)b >> 32);

  return (int64_t)(__umulsidi3 (a_low, b_low) +
                   ((uint64_t)(a_low * b_high + a_high * b_low) << 32));
}
