/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "mf_records.h"
#include "mf_rom.h"

/* The program of a serial unit: the metrics of what its port says hangs on it, and the loop. */

/* Numbers of metrics: uptime, supply, the actuators, the stack, then the other sensors; for units
 * that are out keep by number what they were told. */
enum
{
  UPTIME,
  SUPPLY,
  ACTUATORS,
};

static const MF_ROM struct mf_unit_metric uptime_metric = {
  "Uptime", "s", MF_TYPE_UINT32, false, false, 0, 0, 5000, 0, UPTIME, false, 0, 0
};
static const MF_ROM struct mf_unit_metric stack_metric = {
  "Diagnostics/Stack Free", "B", MF_TYPE_UINT32, false, false, 0, 0, 60000, 8, 0, false, 0, 0
};

static struct mf_unit        unit;
static struct mf_unit_sample samples[BOARD_SAMPLES];
static uint8_t               rx[MF_LINK_OVERHEAD + BOARD_PAYLOAD];
static uint8_t               tx[MF_LINK_OVERHEAD + BOARD_PAYLOAD];
static struct mf_records     records;

static uint32_t
now_ms (void *user)
{
  (void)user;
  return board_ms ();
}

static void
put (void *user, const uint8_t *bytes, size_t size)
{
  (void)user;
  board_put (bytes, size);
}

static void
draw (void *user, void *out, size_t size)
{
  (void)user;
  board_random (out, size);
}

static unsigned
stack_number (void)
{
  return ACTUATORS + board_parts.n_actuators;
}

/* The sensor that is the metric of that number; NULL: it is none. */
static const MF_ROM struct mf_sensor *
sensor_of (unsigned number)
{
  if (number == SUPPLY)
    return board_parts.sensors;
  return number > stack_number () ? board_parts.sensors + (number - stack_number ()) : NULL;
}

/* Byte by byte, for on some boards constants are in a memory of their own. */
static void
copy_rom (void *out, const MF_ROM void *in, size_t size)
{
  const MF_ROM uint8_t *from = in;
  uint8_t              *to = out;

  while (size-- > 0)
    *to++ = *from++;
}

static void
describe (void *user, unsigned metric, struct mf_unit_metric *out)
{
  const MF_ROM struct mf_sensor *sensor = sensor_of (metric);

  (void)user;
  if (sensor != NULL)
    mf_sensor_describe (sensor, out);
  else if (metric == UPTIME)
    copy_rom (out, &uptime_metric, sizeof *out);
  else if (metric == stack_number ())
    copy_rom (out, &stack_metric, sizeof *out);
  else
    mf_actuator_describe (board_parts.actuators + (metric - ACTUATORS), out);
  out->channel = (uint8_t)metric;
}

static enum mf_reading
read_channel (void *user, unsigned channel, union mf_unit_value *value)
{
  const MF_ROM struct mf_sensor *sensor = sensor_of (channel);

  (void)user;
  if (sensor != NULL)
    return mf_sensor_read (sensor, board_parts.sensor_states + (sensor - board_parts.sensors),
                           board_ms (), &value->f);
  if (channel == UPTIME)
    value->u = board_ms () / 1000;
  else if (channel == stack_number ())
    value->u = board_stack_free ();
  else
    value->u = board_parts.levels[channel - ACTUATORS];
  return MF_READING_GOOD;
}

static bool
set_level (unsigned actuator, uint32_t level)
{
  if (!mf_actuator_write (board_parts.actuators + actuator, level))
    return false;
  board_parts.levels[actuator] = (uint8_t)level;
  return true;
}

static bool
write_channel (void *user, unsigned channel, const union mf_unit_value *value)
{
  (void)user;
  return set_level (channel - ACTUATORS, value->u);
}

static void
make_safe (void)
{
  unsigned actuator;

  for (actuator = 0; actuator < board_parts.n_actuators; actuator++)
    set_level (actuator, board_parts.actuators[actuator].safe);
}

static void
identify (void *user, bool on)
{
  (void)user;
  board_led (on);
}

/* Volts; 0: this board cannot measure its supply. */
static float
supply (void)
{
  float value = 0;

  return mf_sensor_read (board_parts.sensors, board_parts.sensor_states, board_ms (), &value) ==
             MF_READING_GOOD
           ? value
           : 0;
}

/* The milliseconds that the clock was seen to go on by. */
static float
tick (void)
{
  uint32_t before = board_ms ();

  while (board_ms () == before)
    board_idle ();
  return (float)(board_ms () - before);
}

/* Measures one thing for the self-test. False: there are no more. */
static bool
check (void *user, unsigned index, struct mf_unit_check *out)
{
  static const MF_ROM struct mf_unit_check checks[] = {
    { "supply", false, 0, 2.7f, 5.5f },
    { "clock", false, 0, 1, 100 },
    { "stack free", false, 0, 32, 1e9f },
  };

  (void)user;
  if (index >= sizeof checks / sizeof *checks)
    return false;
  copy_rom (out, &checks[index], sizeof *out);
  out->measured = index == 0 ? supply () : index == 1 ? tick () : (float)board_stack_free ();
  if (index == 0 && out->measured <= 0) /* that is no fault */
    out->low = out->high = 0;
  out->passed = out->measured >= out->low && out->measured <= out->high;
  return true;
}

static bool
load (void *user, enum mf_unit_record record, void *data, size_t size)
{
  (void)user;
  return mf_records_get (&records, record, data, size);
}

static bool
save (void *user, enum mf_unit_record record, const void *data, size_t size)
{
  (void)user;
  return mf_records_set (&records, record, data, size);
}

static enum mf_reset_cause
reset_cause (void *user)
{
  (void)user;
  return board_reset_cause ();
}

static void
reset (void *user)
{
  (void)user;
  make_safe ();
  board_reset ();
}

static const struct mf_unit_ops ops = {
  now_ms, put,  draw, describe,         read_channel, write_channel, identify,
  check,  load, save, board_boot_state, board_update, reset_cause,   reset,
};

int
main (void)
{
  static const struct mf_unit_identity identity = { board_model, board_hardware, board_version };

  board_init ();
  make_safe ();
  mf_records_init (&records, &board_records);
  mf_unit_init (&unit, &ops, NULL, &identity, board_parts.states, board_parts.configs,
                BOARD_METRICS + board_parts.n_sensors + board_parts.n_actuators, samples,
                BOARD_SAMPLES, rx, sizeof rx, tx, sizeof tx);
  for (;;)
    {
      int byte;

      while ((byte = board_get ()) >= 0)
        {
          uint8_t one = (uint8_t)byte;

          mf_unit_bytes (&unit, &one, 1);
        }
      mf_unit_step (&unit);
      board_watch_trial ();
      board_feed_watchdog ();
      board_idle ();
    }
}
