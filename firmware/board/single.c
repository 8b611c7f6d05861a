/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"

/* A board whose program is put on it by cable alone. */

void
board_boot_state (void *user, struct mf_unit_boot *out)
{
  (void)user;
  out->slot = 0xFF;
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

void
board_watch_trial (void)
{
}
