/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"

void
board_boot_state (void *user, struct mf_unit_boot *out)
{
  struct mf_boot boot;

  (void)user;
  if (!mf_boot_init (&boot, &board_boot_config))
    return;
  out->slot = (uint8_t)board_slot ();
  out->state = (uint8_t)boot.states[out->slot];
  out->security_counter = boot.security_counter;
}

enum mf_unit_status
board_update (void                *user,
              enum mf_unit_message step,
              uint32_t             number,
              struct mf_bytes      bytes,
              uint32_t            *detail)
{
  (void)user;
  (void)step;
  (void)number;
  (void)bytes;
  (void)detail;
  return MF_UNIT_UNKNOWN;
}
