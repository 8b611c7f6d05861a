/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdint.h>

/* The linker's symbols, registers, and the memory of a board before main(). */

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define REG16(address) (*(volatile uint16_t *)(uintptr_t)(address))
#define REG8(address) (*(volatile uint8_t *)(uintptr_t)(address))

#define BOARD_PAINT 0xA5A5A5A5u

extern uint32_t board_data[], board_data_end[], board_data_from[];
extern uint32_t board_bss[], board_bss_end[], board_stack_low[], board_stack[];

int  main (void);
void board_entry (void); /* where the processor begins */

/* Fills memory as C expects it, paints what the stack has not reached yet, and runs the program.
 * Volatile, or these loops would become calls that the paint runs over. */
static inline void
board_run (void)
{
  volatile uint32_t       *to = board_data;
  const volatile uint32_t *from = board_data_from;
  const volatile uint32_t *here = __builtin_frame_address (0);

  while (to < board_data_end)
    *to++ = *from++;
  for (to = board_bss; to < board_bss_end;)
    *to++ = 0;
  for (to = board_stack_low; to < here - 32;)
    *to++ = BOARD_PAINT;
  main ();
  for (;;)
    ;
}

#endif
