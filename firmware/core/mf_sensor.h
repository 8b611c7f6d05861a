/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_SENSOR_H
#define MF_SENSOR_H

#include "mf_bus.h"
#include "mf_rom.h"
#include "mf_unit.h"

/*
 * A unit's sensors behind a table: a row for each of their readings, which is a metric. A sensor is
 * measured when one of its metrics is due, and nobody waits for it: it is started, and asked when
 * it is done. One that fails is tried twice more before its readings are bad.
 *
 * What a driver keeps the processor for: the DS18B20 2 ms to start it and 7 ms to read it, a second
 * later at the earliest; the DHT22 twice 7 ms, two seconds apart, for it tells what it found when
 * it was asked before; the SHT3x 1 ms to start it and 1 ms to read it; a voltage one conversion.
 */

#ifndef MF_SENSOR_READINGS /* a board whose sensors have one reading each may say so */
#define MF_SENSOR_READINGS 2u
#endif
#define MF_SENSOR_TRIES 3u

struct mf_sensor_driver;

/* One reading of a sensor. */
struct mf_sensor
{
  char     name[MF_UNIT_NAME_MAX]; /* of its metric: a float */
  char     unit[MF_UNIT_UNIT_MAX];
  uint32_t period_ms; /* until the gateway wants another */
  float    deadband;

  const MF_ROM struct mf_sensor_driver *driver;
  const void *bus;     /* struct mf_pin, struct mf_i2c or struct mf_voltage, as the driver says */
  uint8_t     address; /* on an I2C bus */
  uint8_t     reading; /* which of the sensor's; its first is so many rows before */
};

/* A kind of sensors. A driver without start() is asked at once. */
struct mf_sensor_driver
{
  uint16_t measures_ms; /* from start to read */
  uint16_t rests_ms;    /* what it told is as good as new so long, and it is not asked again */
  enum mf_sensed (*start) (const MF_ROM struct mf_sensor *row);
  enum mf_sensed (*read) (const MF_ROM struct mf_sensor *row, float *values);
};

/* A voltage behind a divider, in millivolts before it; 0: it cannot be measured. */
struct mf_voltage
{
  uint32_t (*millivolts) (unsigned channel);
  uint8_t  channel;
  uint16_t upper, lower; /* the divider's resistors, in any unit; an upper of 0: there is none */
};

/* What a row's `bus` is, and what its readings are: */
extern const MF_ROM struct mf_sensor_driver mf_sensor_ds18b20; /* struct mf_pin: °C */
extern const MF_ROM struct mf_sensor_driver mf_sensor_dht22;   /* struct mf_pin: °C, % */
extern const MF_ROM struct mf_sensor_driver mf_sensor_sht3x;   /* struct mf_i2c: °C, % */
extern const MF_ROM struct mf_sensor_driver mf_sensor_voltage; /* struct mf_voltage: V */

/* What is known of a sensor; at the row of its first reading. Zeros at the start. */
struct mf_sensor_state
{
  float    values[MF_SENSOR_READINGS];
  uint32_t since_ms;     /* when it was started, or told or failed to */
  uint8_t  doing : 2;    /* nothing, measuring, resting before it is tried again */
  uint8_t  failures : 3; /* one after another, MF_SENSOR_TRIES at most */
  uint8_t  told : 1;     /* it was measured at least once, well or not */
};

/* What the metric of a row is; `channel` is the caller's. */
void mf_sensor_describe (const MF_ROM struct mf_sensor *row, struct mf_unit_metric *out);

/* Goes on with measuring for the row, whose state is at the same place of its table. GOOD: `value`
 * was measured just now, or not longer ago than the driver's rests_ms. */
enum mf_reading mf_sensor_read (const MF_ROM struct mf_sensor *row,
                                struct mf_sensor_state        *state,
                                uint32_t                       now_ms,
                                float                         *value);

#endif
