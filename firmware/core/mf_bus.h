/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_BUS_H
#define MF_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What sensors and outputs hang on, as a board brings it. */

/* A pin with a pull-up, which is pulled low or let go; both ends may pull. `wait_us` waits at least
 * so long, and no more than a few microseconds longer, or the other side is not understood: a board
 * with interrupts keeps them away for the length of a slot. */
struct mf_pin_ops
{
  void (*pull) (void *user, bool low);
  bool (*is_high) (void *user);
  void (*wait_us) (void *user, uint32_t us);
};

struct mf_pin
{
  const struct mf_pin_ops *ops;
  void                    *user;
};

/* An I2C bus with this as its master. False: nobody acknowledged. */
struct mf_i2c_ops
{
  bool (*write) (void *user, uint8_t address, const uint8_t *bytes, size_t size);
  bool (*read) (void *user, uint8_t address, uint8_t *bytes, size_t size);
};

struct mf_i2c
{
  const struct mf_i2c_ops *ops;
  void                    *user;
};

/* What came of a measurement. */
enum mf_sensed
{
  MF_SENSED,
  MF_SENSED_NO_ANSWER, /* it is not there, or does not speak */
  MF_SENSED_CORRUPT,   /* what came fails its check */
  MF_SENSED_RANGE,     /* it passes, and cannot be: a sensor that has just started, or is broken */
};

#endif
