/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMULATOR_H
#define EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * What every model of a board has: the serial line on a TCP port, flash in a file, a clock that can
 * run faster than the world's, and a power cut in the midst of the flash operation of one's choice.
 *
 *   --port N        listen there, on loopback; the line may be left and taken up again
 *   --flash FILE    what the flash holds; it is the memory itself, so it is right at any moment
 *   --cut-after N   after N whole operations the next one is done by half, and then the model ends
 *                   with status 75
 *   --count FILE    how many operations there were, written at the end
 *   --journal FILE  each operation when it begins: u32 offset, u32 size, then the bytes that lie
 *                   there when it was done by half, then those when it was done (little-endian)
 *   --clock FILE    always holds the microseconds of the board's clock, in the machine's order of
 *                   bytes
 *   --parts FILE    what the board's sensors feel, and what its outputs do: parts.h
 *
 * SIGUSR1 has the clock run EMULATOR_FAST times as fast, SIGUSR2 as fast as the world's again.
 * SIGHUP takes the power, and the next one gives it back: the line is left when it is gone, the
 * flash may be changed until it is back, and memory then holds anything.
 */

#define EMULATOR_FAST 30u
#define EMULATOR_CUT 75

struct emulator
{
  const char *flash_path, *count_path, *parts_path;
  FILE       *journal;
  uint8_t    *flash;
  size_t      flash_size;
  long        operations, cut_after; /* cut_after below 0: never */
  int         listener, client;      /* -1: nobody is there */
  uint8_t     queue[4096];
  size_t      queued, taken;
  uint8_t     out[1024];
  size_t      out_size;
  uint64_t    us, last_world_us; /* the board's clock, and the world's when it was looked at */
  uint64_t   *clock;             /* the board's, for who watches it */
  unsigned    speed;
};

/* Reads the options, which it ends the program over, maps the flash of `size` bytes, listens. */
void emulator_start (struct emulator *self, int argc, char **argv, size_t flash_size);

/* Memory that others see in the file `path`, which is made if need be; `own` where there is none.
 */
void *emulator_share (const char *path, void *own, size_t size);

/* Microseconds of the board's clock. */
uint64_t emulator_us (struct emulator *self);

/* The board's clock goes on by so much, whatever the world's does: of a board that counts the
 * microseconds of a pulse, it must not matter how busy this machine is. */
void emulator_tick (struct emulator *self, unsigned us);

/* The board has come no further than that, and its clock has not either: this machine is slow. */
void emulator_hold (struct emulator *self, uint64_t us);

/* Looks at the line; waits up to `wait_us` of the world's time for something to come. */
void emulator_poll (struct emulator *self, unsigned wait_us);

/* Bytes that came and were not taken yet. */
size_t  emulator_waiting (const struct emulator *self);
uint8_t emulator_take (struct emulator *self);

/* A byte from the board. Sent when the line is looked at, or when there are many. */
void emulator_put (struct emulator *self, uint8_t byte);

/* An operation on flash begins, which changes `size` bytes at `offset`: to `torn` if power fails in
 * it, to `whole` if not. Returns when it does not fail; to write `whole` is the caller's. */
void emulator_operation (struct emulator *self,
                         size_t           offset,
                         const void      *torn,
                         const void      *whole,
                         size_t           size);

/* Waits until the board has power. False: somebody asked the emulator to end; emulator_end() is
 * due. */
bool emulator_has_power (struct emulator *self);

/* Whether the board is to stand still: it has no power, or the emulator is to end. */
bool emulator_stops (void);
int  emulator_end (struct emulator *self, int status);

/* What memory holds when power comes: anything, and something else each time. */
void emulator_scramble (void *memory, size_t size);

#endif
