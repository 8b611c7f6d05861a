/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_dht22.h"

#define START_US 1100u /* the host's low, "at least 1 ms" */
#define ANSWER_US 200u /* it answers 20 to 40 us later, with 80 us low and 80 us high */
#define BIT_US 120u    /* no half of a bit is longer: 50 us low, then 26 to 28 us high or 70 */
#define ONE_US 48u     /* between the two */
#define LOOK_US 2u
#define BYTES 5u

/* Waits until the line is as wanted: the time that took, or `most` if it did not happen. */
static uint32_t
until (const struct mf_pin *pin, bool high, uint32_t most)
{
  uint32_t passed;

  for (passed = 0; passed < most && pin->ops->is_high (pin->user) != high; passed += LOOK_US)
    pin->ops->wait_us (pin->user, LOOK_US);
  return passed < most ? passed : most;
}

/* The low of a bit is longer than the high of a 0, and shorter than that of a 1: compared with each
 * other, so that it does not matter how long a look takes on this board. False: no bit came. */
static bool
take_bit (const struct mf_pin *pin, uint8_t *byte)
{
  uint32_t low = until (pin, true, BIT_US), high = until (pin, false, BIT_US);

  *byte = (uint8_t)((unsigned)*byte << 1 | (high > low));
  return low < BIT_US && high < BIT_US;
}

static enum mf_sensed
judge (const uint8_t *bytes, int32_t *deci_c, uint32_t *deci_percent)
{
  uint32_t humidity = (uint32_t)bytes[0] << 8 | bytes[1];
  int32_t  temperature = (int32_t)(bytes[2] & 0x7F) << 8 | bytes[3];

  if (bytes[4] != (uint8_t)(bytes[0] + bytes[1] + bytes[2] + bytes[3]))
    return MF_SENSED_CORRUPT;
  if (bytes[2] & 0x80) /* sign and magnitude */
    temperature = -temperature;
  if (humidity > 1000 || temperature < -400 || temperature > 800)
    return MF_SENSED_RANGE;
  *deci_c = temperature;
  *deci_percent = humidity;
  return MF_SENSED;
}

enum mf_sensed
mf_dht22_read (const struct mf_pin *pin, int32_t *deci_c, uint32_t *deci_percent)
{
  uint8_t  bytes[BYTES] = { 0 };
  unsigned at;

  pin->ops->pull (pin->user, true);
  pin->ops->wait_us (pin->user, START_US);
  pin->ops->pull (pin->user, false);
  pin->ops->wait_us (pin->user, LOOK_US); /* the pull-up's */
  if (until (pin, false, ANSWER_US) == ANSWER_US || until (pin, true, ANSWER_US) == ANSWER_US ||
      until (pin, false, ANSWER_US) == ANSWER_US)
    return MF_SENSED_NO_ANSWER;
  for (at = 0; at < BYTES * 8; at++)
    if (!take_bit (pin, &bytes[at / 8]))
      return MF_SENSED_CORRUPT;
  return judge (bytes, deci_c, deci_percent);
}
