/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_I2C_PINS_H
#define MF_I2C_PINS_H

#include "mf_bus.h"

/* An I2C bus on two pins with pull-ups, bit by bit, at less than 100 kHz: NXP's UM10204. A slave
 * may stretch the clock for a millisecond. */

struct mf_i2c_pins
{
  struct mf_pin clock, data;
};

/* Of a struct mf_i2c whose `user` is a const struct mf_i2c_pins. A transfer begins with up to nine
 * clocks if a slave holds the data line, as one does whose master was reset while it read. */
extern const struct mf_i2c_ops mf_i2c_pins_ops;

#endif
