/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_i2c_pins.h"
#include "pico.h"
#include "pins.h"
#include "station.h"

/* What hangs on the Pico: a battery behind a divider of two equal resistors on GPIO 26, a DS18B20
 * on GPIO 15, a DHT22 on GPIO 14, an SHT3x on GPIO 5 (clock) and GPIO 4 (data), each of these lines
 * with a pull-up; a relay on GPIO 2, a light on GPIO 3. */

#define STEPS 1000u /* of the light's pulse width */
#define REFERENCE_MV 3300u

/* A line's `user` is the number of its pin. It is low or not driven, never high. */
static void
pull (void *user, bool low)
{
  unsigned pin = (unsigned)(uintptr_t)user;

  SIO_OUT_CLEAR = 1u << pin;
  if (low)
    SIO_OE_SET = 1u << pin;
  else
    SIO_OE_CLEAR = 1u << pin;
  PAD (pin) = PAD_LINE;
  GPIO_CTRL (pin) = FUNCTION_SIO;
}

static bool
is_high (void *user)
{
  return (SIO_IN >> (unsigned)(uintptr_t)user & 1) != 0;
}

static const struct mf_pin_ops pin_ops = { pull, is_high, pins_wait_us };

#define PIN(number) { &pin_ops, (void *)(number) }

static const struct mf_pin      probe = PIN (15), room = PIN (14);
static const struct mf_i2c_pins pins = { PIN (5), PIN (4) };
static const struct mf_i2c      bus = { &mf_i2c_pins_ops, (void *)&pins };

/* Channel 0 is GPIO 26, and so on to channel 3. */
static uint32_t
millivolts (unsigned channel)
{
  PAD (26 + channel) = PAD_ANALOG;
  ADC_CS = channel << 12 | 1u << 2 | 1;
  while (!(ADC_CS & 1u << 8))
    ;
  return (ADC_RESULT & 0xFFF) * REFERENCE_MV / 4095;
}

static const struct mf_voltage supply = { millivolts, 3, 200, 100 }; /* on the board */
static const struct mf_voltage battery = { millivolts, 0, 100, 100 };

static const struct mf_sensor sensors[] = { STATION_SUPPLY, STATION_BATTERY, STATION_AIR };

static void
switch_relay (unsigned number, uint16_t duty)
{
  if (duty > 0)
    SIO_OUT_SET = 1u << number;
  else
    SIO_OUT_CLEAR = 1u << number;
  SIO_OE_SET = 1u << number;
  GPIO_CTRL (number) = FUNCTION_SIO;
}

/* GPIO 3 is the second channel of its slice. */
static void
dim_light (unsigned number, uint16_t duty)
{
  PWM1_CC = station_steps (duty, STEPS) << 16;
  GPIO_CTRL (number) = FUNCTION_PWM;
}

static const struct mf_actuator actuators[] = { STATION_RELAY (switch_relay, 2),
                                                STATION_LIGHT (dim_light, 3) };

BOARD_PARTS (sensors, actuators);
