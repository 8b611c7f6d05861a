/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PINS_H
#define PINS_H

#include <stdbool.h>
#include <stdint.h>

/* Sensors that are asked bit by bit keep the processor for some milliseconds, and a serial line
 * brings a byte every 87 microseconds: what comes while a pin is waited for is kept. With this, a
 * port's board_get() is here. */

/* What the port brings: microseconds, which wrap, and a byte that its line holds, or -1. */
uint16_t pins_us (void);
int      pins_line_get (void);

/* Waits at least so long, and at most a microsecond and a look longer: of struct mf_pin_ops. Up to
 * 65,000. */
void pins_wait_us (void *user, uint32_t us);

/* Whether something is kept: no time to sleep. */
bool pins_keep_bytes (void);

#endif
