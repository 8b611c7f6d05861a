/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_crc32.h"

uint32_t
mf_crc32 (uint32_t crc, const void *data, size_t size)
{
  const uint8_t *bytes = data;
  size_t         at;
  int            bit;

  crc = ~crc;
  for (at = 0; at < size; at++)
    {
      crc ^= bytes[at];
      for (bit = 0; bit < 8; bit++)
        crc = crc & 1u ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
    }
  return ~crc;
}
