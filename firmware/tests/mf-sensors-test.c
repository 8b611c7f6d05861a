/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "line_sensors.h"
#include "mf_actuator.h"
#include "mf_dht22.h"
#include "mf_ds18b20.h"
#include "mf_i2c_pins.h"
#include "mf_sensor.h"
#include "mf_sht3x.h"

/* Drivers against sensors at the other end of a line, worked out from their data sheets alone:
 * ../emulators/line_sensors.h. They can be absent, silent half way, held low, and say what is
 * damaged or cannot be. */

typedef struct
{
  guint32             now; /* microseconds */
  gboolean            clock_low, data_low;
  struct line_ds18b20 probe;
  struct line_dht22   room;
  struct line_sht3x   air;
} Lines;

static void
wait_us (void *user, uint32_t us)
{
  Lines *self = user;

  self->now += us;
  self->probe.ms = self->air.ms = self->now / 1000;
}

static void
probe_pull (void *user, bool low)
{
  Lines *self = user;

  line_ds18b20_pull (&self->probe, low, self->now);
}

static bool
probe_is_high (void *user)
{
  Lines *self = user;

  return !self->probe.host_low && !line_ds18b20_is_low (&self->probe, self->now);
}

static const struct mf_pin_ops one_wire = { probe_pull, probe_is_high, wait_us };

static void
room_pull (void *user, bool low)
{
  Lines *self = user;

  line_dht22_pull (&self->room, low, self->now);
}

static bool
room_is_high (void *user)
{
  Lines *self = user;

  self->now++; /* looking takes a while, too */
  return !self->room.host_low && !line_dht22_is_low (&self->room, self->now);
}

static const struct mf_pin_ops dht = { room_pull, room_is_high, wait_us };

static void
clock_pull (void *user, bool low)
{
  Lines *self = user;

  self->clock_low = low;
  line_sht3x_pull (&self->air, self->clock_low, self->data_low);
}

static bool
clock_is_high (void *user)
{
  return !((Lines *)user)->clock_low;
}

static void
data_pull (void *user, bool low)
{
  Lines *self = user;

  self->data_low = low;
  line_sht3x_pull (&self->air, self->clock_low, self->data_low);
}

static bool
data_is_high (void *user)
{
  Lines *self = user;

  return !self->data_low && !line_sht3x_is_low (&self->air);
}

static const struct mf_pin_ops i2c_clock = { clock_pull, clock_is_high, wait_us };
static const struct mf_pin_ops i2c_data = { data_pull, data_is_high, wait_us };

static void
lines_start (Lines *self)
{
  *self = (Lines){ 0 };
  self->room.n_told = 40;
  self->air.address = MF_SHT3X_ADDRESS;
  line_ds18b20_start (&self->probe);
  line_dht22_start (&self->room);
  line_sht3x_start (&self->air);
}

static void
test_ds18b20 (void)
{
  /* table 1 of the data sheet */
  const struct
  {
    guint16 raw;
    gint32  milli_c;
  } rows[] = { { 0x07D0, 125000 }, { 0x0191, 25062 },  { 0x00A2, 10125 },
               { 0x0008, 500 },    { 0x0000, 0 },      { 0xFFF8, -500 },
               { 0xFF5E, -10125 }, { 0xFE6F, -25062 }, { 0xFC90, -55000 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Lines         lines;
      struct mf_pin pin = { &one_wire, &lines };
      int32_t       milli_c = 1;

      lines_start (&lines);
      lines.probe.sixteenths = (gint16)rows[i].raw;
      g_assert_cmpint (mf_ds18b20_start (&pin), ==, MF_SENSED);
      g_assert_cmpuint (lines.probe.conversions, ==, 1);
      g_assert_cmpuint (lines.now, <, 2500);
      lines.now += MF_DS18B20_MS * 1000;
      g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED);
      g_assert_cmpint (milli_c, ==, rows[i].milli_c);
      g_assert_cmpuint (lines.now, <, (MF_DS18B20_MS + 10) * 1000); /* what mf_sensor.h says */
      g_assert_cmpuint (lines.probe.wrong, ==, 0);
    }
}

static void
test_ds18b20_fails (void)
{
  Lines         lines;
  struct mf_pin pin = { &one_wire, &lines };
  int32_t       milli_c = 42;

  lines_start (&lines);
  lines.probe.fault = LINE_ABSENT;
  g_assert_cmpint (mf_ds18b20_start (&pin), ==, MF_SENSED_NO_ANSWER);
  g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED_NO_ANSWER);
  lines.probe.fault = LINE_SHORTED;
  g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED_NO_ANSWER);
  lines.probe.fault = LINE_GOOD; /* what it holds before it measured */
  g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED_RANGE);
  memset (lines.probe.pad, 0, 9); /* zeros, whose CRC is zero: a line that is held */
  g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED_CORRUPT);
  line_ds18b20_fill (lines.probe.pad, 126 * 16);
  g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED_RANGE);
  for (guint bit = 0; bit < 72; bit++) /* any one bit */
    {
      line_ds18b20_fill (lines.probe.pad, 20 * 16);
      lines.probe.pad[bit / 8] ^= (guint8)(1u << bit % 8);
      g_assert_cmpint (mf_ds18b20_read (&pin, &milli_c), ==, MF_SENSED_CORRUPT);
    }
  g_assert_cmpint (milli_c, ==, 42);
}

/* It tells what it found when it was asked before, which here is what it would find now. */
static enum mf_sensed
ask_dht (guint humidity, gint temperature, struct line_dht22 how, gint *deci_c, guint *deci_percent)
{
  Lines          lines;
  struct mf_pin  pin = { &dht, &lines };
  enum mf_sensed sensed;

  lines_start (&lines);
  lines.now = 5000;
  lines.room = how;
  lines.room.deci_c = (gint16)temperature;
  lines.room.deci_percent = (guint16)humidity;
  line_dht22_start (&lines.room);
  sensed = mf_dht22_read (&pin, deci_c, deci_percent);
  g_assert_cmpuint (lines.now, <, 5000 + 7000); /* what mf_sensor.h says */
  return sensed;
}

static void
test_dht22 (void)
{
  const struct line_dht22 good = { .n_told = 40 };
  gint                    deci_c = 7;
  guint                   deci_percent = 7;

  /* the examples of its data sheet */
  g_assert_cmpint (ask_dht (652, 351, good, &deci_c, &deci_percent), ==, MF_SENSED);
  g_assert_cmpint (deci_c, ==, 351);
  g_assert_cmpuint (deci_percent, ==, 652);
  g_assert_cmpint (ask_dht (652, -101, good, &deci_c, &deci_percent), ==, MF_SENSED);
  g_assert_cmpint (deci_c, ==, -101);
  g_assert_cmpint (ask_dht (1000, 800, good, &deci_c, &deci_percent), ==, MF_SENSED);
}

static void
test_dht22_fails (void)
{
  gint  deci_c = 7;
  guint deci_percent = 7;

  g_assert_cmpint (ask_dht (500, 200, (struct line_dht22){ .fault = LINE_ABSENT, .n_told = 40 },
                            &deci_c, &deci_percent),
                   ==, MF_SENSED_NO_ANSWER);
  g_assert_cmpint (ask_dht (500, 200, (struct line_dht22){ .fault = LINE_SHORTED }, &deci_c,
                            &deci_percent),
                   ==, MF_SENSED_NO_ANSWER);
  g_assert_cmpint (ask_dht (500, 200, (struct line_dht22){ .n_told = 0 }, &deci_c, &deci_percent),
                   ==, MF_SENSED_NO_ANSWER);
  for (guint n = 1; n < 40; n++)
    g_assert_cmpint (ask_dht (500, 200, (struct line_dht22){ .n_told = n }, &deci_c, &deci_percent),
                     ==, MF_SENSED_CORRUPT);
  g_assert_cmpint (ask_dht (500, 200, (struct line_dht22){ .n_told = 40, .fault = LINE_CORRUPT },
                            &deci_c, &deci_percent),
                   ==, MF_SENSED_CORRUPT);
  g_assert_cmpint (ask_dht (1001, 200, (struct line_dht22){ .n_told = 40 }, &deci_c, &deci_percent),
                   ==, MF_SENSED_RANGE);
  g_assert_cmpint (ask_dht (500, -401, (struct line_dht22){ .n_told = 40 }, &deci_c, &deci_percent),
                   ==, MF_SENSED_RANGE);
  g_assert_cmpint (deci_c, ==, 7);
}

static void
test_sht3x (void)
{
  Lines              lines;
  struct mf_i2c_pins pins = { { &i2c_clock, &lines }, { &i2c_data, &lines } };
  struct mf_i2c      bus = { &mf_i2c_pins_ops, &pins };
  int32_t            milli_c;
  uint32_t           milli_percent;

  lines_start (&lines);
  lines.air.address = 0x45;
  lines.air.words[0] = 0xBEEF; /* table 20's example of a CRC: 0x92 */
  lines.air.words[1] = 0xFFFF;
  g_assert_cmpint (mf_sht3x_start (&bus, MF_SHT3X_ADDRESS), ==, MF_SENSED_NO_ANSWER);
  g_assert_cmpint (mf_sht3x_read (&bus, 0x45, &milli_c, &milli_percent), ==, MF_SENSED_NO_ANSWER);
  lines.now = 0;
  g_assert_cmpint (mf_sht3x_start (&bus, 0x45), ==, MF_SENSED);
  g_assert_cmpuint (lines.now, <, 1000); /* what mf_sensor.h says */
  g_assert_cmphex (lines.air.answer[2], ==, 0x92);
  g_assert_cmpint (mf_sht3x_read (&bus, 0x45, &milli_c, &milli_percent), ==, MF_SENSED_NO_ANSWER);
  wait_us (&lines, MF_SHT3X_MS * 1000);
  g_assert_cmpint (mf_sht3x_read (&bus, 0x45, &milli_c, &milli_percent), ==, MF_SENSED);
  g_assert_cmpint (milli_c, ==, 85523); /* -45 + 175 * 48879 / 65535 */
  g_assert_cmpuint (milli_percent, ==, 100000);
  lines.air.words[0] = lines.air.words[1] = 0;
  g_assert_cmpint (mf_sht3x_start (&bus, 0x45), ==, MF_SENSED);
  wait_us (&lines, MF_SHT3X_MS * 1000);
  g_assert_cmpint (mf_sht3x_read (&bus, 0x45, &milli_c, &milli_percent), ==, MF_SENSED);
  g_assert_cmpint (milli_c, ==, -45000);
  g_assert_cmpuint (milli_percent, ==, 0);
  for (guint bit = 0; bit < 48; bit++)
    {
      g_assert_cmpint (mf_sht3x_start (&bus, 0x45), ==, MF_SENSED);
      wait_us (&lines, MF_SHT3X_MS * 1000);
      lines.air.answer[bit / 8] ^= (guint8)(1u << bit % 8);
      g_assert_cmpint (mf_sht3x_read (&bus, 0x45, &milli_c, &milli_percent), ==, MF_SENSED_CORRUPT);
    }
}

/* A slave whose master was reset in the midst of a read holds the data line: clocks set it free. */
static void
test_i2c_is_cleared (void)
{
  Lines              lines;
  struct mf_i2c_pins pins = { { &i2c_clock, &lines }, { &i2c_data, &lines } };
  struct mf_i2c      bus = { &mf_i2c_pins_ops, &pins };

  lines_start (&lines);
  g_assert_cmpint (mf_sht3x_start (&bus, MF_SHT3X_ADDRESS), ==, MF_SENSED);
  lines.air.state = SHT3X_READ;
  lines.air.byte = 0;
  lines.air.n_clocks = 0;
  clock_pull (&lines, true);
  clock_pull (&lines, false);
  g_assert_true (line_sht3x_is_low (&lines.air));
  g_assert_cmpint (mf_sht3x_start (&bus, MF_SHT3X_ADDRESS), ==, MF_SENSED);
  clock_pull (&lines, true); /* and one that holds the clock is given up */
  lines.air.fault = LINE_SHORTED;
  g_assert_cmpint (mf_sht3x_start (&bus, MF_SHT3X_ADDRESS), ==, MF_SENSED_NO_ANSWER);
}

/* --- the table --- */

static guint32 supply_mv;

static uint32_t
millivolts (unsigned channel)
{
  g_assert_cmpuint (channel, ==, 3);
  return supply_mv;
}

enum
{
  BATTERY,
  PROBE,
  ROOM_T,
  ROOM_H,
  AIR_T,
  AIR_H,
  N_ROWS,
};

typedef struct
{
  Lines                  lines;
  struct mf_pin          probe, room;
  struct mf_i2c_pins     pins;
  struct mf_i2c          bus;
  struct mf_voltage      voltage;
  struct mf_sensor       rows[N_ROWS];
  struct mf_sensor_state states[N_ROWS];
} Table;

static void
table_start (Table *self)
{
  const struct mf_sensor rows[N_ROWS] = {
    { "Battery", "V", 60000, 0.01f, &mf_sensor_voltage, &self->voltage, 0, 0 },
    { "Probe/Temperature", "°C", 10000, 0.1f, &mf_sensor_ds18b20, &self->probe, 0, 0 },
    { "Room/Temperature", "°C", 10000, 0.1f, &mf_sensor_dht22, &self->room, 0, 0 },
    { "Room/Humidity", "%", 10000, 0.1f, &mf_sensor_dht22, &self->room, 0, 1 },
    { "Air/Temperature", "°C", 10000, 0.1f, &mf_sensor_sht3x, &self->bus, MF_SHT3X_ADDRESS, 0 },
    { "Air/Humidity", "%", 10000, 0.1f, &mf_sensor_sht3x, &self->bus, MF_SHT3X_ADDRESS, 1 },
  };

  memset (self, 0, sizeof *self);
  lines_start (&self->lines);
  self->lines.now = 5000;
  self->probe = (struct mf_pin){ &one_wire, &self->lines };
  self->room = (struct mf_pin){ &dht, &self->lines };
  self->pins = (struct mf_i2c_pins){ { &i2c_clock, &self->lines }, { &i2c_data, &self->lines } };
  self->bus = (struct mf_i2c){ &mf_i2c_pins_ops, &self->pins };
  self->voltage = (struct mf_voltage){ millivolts, 3, 200, 100 };
  memcpy (self->rows, rows, sizeof rows);
}

/* Asks until there is an answer; how many milliseconds that took. */
static guint32
table_ask (Table *self, guint row, enum mf_reading wanted, float *value)
{
  guint32         begun = self->lines.now;
  enum mf_reading reading;

  while ((reading = mf_sensor_read (&self->rows[row], &self->states[row], self->lines.now / 1000,
                                    value)) == MF_READING_PENDING)
    {
      g_assert_cmpuint (self->lines.now - begun, <, 20 * 1000000);
      wait_us (&self->lines, 2000);
    }
  g_assert_cmpint (reading, ==, wanted);
  return (self->lines.now - begun) / 1000;
}

static void
test_table (void)
{
  Table   table;
  float   value = 0;
  guint32 before;

  table_start (&table);
  supply_mv = 1240;
  g_assert_cmpuint (table_ask (&table, BATTERY, MF_READING_GOOD, &value), ==, 0);
  g_assert_cmpfloat_with_epsilon (value, 3.72f, 0.0001);
  table.lines.probe.sixteenths = -10 * 16 - 2;
  g_assert_cmpuint (table_ask (&table, PROBE, MF_READING_GOOD, &value), >=, 750);
  g_assert_cmpfloat_with_epsilon (value, -10.125f, 0.0001);
  table.lines.air.words[0] = 0x6666; /* a part of 0.4 */
  table.lines.air.words[1] = 0x8000;
  g_assert_cmpuint (table_ask (&table, AIR_H, MF_READING_GOOD, &value), <, 25);
  g_assert_cmpfloat_with_epsilon (value, 50.0f, 0.001);
  before = table.lines.now; /* its other reading is of the same measurement */
  g_assert_cmpuint (table_ask (&table, AIR_T, MF_READING_GOOD, &value), ==, 0);
  g_assert_cmpfloat_with_epsilon (value, 25.0f, 0.001);
  g_assert_cmpuint (table.lines.now, ==, before);
}

/* What a DHT22 tells is what it found when it was asked before: not what was hours ago. */
static void
test_table_is_new (void)
{
  Table table;
  float value = 0;

  table_start (&table);
  table.lines.room.deci_c = 215;
  table.lines.room.deci_percent = 480;
  table_ask (&table, ROOM_T, MF_READING_GOOD, &value);
  g_assert_cmpfloat_with_epsilon (value, 21.5f, 0.0001);
  table.lines.room.deci_c = -73;
  table.lines.room.deci_percent = 655;
  wait_us (&table.lines, 10000000);
  table_ask (&table, ROOM_T, MF_READING_GOOD, &value);
  g_assert_cmpfloat_with_epsilon (value, -7.3f, 0.0001);
  table_ask (&table, ROOM_H, MF_READING_GOOD, &value);
  g_assert_cmpfloat_with_epsilon (value, 65.5f, 0.0001);
}

/* One failure is made good by the next try; three are told; the next time it is tried once. */
static void
test_table_fails (void)
{
  Table   table;
  float   value = 0;
  guint32 took;

  table_start (&table);
  table.lines.probe.sixteenths = 20 * 16;
  g_assert_cmpint (mf_sensor_read (&table.rows[PROBE], &table.states[PROBE], 5, &value), ==,
                   MF_READING_PENDING);
  table.lines.probe.fault = LINE_CORRUPT;
  wait_us (&table.lines, 760000);
  g_assert_cmpint (mf_sensor_read (&table.rows[PROBE], &table.states[PROBE], table.lines.now / 1000,
                                   &value),
                   ==, MF_READING_PENDING);
  table.lines.probe.fault = LINE_GOOD;
  table_ask (&table, PROBE, MF_READING_GOOD, &value);
  g_assert_cmpfloat_with_epsilon (value, 20.0f, 0.0001);

  wait_us (&table.lines, 10000000);
  table.lines.probe.fault = LINE_ABSENT;
  took = table_ask (&table, PROBE, MF_READING_BAD, &value);
  g_assert_cmpuint (took, >=, 2000);
  g_assert_cmpuint (took, <, 3000);
  for (guint again = 0; again < 300; again++)
    {
      wait_us (&table.lines, 10000000);
      g_assert_cmpuint (table_ask (&table, PROBE, MF_READING_BAD, &value), <, 10);
    }
  table.lines.probe.fault = LINE_GOOD;
  table.lines.probe.sixteenths = 21 * 16;
  wait_us (&table.lines, 10000000);
  table_ask (&table, PROBE, MF_READING_GOOD, &value);
  g_assert_cmpfloat_with_epsilon (value, 21.0f, 0.0001);

  supply_mv = 0;
  table_ask (&table, BATTERY, MF_READING_BAD, &value);
}

static void
test_table_describes (void)
{
  Table                 table;
  struct mf_unit_metric metric;

  table_start (&table);
  mf_sensor_describe (&table.rows[AIR_H], &metric);
  g_assert_cmpstr (metric.name, ==, "Air/Humidity");
  g_assert_cmpstr (metric.unit, ==, "%");
  g_assert_cmpint (metric.type, ==, MF_TYPE_FLOAT);
  g_assert_cmpuint (metric.period_ms, ==, 10000);
  g_assert_false (metric.writable);
}

/* --- actuators --- */

static gint outputs[4];

static void
set_output (unsigned number, uint16_t duty)
{
  outputs[number] = duty;
}

static void
test_actuators (void)
{
  const struct mf_actuator rows[] = {
    { "Output/Relay", MF_ACTUATOR_SWITCH, false, 0, 0, 0, 0, set_output, 60 },
    { "Output/Valve", MF_ACTUATOR_SWITCH, true, 0, 0, 0, 1, set_output, 0 },
    { "Output/Level", MF_ACTUATOR_LIGHT, false, 0, 100, MF_CURVE_LINEAR, 2, set_output, 0 },
    { "Output/Lamp", MF_ACTUATOR_LIGHT, true, 0, 80, MF_CURVE_LINEAR, 3, set_output, 0 },
  };
  struct mf_unit_metric metric;

  memset (outputs, 0xFF, sizeof outputs);
  g_assert_true (mf_actuator_write (&rows[0], 1));
  g_assert_cmpint (outputs[0], ==, MF_OUTPUT_FULL);
  g_assert_false (mf_actuator_write (&rows[0], 2));
  g_assert_cmpint (outputs[0], ==, MF_OUTPUT_FULL);
  g_assert_true (mf_actuator_write (&rows[1], 1)); /* it is on when low */
  g_assert_cmpint (outputs[1], ==, 0);
  g_assert_true (mf_actuator_write (&rows[1], 0));
  g_assert_cmpint (outputs[1], ==, MF_OUTPUT_FULL);
  g_assert_true (mf_actuator_write (&rows[2], 42));
  g_assert_cmpint (outputs[2], ==, 27524);
  g_assert_true (mf_actuator_write (&rows[3], 80));
  g_assert_cmpint (outputs[3], ==, MF_OUTPUT_FULL - 52428);
  g_assert_false (mf_actuator_write (&rows[3], 81));
  mf_actuator_describe (&rows[3], &metric);
  g_assert_cmpint (metric.type, ==, MF_TYPE_UINT8);
  g_assert_true (metric.writable && metric.has_range);
  g_assert_cmpfloat (metric.high, ==, 80);
  mf_actuator_describe (&rows[1], &metric);
  g_assert_cmpint (metric.type, ==, MF_TYPE_BOOLEAN);
}

/* Against the formula in floating point; and it never falls. */
static void
test_lightness (void)
{
  guint before = 0;

  for (guint percent = 0; percent <= 100; percent++)
    {
      double l = percent, y = l <= 8 ? l / 903.3 : pow ((l + 16) / 116, 3);
      guint  duty = mf_curve_duty (MF_CURVE_LIGHTNESS, percent);

      g_assert_cmpfloat_with_epsilon (duty, y * MF_OUTPUT_FULL, 1 + y * 30);
      g_assert_true (percent == 0 || duty > before);
      before = duty;
    }
  g_assert_cmpuint (before, ==, MF_OUTPUT_FULL);
  g_assert_cmpuint (mf_curve_duty (MF_CURVE_LIGHTNESS, 0), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ds18b20", test_ds18b20);
  g_test_add_func ("/ds18b20/fails", test_ds18b20_fails);
  g_test_add_func ("/dht22", test_dht22);
  g_test_add_func ("/dht22/fails", test_dht22_fails);
  g_test_add_func ("/sht3x", test_sht3x);
  g_test_add_func ("/i2c/is-cleared", test_i2c_is_cleared);
  g_test_add_func ("/table", test_table);
  g_test_add_func ("/table/is-new", test_table_is_new);
  g_test_add_func ("/table/fails", test_table_fails);
  g_test_add_func ("/table/describes", test_table_describes);
  g_test_add_func ("/actuators", test_actuators);
  g_test_add_func ("/actuators/lightness", test_lightness);
  return g_test_run ();
}
