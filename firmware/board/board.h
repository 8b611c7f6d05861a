/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BOARD_H
#define BOARD_H

#include "mf_actuator.h"
#include "mf_boot.h"
#include "mf_sensor.h"

/*
 * What the port of a serial unit brings: a few functions, by name. unit.c is the program on top of
 * them, boot.c the boot program, update.c the update agent between the two.
 */

/* Bytes of a payload on the serial line; a port with little memory sets its own. */
#ifndef BOARD_PAYLOAD
#define BOARD_PAYLOAD 512
#endif
/* Samples that are kept while the gateway is away. */
#ifndef BOARD_SAMPLES
#define BOARD_SAMPLES 200
#endif

/* Two erase units for what the unit keeps. */
extern const struct mf_flash board_records;

/* What the bench has written for a node (node.c). */
extern const struct mf_flash board_bench;

/* Clocks, serial line, outputs, watchdog. */
void board_init (void);

/* Milliseconds since start; wraps. */
uint32_t board_ms (void);

void board_put (const uint8_t *bytes, size_t size);
/* A byte that came, or -1. */
int board_get (void);

/* The line to a modem, on boards that have a second one. */
void board_modem_put (const uint8_t *bytes, size_t size);
int  board_modem_get (void);

/* Ethernet, on boards that have it: whole frames without their check sum; receive() gives none by
 * 0. */
void   board_ethernet_start (const uint8_t mac[6]);
void   board_ethernet_send (const uint8_t *frame, size_t size);
size_t board_ethernet_receive (uint8_t *frame, size_t size);

/* Sleeps until a byte comes, or a millisecond or so has passed. */
void board_idle (void);

void                board_feed_watchdog (void);
void                board_reset (void);
enum mf_reset_cause board_reset_cause (void);
void                board_random (void *out, size_t size);

/* On boards that have a source of entropy: bytes that nobody can foretell. False: it gives none. */
bool board_entropy (void *out, size_t size);
/* UTC in milliseconds; false: the board has no clock that keeps it. */
bool board_wall_ms (uint64_t *utc_ms);

void board_led (bool on);

/* What hangs on the board: its tables, and room for what is known of each row. The first sensor is
 * the supply. */
struct board_parts
{
  const MF_ROM struct mf_sensor   *sensors;
  struct mf_sensor_state          *sensor_states;
  const MF_ROM struct mf_actuator *actuators;
  uint8_t                         *levels; /* what each actuator is */
  struct mf_unit_state            *states;
  struct mf_unit_config           *configs;
  uint8_t                          n_sensors, n_actuators;
};

extern const MF_ROM struct board_parts board_parts;

/* Metrics that every board has beside those of its parts. */
#define BOARD_METRICS 2u

#define BOARD_COUNT(table) (sizeof (table) / sizeof *(table))

/* Makes board_parts of two tables. */
#define BOARD_PARTS(sensors, actuators)                                                            \
  static struct mf_sensor_state sensor_states[BOARD_COUNT (sensors)];                              \
  static uint8_t                levels[BOARD_COUNT (actuators)];                                   \
  static struct mf_unit_state                                                                      \
    states[BOARD_METRICS + BOARD_COUNT (sensors) + BOARD_COUNT (actuators)];                       \
  static struct mf_unit_config                                                                     \
    configs[BOARD_METRICS + BOARD_COUNT (sensors) + BOARD_COUNT (actuators)];                      \
  const MF_ROM struct board_parts board_parts = { sensors,                                         \
                                                  sensor_states,                                   \
                                                  actuators,                                       \
                                                  levels,                                          \
                                                  states,                                          \
                                                  configs,                                         \
                                                  (uint8_t)BOARD_COUNT (sensors),                  \
                                                  (uint8_t)BOARD_COUNT (actuators) }

/* The relay and the light of a board that is a node of the site itself, or has no more. */
void board_relay (bool on);
void board_level (unsigned percent);

/* Bytes of the stack that were never used. */
uint32_t board_stack_free (void);

/* The name of the model, as images bear it, the hardware's and the firmware's version. */
extern const char board_model[];
extern const char board_hardware[];
extern const char board_version[];

/* What the boot loader says, and steps of an update: see mf_unit_ops. */
void                board_boot_state (void *user, struct mf_unit_boot *out);
enum mf_unit_status board_update (void                *user,
                                  enum mf_unit_message step,
                                  uint32_t             number,
                                  struct mf_bytes      bytes,
                                  uint32_t            *detail);

/* Called again and again: ends the trial of an image that nobody confirms. */
void board_watch_trial (void);

/* Where there are two slots: what boot.c and update.c work on, and which slot this program is in.
 * board_start() hands the processor over to a slot, under the watchdog: an image that stands still
 * before it starts that itself is not to be the last. */
extern const struct mf_boot_config board_boot_config;
unsigned                           board_slot (void);
void                               board_start (unsigned slot, const struct mf_image *image);

#endif
