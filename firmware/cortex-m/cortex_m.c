/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cortex_m.h"

#define SYSTICK_CSR REG (0xE000E010)
#define SYSTICK_RVR REG (0xE000E014)
#define SCB_ICSR REG (0xE000ED04)
#define SCB_VTOR REG (0xE000ED08)
#define SCB_AIRCR REG (0xE000ED0C)

void
board_entry (void)
{
  board_run ();
}

static void
stuck (void)
{
  for (;;)
    ;
}

__attribute__ ((section (".entry"), used)) const void *const cortex_m_vectors[16] = {
  board_stack,   (void *)board_entry, (void *)stuck, (void *)stuck,
  (void *)stuck, (void *)stuck,       (void *)stuck,
};

void
cortex_m_init (uint32_t hz)
{
  __asm volatile ("cpsid i");
  SYSTICK_RVR = hz / 1000 - 1;
  SYSTICK_CSR = 7;
}

void
cortex_m_sleep (void)
{
  __asm volatile ("wfi");
  SCB_ICSR = 1u << 25;
}

void
cortex_m_reset (void)
{
  __asm volatile ("dsb" ::: "memory");
  SCB_AIRCR = 0x05FA0004;
  for (;;)
    ;
}

void
cortex_m_start (uint32_t vectors)
{
  SCB_VTOR = vectors;
  __asm volatile ("msr msp, %0\n\tbx %1" ::"r"(REG (vectors)), "r"(REG (vectors + 4)));
}
