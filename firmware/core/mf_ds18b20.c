/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_ds18b20.h"
#include "mf_octets.h"

#define SKIP_ROM 0xCCu
#define CONVERT 0x44u
#define READ_SCRATCHPAD 0xBEu
#define SCRATCHPAD 9u
#define CRC_POLYNOMIAL 0x8Cu /* x^8 + x^5 + x^4 + 1, the lowest bit first: "CRC generation" */
#define RESET_US 480u        /* a master's reset, and the least that it listens afterwards */
#define PRESENCE_US 70u /* presence begins 15 to 60 us after the reset, and lasts 60 at least */
#define SLOT_US 60u
#define RECOVERY_US 5u
#define ONE_US 6u    /* the low of a written 1: 1 to 15 us */
#define ASK_US 3u    /* that of a read: 1 us at least */
#define SAMPLE_US 5u /* what is read is valid for 15 us from the slot's start */

/* The value in the scratchpad after power came: a measurement that never was. */
#define POWER_ON_MILLI_C 85000
#define LOW_MILLI_C (-55000)
#define HIGH_MILLI_C 125000

static void
hold (const struct mf_pin *pin, bool low, uint32_t us)
{
  pin->ops->pull (pin->user, low);
  pin->ops->wait_us (pin->user, us);
}

/* False: nobody is there, or the line is held low. */
static bool
reset (const struct mf_pin *pin)
{
  bool is_there;

  if (!pin->ops->is_high (pin->user))
    return false;
  hold (pin, true, RESET_US);
  hold (pin, false, PRESENCE_US);
  is_there = !pin->ops->is_high (pin->user);
  pin->ops->wait_us (pin->user, RESET_US - PRESENCE_US);
  return is_there && pin->ops->is_high (pin->user);
}

static void
write_byte (const struct mf_pin *pin, uint8_t byte)
{
  unsigned bit;

  for (bit = 0; bit < 8; bit++, byte >>= 1)
    {
      hold (pin, true, byte & 1 ? ONE_US : SLOT_US);
      hold (pin, false, byte & 1 ? SLOT_US : RECOVERY_US);
    }
}

static uint8_t
read_byte (const struct mf_pin *pin)
{
  uint8_t  byte = 0;
  unsigned bit;

  for (bit = 0; bit < 8; bit++)
    {
      hold (pin, true, ASK_US);
      hold (pin, false, SAMPLE_US);
      byte = (uint8_t)(byte >> 1 | (pin->ops->is_high (pin->user) ? 0x80 : 0));
      pin->ops->wait_us (pin->user, SLOT_US);
    }
  return byte;
}

static uint8_t
crc8 (const uint8_t *bytes, size_t size)
{
  uint8_t crc = 0;
  int     bit;

  while (size-- > 0)
    {
      crc ^= *bytes++;
      for (bit = 0; bit < 8; bit++)
        crc = (uint8_t)((unsigned)crc >> 1 ^ (crc & 1 ? CRC_POLYNOMIAL : 0u));
    }
  return crc;
}

enum mf_sensed
mf_ds18b20_start (const struct mf_pin *pin)
{
  if (!reset (pin))
    return MF_SENSED_NO_ANSWER;
  write_byte (pin, SKIP_ROM);
  write_byte (pin, CONVERT);
  return MF_SENSED;
}

enum mf_sensed
mf_ds18b20_read (const struct mf_pin *pin, int32_t *milli_c)
{
  uint8_t  pad[SCRATCHPAD], any = 0;
  unsigned at;
  int32_t  found;

  if (!reset (pin))
    return MF_SENSED_NO_ANSWER;
  write_byte (pin, SKIP_ROM);
  write_byte (pin, READ_SCRATCHPAD);
  for (at = 0; at < SCRATCHPAD; at++)
    any |= pad[at] = read_byte (pin);
  /* a line that is held low reads as zeros, whose CRC is zero */
  if (any == 0 || crc8 (pad, SCRATCHPAD - 1) != pad[SCRATCHPAD - 1])
    return MF_SENSED_CORRUPT;
  found = (int32_t)(int16_t)mf_get16 (pad) * 625 / 10; /* sixteenths of a degree */
  if (found < LOW_MILLI_C || found > HIGH_MILLI_C || found == POWER_ON_MILLI_C)
    return MF_SENSED_RANGE;
  *milli_c = found;
  return MF_SENSED;
}
