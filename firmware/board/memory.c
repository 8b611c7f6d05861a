/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory.h"
#include "board.h"

uint32_t
board_stack_free (void)
{
  const volatile uint32_t *at = board_stack_low;

  while (at < board_stack && *at == BOARD_PAINT)
    at++;
  return (uint32_t)(at - board_stack_low) * 4;
}
