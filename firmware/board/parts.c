/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"

/* The parts of a board in an emulator that has no pins: a supply that cannot be measured, and the
 * relay and the light by name. */

static uint32_t
nothing (unsigned channel)
{
  (void)channel;
  return 0;
}

static void
switch_relay (unsigned number, uint16_t duty)
{
  (void)number;
  board_relay (duty > 0);
}

static void
dim_light (unsigned number, uint16_t duty)
{
  (void)number;
  board_level (((unsigned)duty * 100u + MF_OUTPUT_FULL / 2) / MF_OUTPUT_FULL);
}

static const struct mf_voltage supply = { nothing, 0, 0, 0 };

static const struct mf_sensor sensors[] = {
  { "Supply", "V", 10000, 0.05f, &mf_sensor_voltage, &supply, 0, 0 },
};

static const struct mf_actuator actuators[] = {
  { "Output/Relay", MF_ACTUATOR_SWITCH, false, 0, 0, 0, 0, switch_relay, 300 },
  { "Output/Level", MF_ACTUATOR_LIGHT, false, 0, 100, MF_CURVE_LINEAR, 0, dim_light, 0 },
};

BOARD_PARTS (sensors, actuators);
