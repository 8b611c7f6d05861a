/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "mf_records.h"
#include "mf_rom.h"

/* The program of a serial unit: its metrics, and the loop. */

enum channel
{
  UPTIME,
  SUPPLY,
  RELAY,
  LEVEL,
  STACK,
  N_CHANNELS,
};

static const MF_ROM struct mf_unit_metric metrics[N_CHANNELS] = {
  { "Uptime", "s", MF_TYPE_UINT32, false, false, 0, 0, 5000, 0, UPTIME },
  { "Supply", "V", MF_TYPE_FLOAT, false, false, 0, 0, 10000, 0.05f, SUPPLY },
  { "Output/Relay", "", MF_TYPE_BOOLEAN, true, false, 0, 0, 0, 0, RELAY },
  { "Output/Level", "%", MF_TYPE_UINT8, true, true, 0, 100, 0, 0, LEVEL },
  { "Diagnostics/Stack Free", "B", MF_TYPE_UINT32, false, false, 0, 0, 60000, 8, STACK },
};

static struct mf_unit        unit;
static struct mf_unit_state  states[N_CHANNELS];
static struct mf_unit_config configs[N_CHANNELS];
static struct mf_unit_sample samples[BOARD_SAMPLES];
static uint8_t               rx[MF_LINK_OVERHEAD + BOARD_PAYLOAD];
static uint8_t               tx[MF_LINK_OVERHEAD + BOARD_PAYLOAD];
static struct mf_records     records;
static uint8_t               level;
static bool                  relay;

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

/* Byte by byte, for on some boards constants are in a memory of their own. */
static void
describe (void *user, unsigned metric, struct mf_unit_metric *out)
{
  const MF_ROM uint8_t *from = (const MF_ROM uint8_t *)&metrics[metric];
  uint8_t              *to = (uint8_t *)out;
  size_t                at;

  (void)user;
  for (at = 0; at < sizeof *out; at++)
    to[at] = from[at];
}

static bool
read_channel (void *user, unsigned channel, union mf_unit_value *value)
{
  uint32_t supply;

  (void)user;
  switch ((enum channel)channel)
    {
    case UPTIME:
      value->u = board_ms () / 1000;
      return true;
    case SUPPLY:
      supply = board_supply ();
      value->f = (float)supply / 1000;
      return supply > 0;
    case RELAY:
      value->u = relay;
      return true;
    case LEVEL:
      value->u = level;
      return true;
    case STACK:
      value->u = board_stack_free ();
      return true;
    case N_CHANNELS:
    default:
      return false;
    }
}

static bool
write_channel (void *user, unsigned channel, const union mf_unit_value *value)
{
  (void)user;
  if (channel == RELAY)
    {
      relay = value->u != 0;
      board_relay (relay);
    }
  else
    {
      level = (uint8_t)value->u;
      board_level (level);
    }
  return true;
}

static void
identify (void *user, bool on)
{
  (void)user;
  board_led (on);
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
  const MF_ROM uint8_t *from = (const MF_ROM uint8_t *)&checks[index];
  uint8_t              *to = (uint8_t *)out;
  uint32_t              before = board_ms ();
  size_t                at;

  (void)user;
  if (index >= sizeof checks / sizeof *checks)
    return false;
  for (at = 0; at < sizeof *out; at++)
    to[at] = from[at];
  if (index == 0)
    {
      out->measured = (float)board_supply () / 1000;
      if (out->measured <= 0) /* this board cannot measure it: that is no fault */
        out->low = out->high = 0;
    }
  else if (index == 2)
    out->measured = (float)board_stack_free ();
  else
    {
      while (board_ms () == before)
        board_idle ();
      out->measured = (float)(board_ms () - before);
    }
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
  mf_records_init (&records, &board_records);
  mf_unit_init (&unit, &ops, NULL, &identity, states, configs, N_CHANNELS, samples, BOARD_SAMPLES,
                rx, sizeof rx, tx, sizeof tx);
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
