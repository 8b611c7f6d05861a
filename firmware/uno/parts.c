/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/delay_basic.h>

#include "board.h"
#include "uno.h"

/* What hangs on the Uno: a DS18B20 with a pull-up on pin 2, a relay on pin 7, a light on pin 6. */

#define BANDGAP_MV 1100ul
#define LOOPS_PER_US 4u /* of four cycles */
#define CALLS_US 6u     /* what it takes to get here and back to the pin */
#define SLOT_US 20u     /* nothing that is shorter may be stretched */

/* An interrupt in a slot would make another bit of it: they wait until the next long pause. */
static void
pull (void *user, bool low)
{
  (void)user;
  cli ();
  if (low)
    DDRD |= _BV (PD2);
  else
    DDRD &= (uint8_t)~_BV (PD2);
}

static bool
is_high (void *user)
{
  (void)user;
  return (PIND & _BV (PD2)) != 0;
}

static void
wait_us (void *user, uint32_t us)
{
  uint16_t left = (uint16_t)us;

  (void)user;
  if (left <= CALLS_US)
    return;
  if (left >= SLOT_US)
    sei ();
  _delay_loop_2 ((uint16_t)(left - CALLS_US) * LOOPS_PER_US);
}

static const struct mf_pin_ops pin_ops = { pull, is_high, wait_us };
static const struct mf_pin     probe = { &pin_ops, NULL };

static uint32_t
supply_millivolts (unsigned channel)
{
  uint16_t reading;

  (void)channel;
  uno_convert (); /* the first after a pause is not to be trusted */
  reading = uno_convert ();
  return reading == 0 ? 0 : BANDGAP_MV * 1023 / reading;
}

static const struct mf_voltage supply = { supply_millivolts, 0, 0, 0 };

static const MF_ROM struct mf_sensor sensors[] = {
  { "Supply", "V", 10000, 0.05f, &mf_sensor_voltage, &supply, 0, 0 },
  { "Probe/Temperature", "°C", 10000, 0.1f, &mf_sensor_ds18b20, &probe, 0, 0 },
};

static void
switch_relay (unsigned number, uint16_t duty)
{
  (void)number;
  DDRD |= _BV (PD7);
  if (duty > 0)
    PORTD |= _BV (PD7);
  else
    PORTD &= (uint8_t)~_BV (PD7);
}

/* The timer's narrowest pulse is one step of 256: without it there is none. */
static void
dim_light (unsigned number, uint16_t duty)
{
  (void)number;
  DDRD |= _BV (PD6);
  OCR0A = (uint8_t)(duty >> 8);
  if (duty > 0)
    TCCR0A |= _BV (COM0A1);
  else
    TCCR0A &= (uint8_t)~_BV (COM0A1);
}

static const MF_ROM struct mf_actuator actuators[] = {
  { "Output/Relay", MF_ACTUATOR_SWITCH, false, 0, 0, 0, 0, switch_relay, 300 },
  { "Output/Level", MF_ACTUATOR_LIGHT, false, 0, 100, MF_CURVE_LINEAR, 0, dim_light, 0 },
};

BOARD_PARTS (sensors, actuators);
