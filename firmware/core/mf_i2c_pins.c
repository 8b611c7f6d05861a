/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_i2c_pins.h"

#define HALF_US 5u       /* table 10: low 4.7 us at least, high 4.0 us; set-up and hold are less */
#define STRETCH_US 1000u /* how long a slave may hold the clock */
#define CLEAR_CLOCKS 9   /* section 3.1.16 */

/* Both lines are let go, or held low, with the time that follows. */
static void
hold (const struct mf_pin *pin, bool low)
{
  pin->ops->pull (pin->user, low);
  pin->ops->wait_us (pin->user, HALF_US);
}

static bool
is_high (const struct mf_pin *pin)
{
  return pin->ops->is_high (pin->user);
}

/* The clock goes up, when the slave lets it. False: it does not. */
static bool
clock_up (const struct mf_i2c_pins *bus)
{
  unsigned waited;

  bus->clock.ops->pull (bus->clock.user, false);
  for (waited = 0; waited < STRETCH_US && !is_high (&bus->clock); waited += HALF_US)
    bus->clock.ops->wait_us (bus->clock.user, HALF_US);
  bus->clock.ops->wait_us (bus->clock.user, HALF_US);
  return waited < STRETCH_US;
}

static bool
clear (const struct mf_i2c_pins *bus)
{
  int clocks;

  for (clocks = 0; clocks < CLEAR_CLOCKS && !is_high (&bus->data); clocks++)
    {
      hold (&bus->clock, true);
      clock_up (bus);
    }
  return is_high (&bus->data) && is_high (&bus->clock);
}

static bool
start (const struct mf_i2c_pins *bus)
{
  if (!clear (bus))
    return false;
  hold (&bus->data, true);
  hold (&bus->clock, true);
  return true;
}

static void
stop (const struct mf_i2c_pins *bus)
{
  hold (&bus->data, true);
  clock_up (bus);
  hold (&bus->data, false);
}

/* One clock, with `out` on the data line; what was on it meanwhile. */
static bool
exchange (const struct mf_i2c_pins *bus, bool out, bool *good)
{
  bool in;

  hold (&bus->data, !out);
  *good = clock_up (bus) && *good;
  in = is_high (&bus->data);
  hold (&bus->clock, true);
  return in;
}

/* False: nobody acknowledged. */
static bool
send (const struct mf_i2c_pins *bus, unsigned byte)
{
  bool     good = true;
  unsigned bit;

  for (bit = 0; bit < 8; bit++, byte <<= 1)
    exchange (bus, (byte & 0x80) != 0, &good);
  return !exchange (bus, true, &good) && good;
}

static bool
receive (const struct mf_i2c_pins *bus, uint8_t *byte, bool more)
{
  bool     good = true;
  unsigned bit, in = 0;

  for (bit = 0; bit < 8; bit++)
    in = in << 1 | (exchange (bus, true, &good) ? 1u : 0u);
  exchange (bus, !more, &good);
  *byte = (uint8_t)in;
  return good;
}

static bool
write_bytes (void *user, uint8_t address, const uint8_t *bytes, size_t size)
{
  const struct mf_i2c_pins *bus = user;
  bool                      good = start (bus) && send (bus, (unsigned)address << 1);

  while (good && size-- > 0)
    good = send (bus, *bytes++);
  stop (bus);
  return good;
}

static bool
read_bytes (void *user, uint8_t address, uint8_t *bytes, size_t size)
{
  const struct mf_i2c_pins *bus = user;
  bool                      good = start (bus) && send (bus, (unsigned)address << 1 | 1u);

  while (good && size-- > 0)
    good = receive (bus, bytes++, size > 0);
  stop (bus);
  return good;
}

const struct mf_i2c_ops mf_i2c_pins_ops = { write_bytes, read_bytes };
