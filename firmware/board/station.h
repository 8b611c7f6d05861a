/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STATION_H
#define STATION_H

#include "board.h"

/*
 * The rows of what a board with pins has in its reference build. A site that hangs other parts on a
 * board writes other rows into the board's parts.c: there is nothing else to change. The port has
 * static constants of these names: the mf_voltage `supply` and `battery`, the mf_pin `probe` (a
 * DS18B20) and `room` (a DHT22), the mf_i2c `bus` (an SHT3x). A part that is not there is a metric
 * without a value.
 */

#define STATION_SUPPLY { "Supply", "V", 10000, 0.05f, &mf_sensor_voltage, &supply, 0, 0 }

#define STATION_BATTERY { "Battery", "V", 60000, 0.02f, &mf_sensor_voltage, &battery, 0, 0 }

#define STATION_AIR                                                                                \
  { "Probe/Temperature", "°C", 10000, 0.1f, &mf_sensor_ds18b20, &probe, 0, 0 },                    \
    { "Room/Temperature", "°C", 10000, 0.1f, &mf_sensor_dht22, &room, 0, 0 },                      \
    { "Room/Humidity", "%", 10000, 0.5f, &mf_sensor_dht22, &room, 0, 1 },                          \
    { "Air/Temperature", "°C", 10000, 0.1f, &mf_sensor_sht3x, &bus, 0x44, 0 },                     \
    { "Air/Humidity", "%", 10000, 0.5f, &mf_sensor_sht3x, &bus, 0x44, 1 }

/* A relay that is on when its pin is high, and off at start and five minutes after its gateway was
 * heard last; a light, even to the eye, that stays as it is. */
#define STATION_RELAY(output, number)                                                              \
  { "Output/Relay", MF_ACTUATOR_SWITCH, false, 0, 0, 0, number, output, 300 }

#define STATION_LIGHT(output, number)                                                              \
  { "Output/Level", MF_ACTUATOR_LIGHT, false, 0, 100, MF_CURVE_LIGHTNESS, number, output, 0 }

/* A light's duty in steps of its pulse width. */
static inline uint32_t
station_steps (uint16_t duty, uint32_t steps)
{
  return ((uint32_t)duty * steps + MF_OUTPUT_FULL / 2) / MF_OUTPUT_FULL;
}

#endif
