/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory.h"

void board_begin (void);

void
board_begin (void)
{
  board_run ();
}
