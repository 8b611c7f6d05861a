/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_sht3x.h"

#define WORD 3u /* two bytes and their CRC */
#define CRC_POLYNOMIAL 0x31u
#define CRC_INIT 0xFFu
#define FULL_SCALE 65535u

/* Table 20. */
static uint8_t
crc8 (const uint8_t *bytes, size_t size)
{
  uint8_t crc = CRC_INIT;
  int     bit;

  while (size-- > 0)
    {
      crc ^= *bytes++;
      for (bit = 0; bit < 8; bit++)
        crc = (uint8_t)((unsigned)crc << 1 ^ (crc & 0x80 ? CRC_POLYNOMIAL : 0u));
    }
  return crc;
}

static bool
take_word (const uint8_t *bytes, uint32_t *word)
{
  *word = (uint32_t)bytes[0] << 8 | bytes[1];
  return crc8 (bytes, 2) == bytes[2];
}

/* `span` times what part of full scale the word is; both below 2^18, so in thousandths of 64 bits.
 */
static uint32_t
scale (uint32_t word, uint32_t span)
{
  return (uint32_t)(((uint64_t)word * span + FULL_SCALE / 2) / FULL_SCALE);
}

enum mf_sensed
mf_sht3x_start (const struct mf_i2c *bus, uint8_t address)
{
  static const uint8_t measure[] = { 0x24, 0x00 }; /* high repeatability, no clock stretching */

  return bus->ops->write (bus->user, address, measure, sizeof measure) ? MF_SENSED
                                                                       : MF_SENSED_NO_ANSWER;
}

enum mf_sensed
mf_sht3x_read (const struct mf_i2c *bus, uint8_t address, int32_t *milli_c, uint32_t *milli_percent)
{
  uint8_t  bytes[2 * WORD];
  uint32_t temperature, humidity;

  if (!bus->ops->read (bus->user, address, bytes, sizeof bytes))
    return MF_SENSED_NO_ANSWER;
  if (!take_word (bytes, &temperature) || !take_word (bytes + WORD, &humidity))
    return MF_SENSED_CORRUPT;
  *milli_c = (int32_t)scale (temperature, 175000) - 45000; /* section 4.13 */
  *milli_percent = scale (humidity, 100000);
  return MF_SENSED;
}
