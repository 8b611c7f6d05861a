/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PARTS_H
#define PARTS_H

#include "line_sensors.h"

/*
 * What hangs on a model's pins: a DS18B20, a DHT22 and an SHT3x at the level of their lines, a
 * battery, a relay and a light. The file of --parts holds what they feel, which a test may change
 * at any time, and what the outputs do: words of 32 bits, in the machine's order of bytes.
 */
struct parts_world
{
  int32_t  probe_milli_c; /* the DS18B20's */
  uint32_t probe_fault;   /* enum line_fault */
  int32_t  room_deci_c;   /* the DHT22's */
  uint32_t room_deci_percent;
  uint32_t room_fault;
  int32_t  air_milli_c; /* the SHT3x's */
  uint32_t air_milli_percent;
  uint32_t air_fault;
  uint32_t battery_mv; /* before its divider */
  uint32_t relay;      /* the level of its pin; 2: nothing drives it */
  uint32_t light;      /* thousandths of the time that its pin is high; 2000: nothing drives it */
  uint32_t asked;      /* how many times the DS18B20 was told to measure */
};

enum parts_line
{
  PARTS_PROBE,
  PARTS_ROOM,
  PARTS_CLOCK,
  PARTS_DATA,
  PARTS_LINES,
};

struct parts
{
  struct parts_world *world;
  struct line_ds18b20 probe;
  struct line_dht22   room;
  struct line_sht3x   air;
  bool                low[PARTS_LINES]; /* by the board */
};

/* `path` NULL: nobody looks, and all is as on a mild day. */
void parts_start (struct parts *self, const char *path);

/* Power comes, to the board and to what hangs on it. */
void parts_power (struct parts *self);

/* The board pulls a line or lets it go, `us` microseconds after it had power. Ends the program over
 * a pulse that means nothing to its sensor. */
void parts_pull (struct parts *self, enum parts_line line, bool low, uint64_t us);

/* Whether the line is high. */
bool parts_is_high (struct parts *self, enum parts_line line, uint64_t us);

#endif
