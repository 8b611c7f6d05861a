/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_octets.h"

uint16_t
mf_get16 (const uint8_t *in)
{
  return (uint16_t)((uint32_t)in[0] | (uint32_t)in[1] << 8);
}

uint32_t
mf_get32 (const uint8_t *in)
{
  return (uint32_t)in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 | (uint32_t)in[3] << 24;
}

void
mf_put16 (uint8_t *out, uint16_t value)
{
  out[0] = (uint8_t)value;
  out[1] = (uint8_t)(value >> 8);
}

void
mf_put32 (uint8_t *out, uint32_t value)
{
  mf_put16 (out, (uint16_t)value);
  mf_put16 (out + 2, (uint16_t)(value >> 16));
}

void
mf_forget (void *data, size_t size)
{
  volatile uint8_t *bytes = data;

  while (size-- > 0)
    bytes[size] = 0;
}
