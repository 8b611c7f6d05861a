/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_i2c_pins.h"
#include "pins.h"
#include "station.h"
#include "stm32.h"

/* What hangs on an STM32: a battery behind a divider of two equal resistors on PA1, a DS18B20
 * on PB12, a DHT22 on PB13, an SHT3x on PB6 (clock) and PB7 (data), each of these lines with a
 * pull-up; a relay on PB0, a light on PA6. */

#define STEPS 1000u /* of the light's timer */

static const struct line
{
  uint32_t port;
  unsigned pin;
} probe_line = { GPIOB, 12 }, room_line = { GPIOB, 13 }, clock_line = { GPIOB, 6 },
  data_line = { GPIOB, 7 };

static void
pull (void *user, bool low)
{
  const struct line *line = user;

  stm32_set_pin (line->port, line->pin, !low);
  stm32_set_mode (line->port, line->pin, GPIO_OPEN_DRAIN);
}

static bool
is_high (void *user)
{
  const struct line *line = user;

  return (GPIO_IDR (line->port) >> line->pin & 1) != 0;
}

static const struct mf_pin_ops pin_ops = { pull, is_high, pins_wait_us };

#define PIN(line) { &pin_ops, (void *)&(line) }

static const struct mf_pin      probe = PIN (probe_line), room = PIN (room_line);
static const struct mf_i2c_pins pins = { PIN (clock_line), PIN (data_line) };
static const struct mf_i2c      bus = { &mf_i2c_pins_ops, (void *)&pins };

static uint32_t
battery_millivolts (unsigned channel)
{
  stm32_set_mode (GPIOA, channel, GPIO_ANALOG);
  return stm32_millivolts (channel);
}

static const struct mf_voltage supply = { stm32_millivolts, STM32_REFERENCE, 0, 0 };
static const struct mf_voltage battery = { battery_millivolts, 1, 100, 100 };

static const struct mf_sensor sensors[] = { STATION_SUPPLY, STATION_BATTERY, STATION_AIR };

static void
switch_relay (unsigned number, uint16_t duty)
{
  stm32_set_pin (GPIOB, number, duty > 0);
  stm32_set_mode (GPIOB, number, GPIO_OUTPUT);
}

static void
dim_light (unsigned number, uint16_t duty)
{
  TIM3_CCR1 = station_steps (duty, STEPS);
  stm32_set_mode (GPIOA, number, GPIO_ALTERNATE);
}

static const struct mf_actuator actuators[] = { STATION_RELAY (switch_relay, 0),
                                                STATION_LIGHT (dim_light, 6) };

BOARD_PARTS (sensors, actuators);
