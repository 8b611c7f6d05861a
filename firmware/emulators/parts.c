/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <err.h>

#include "emulator.h"
#include "parts.h"

static const struct parts_world mild = {
  .probe_milli_c = 18500,
  .room_deci_c = 215,
  .room_deci_percent = 480,
  .air_milli_c = 22000,
  .air_milli_percent = 45000,
  .battery_mv = 3700,
};

/* What the sensors would measure now. */
static void
feel (struct parts *self, uint64_t us)
{
  const struct parts_world *world = self->world;

  self->probe.ms = self->air.ms = us / 1000;
  self->probe.fault = world->probe_fault;
  self->probe.sixteenths = (int16_t)(world->probe_milli_c * 16 / 1000);
  self->room.fault = world->room_fault;
  self->room.deci_c = (int16_t)world->room_deci_c;
  self->room.deci_percent = (uint16_t)world->room_deci_percent;
  self->air.fault = world->air_fault;
  self->air.words[0] = (uint16_t)((world->air_milli_c + 45000ll) * 65535 / 175000);
  self->air.words[1] = (uint16_t)(world->air_milli_percent * 65535ull / 100000);
}

void
parts_start (struct parts *self, const char *path)
{
  static struct parts_world own;

  own = mild;
  self->world = emulator_share (path, &own, sizeof own);
  self->room.n_told = 40;
  self->air.address = 0x44;
}

void
parts_power (struct parts *self)
{
  unsigned line;

  for (line = 0; line < PARTS_LINES; line++)
    self->low[line] = false;
  feel (self, 0);
  line_ds18b20_start (&self->probe);
  line_dht22_start (&self->room);
  line_sht3x_start (&self->air);
}

void
parts_pull (struct parts *self, enum parts_line line, bool low, uint64_t us)
{
  if (self->low[line] == low)
    return;
  self->low[line] = low;
  feel (self, us);
  if (line == PARTS_PROBE)
    line_ds18b20_pull (&self->probe, low, (uint32_t)us);
  else if (line == PARTS_ROOM)
    line_dht22_pull (&self->room, low, (uint32_t)us);
  else
    line_sht3x_pull (&self->air, self->low[PARTS_CLOCK], self->low[PARTS_DATA]);
  self->world->asked = self->probe.conversions;
  if (self->probe.wrong > 0)
    errx (1, "a pulse on the 1-Wire bus means nothing");
}

bool
parts_is_high (struct parts *self, enum parts_line line, uint64_t us)
{
  bool pulled = false;

  feel (self, us);
  if (line == PARTS_PROBE)
    pulled = line_ds18b20_is_low (&self->probe, (uint32_t)us);
  else if (line == PARTS_ROOM)
    pulled = line_dht22_is_low (&self->room, (uint32_t)us);
  else if (line == PARTS_DATA)
    pulled = line_sht3x_is_low (&self->air);
  return !pulled && !self->low[line];
}
