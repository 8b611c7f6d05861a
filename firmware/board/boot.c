/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"

/* The boot program of a board with two slots: runs the one that may, or waits for a cable. */
int
main (void)
{
  static struct mf_boot  boot;
  static struct mf_image image;
  unsigned               slot = MF_BOOT_NONE;

  board_init ();
  if (mf_boot_init (&boot, &board_boot_config))
    slot = mf_boot_select (&boot, &image);
  if (slot != MF_BOOT_NONE)
    board_start (slot, &image);
  for (;;)
    {
      board_led (true);
      board_feed_watchdog ();
    }
}
