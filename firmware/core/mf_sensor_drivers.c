/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_dht22.h"
#include "mf_ds18b20.h"
#include "mf_sensor.h"
#include "mf_sht3x.h"

/* What of each kind of sensors a table can have. */

static enum mf_sensed
ds18b20_start (const MF_ROM struct mf_sensor *row)
{
  return mf_ds18b20_start (row->bus);
}

static enum mf_sensed
ds18b20_read (const MF_ROM struct mf_sensor *row, float *values)
{
  int32_t        milli_c = 0;
  enum mf_sensed sensed = mf_ds18b20_read (row->bus, &milli_c);

  values[0] = (float)milli_c / 1000;
  return sensed;
}

/* Five milliseconds more, for the time is taken before it is told to. */
const MF_ROM struct mf_sensor_driver mf_sensor_ds18b20 = { MF_DS18B20_MS + 5, 1000, ds18b20_start,
                                                           ds18b20_read };

static enum mf_sensed
dht22_read (const MF_ROM struct mf_sensor *row, float *values)
{
  int32_t        deci_c = 0;
  uint32_t       deci_percent = 0;
  enum mf_sensed sensed = mf_dht22_read (row->bus, &deci_c, &deci_percent);

  values[0] = (float)deci_c / 10;
  values[1] = (float)deci_percent / 10;
  return sensed;
}

/* What it tells now is old; but being asked, it measures. */
static enum mf_sensed
dht22_start (const MF_ROM struct mf_sensor *row)
{
  float values[2];

  return dht22_read (row, values) == MF_SENSED_NO_ANSWER ? MF_SENSED_NO_ANSWER : MF_SENSED;
}

const MF_ROM struct mf_sensor_driver mf_sensor_dht22 = { MF_DHT22_MS, MF_DHT22_MS, dht22_start,
                                                         dht22_read };

static enum mf_sensed
sht3x_start (const MF_ROM struct mf_sensor *row)
{
  return mf_sht3x_start (row->bus, row->address);
}

static enum mf_sensed
sht3x_read (const MF_ROM struct mf_sensor *row, float *values)
{
  int32_t        milli_c = 0;
  uint32_t       milli_percent = 0;
  enum mf_sensed sensed = mf_sht3x_read (row->bus, row->address, &milli_c, &milli_percent);

  values[0] = (float)milli_c / 1000;
  values[1] = (float)milli_percent / 1000;
  return sensed;
}

const MF_ROM struct mf_sensor_driver mf_sensor_sht3x = { MF_SHT3X_MS + 2, 1000, sht3x_start,
                                                         sht3x_read };

static enum mf_sensed
voltage_read (const MF_ROM struct mf_sensor *row, float *values)
{
  const struct mf_voltage *voltage = row->bus;
  uint32_t                 millivolts = voltage->millivolts (voltage->channel);

  if (voltage->upper > 0)
    millivolts = millivolts * ((uint32_t)voltage->upper + voltage->lower) / voltage->lower;
  values[0] = (float)millivolts / 1000;
  return millivolts > 0 ? MF_SENSED : MF_SENSED_NO_ANSWER;
}

const MF_ROM struct mf_sensor_driver mf_sensor_voltage = { 0, 0, NULL, voltage_read };
