/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "esp32c3.h"
#include "mf_i2c_pins.h"
#include "pins.h"
#include "station.h"

/* What hangs on the ESP32-C3: a DS18B20 on GPIO 6, a DHT22 on GPIO 7, an SHT3x on GPIO 10 (clock)
 * and GPIO 3 (data), each of these lines with a pull-up; a relay on GPIO 4, a light on GPIO 5. Its
 * converter is not used, for it says nothing without the calibration of its maker's libraries. */

#define STEPS 1024u /* of the light's pulse width */

/* A line's `user` is the number of its pin. It is low or not driven, never high. */
static void
pull (void *user, bool low)
{
  unsigned pin = (unsigned)(uintptr_t)user;

  if (!low)
    GPIO_ENABLE_CLEAR = 1u << pin;
  GPIO_OUT_CLEAR = 1u << pin;
  GPIO_OUT_SIGNAL (pin) = SIGNAL_GPIO;
  PAD (pin) = PAD_LINE;
  if (low)
    GPIO_ENABLE_SET = 1u << pin;
}

static bool
is_high (void *user)
{
  unsigned pin = (unsigned)(uintptr_t)user;

  PAD (pin) = PAD_LINE;
  return (GPIO_IN >> pin & 1) != 0;
}

static const struct mf_pin_ops pin_ops = { pull, is_high, pins_wait_us };

#define PIN(number) { &pin_ops, (void *)(number) }

static const struct mf_pin      probe = PIN (6), room = PIN (7);
static const struct mf_i2c_pins pins = { PIN (10), PIN (3) };
static const struct mf_i2c      bus = { &mf_i2c_pins_ops, (void *)&pins };

static uint32_t
nothing (unsigned channel)
{
  (void)channel;
  return 0;
}

static const struct mf_voltage supply = { nothing, 0, 0, 0 };

static const struct mf_sensor sensors[] = { STATION_SUPPLY, STATION_AIR };

static void
switch_relay (unsigned number, uint16_t duty)
{
  if (duty > 0)
    GPIO_OUT_SET = 1u << number;
  else
    GPIO_OUT_CLEAR = 1u << number;
  GPIO_OUT_SIGNAL (number) = SIGNAL_GPIO;
  PAD (number) = PAD_OUTPUT;
  GPIO_ENABLE_SET = 1u << number;
}

static void
dim_light (unsigned number, uint16_t duty)
{
  GPIO_OUT_SIGNAL (number) = SIGNAL_LEDC0;
  PAD (number) = PAD_OUTPUT;
  GPIO_ENABLE_SET = 1u << number;
  LEDC_CH0_DUTY = station_steps (duty, STEPS) << 4;
  LEDC_CH0_CONF1 = 1u << 31;
  LEDC_CH0_CONF0 = 1u << 4 | 1u << 2; /* takes it over, and is on */
}

static const struct mf_actuator actuators[] = { STATION_RELAY (switch_relay, 4),
                                                STATION_LIGHT (dim_light, 5) };

BOARD_PARTS (sensors, actuators);
