/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "pins.h"

#define KEPT 128u /* more than come while the slowest sensor is asked */

static uint8_t kept[KEPT], kept_in, kept_out;

static void
keep_byte (void)
{
  uint8_t next = (uint8_t)((kept_in + 1u) % KEPT);
  int     byte = next == kept_out ? -1 : pins_line_get ();

  if (byte < 0)
    return;
  kept[kept_in] = (uint8_t)byte;
  kept_in = next;
}

void
pins_wait_us (void *user, uint32_t us)
{
  uint16_t start = pins_us ();

  (void)user;
  while ((uint16_t)(pins_us () - start) <= us)
    keep_byte ();
}

bool
pins_keep_bytes (void)
{
  return kept_in != kept_out;
}

int
board_get (void)
{
  uint8_t byte;

  if (kept_in == kept_out)
    return pins_line_get ();
  byte = kept[kept_out];
  kept_out = (uint8_t)((kept_out + 1u) % KEPT);
  return byte;
}
