/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"

/* A board in an emulator that has nothing but its processor, a serial line and flash. */

void
board_feed_watchdog (void)
{
}

void
board_relay (bool on)
{
  (void)on;
}

void
board_level (unsigned percent)
{
  (void)percent;
}

void
board_led (bool on)
{
  (void)on;
}
