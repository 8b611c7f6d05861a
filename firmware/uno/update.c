/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"
#include "uno.h"

/* The Uno's program is exchanged by its loader, while it does not run itself. It has the loader
 * take over, and says when the new one is well. */

static uint32_t
image_counter (void)
{
  return pgm_read_dword (UNO_HEADER + UNO_COUNTER_IN_HEADER);
}

/* In the place that does not hold what counts now: if power fails, that one stands. */
static void
raise_counter (uint32_t counter)
{
  uint32_t *at = (uint32_t *)UNO_COUNTERS, highest = uno_counter ();

  if (counter <= highest)
    return;
  if (eeprom_read_dword (at) == highest && eeprom_read_dword (at + 1) == ~highest)
    at += 2;
  eeprom_update_dword (at, counter);
  eeprom_update_dword (at + 1, ~counter);
}

void
board_boot_state (void *user, struct mf_unit_boot *out)
{
  (void)user;
  out->can_update = MF_UNIT_UPDATED_BY_LOADER;
  out->security_counter = uno_counter ();
  out->state = image_counter () > out->security_counter ? MF_SLOT_TRYING : MF_SLOT_CONFIRMED;
}

enum mf_unit_status
board_update (void                *user,
              enum mf_unit_message step,
              uint32_t             number,
              struct mf_bytes      bytes,
              uint32_t            *detail)
{
  (void)user;
  (void)number;
  (void)bytes;
  (void)detail;
  if (step == MF_UNIT_UPDATE_CONFIRM)
    raise_counter (image_counter ());
  else if (step != MF_UNIT_UPDATE_ACTIVATE)
    return MF_UNIT_UNKNOWN;
  return MF_UNIT_DONE;
}

void
board_watch_trial (void)
{
}
