/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unicorn/unicorn.h>

#include "emulator.h"

/*
 * An STM32F103 with 128 KiB of flash, as its reference manual describes it and as far as the port
 * uses it: USART1, the flash controller, TIM2 at 1 kHz, ADC1 on the internal reference, the
 * independent watchdog, reset and its cause. The processor is unicorn's Cortex-M3, which takes no
 * interrupts: what waits for one is woken by the clock.
 */

#define FLASH_BASE 0x08000000u
#define FLASH_SIZE 0x20000u
#define FLASH_PAGE 1024u
#define RAM_BASE 0x20000000u
#define RAM_SIZE 0x5000u
#define PERIPHERALS 0x40000000u
#define PERIPHERALS_SIZE 0x30000u
#define SYSTEM 0xE000E000u
#define ID_PAGE 0x1FFFF000u

#define CSR_POWER (1u << 27)
#define CSR_SOFTWARE (1u << 28)
#define CSR_WATCHDOG (1u << 29)

/* A store into flash, seen before it lands; what it leaves is settled at the next access of a
 * register, which a driver makes to see whether the store is done. */
struct store
{
  uint32_t offset;
  uint8_t  bytes[4];
  int      size;
};

struct board
{
  struct emulator emulator;
  uc_engine      *cpu;
  uint8_t         ram[RAM_SIZE] __attribute__ ((aligned (4096)));
  struct store    stores[64];
  unsigned        n_stores;
  unsigned        keys; /* how many of the two came in order */
  uint32_t        cr, ar, csr, reload;
  uint64_t        bites_us; /* when the watchdog does; 0 = it is off */
  unsigned        looks;
  bool            resetting;
};

static struct board board;

static void
reset (uint32_t cause)
{
  board.csr |= cause;
  board.resetting = true;
  uc_emu_stop (board.cpu);
}

static void
settle (void)
{
  unsigned at;

  for (at = 0; at < board.n_stores; at++)
    {
      const struct store *store = &board.stores[at];

      memcpy (board.emulator.flash + store->offset, store->bytes, (size_t)store->size);
    }
  board.n_stores = 0;
}

/* Only ones become zeros, half a word at a time, while it is unlocked and told to program. */
static void
on_flash_store (uc_engine  *cpu,
                uc_mem_type type,
                uint64_t    address,
                int         size,
                int64_t     value,
                void       *user)
{
  struct store *store;
  bool          legal = board.keys == 2 && (board.cr & 1u) && size == 2;
  uint8_t       torn[2];

  if (board.n_stores == sizeof board.stores / sizeof *board.stores)
    settle ();
  store = &board.stores[board.n_stores++];
  store->offset = (uint32_t)address - FLASH_BASE;
  store->size = size;
  memcpy (store->bytes, board.emulator.flash + store->offset, (size_t)size);
  if (!legal)
    {
      warnx ("store of %d bytes at %08x: the flash is not to be written so", size,
             (unsigned)address);
      return;
    }
  if (store->bytes[0] != 0xFF || store->bytes[1] != 0xFF)
    warnx ("%08x is programmed twice", (unsigned)address);
  torn[1] = store->bytes[1];
  torn[0] = store->bytes[0] &= (uint8_t)value;
  store->bytes[1] &= (uint8_t)(value >> 8);
  emulator_operation (&board.emulator, store->offset, torn, store->bytes, sizeof torn);
}

static void
erase (void)
{
  uint32_t offset = (board.ar - FLASH_BASE) & ~(FLASH_PAGE - 1);
  uint8_t  torn[FLASH_PAGE], blank[FLASH_PAGE];

  if (board.ar < FLASH_BASE || board.ar >= FLASH_BASE + FLASH_SIZE)
    return;
  memset (blank, 0xFF, sizeof blank);
  memcpy (torn, board.emulator.flash + offset, sizeof torn);
  memset (torn + FLASH_PAGE / 4, 0xFF, FLASH_PAGE / 2);
  emulator_operation (&board.emulator, offset, torn, blank, sizeof blank);
  memcpy (board.emulator.flash + offset, blank, sizeof blank);
  uc_ctl_remove_cache (board.cpu, FLASH_BASE, FLASH_BASE + FLASH_SIZE);
}

static uint32_t
usart_status (void)
{
  if (emulator_waiting (&board.emulator) == 0 && ++board.looks % 256 == 0)
    emulator_poll (&board.emulator, 0);
  return 0xC0u | (emulator_waiting (&board.emulator) > 0 ? 0x20u : 0);
}

static uint64_t
on_read (uc_engine *cpu, uint64_t offset, unsigned size, void *user)
{
  settle ();
  if (board.bites_us != 0 && emulator_us (&board.emulator) > board.bites_us)
    {
      board.bites_us = 0;
      reset (CSR_WATCHDOG);
    }
  switch (PERIPHERALS + (uint32_t)offset)
    {
    case 0x40013800:
      return usart_status ();
    case 0x40013804:
      return emulator_take (&board.emulator);
    case 0x40000024:
      return emulator_us (&board.emulator) / 1000 & 0xFFFF;
    case 0x40012400:
      return 2; /* a conversion has ended */
    case 0x4001244C:
      return 1489 + (emulator_us (&board.emulator) & 1); /* of the reference: 3.3 V */
    case 0x4002200C:
      return 0x20;
    case 0x40022010:
      return board.cr;
    case 0x40021024:
      return board.csr;
    default:
      return 0;
    }
}

static void
on_write (uc_engine *cpu, uint64_t offset, unsigned size, uint64_t value, void *user)
{
  settle ();
  switch (PERIPHERALS + (uint32_t)offset)
    {
    case 0x40013804:
      emulator_put (&board.emulator, (uint8_t)value);
      break;
    case 0x40022004:
      board.keys = value == 0x45670123 ? 1 : value == 0xCDEF89AB && board.keys == 1 ? 2 : 0;
      break;
    case 0x40022014:
      board.ar = (uint32_t)value;
      break;
    case 0x40022010:
      board.cr = (uint32_t)value;
      if (value & 0x80)
        board.keys = 0;
      if (board.keys == 2 && (value & 0x42) == 0x42)
        erase ();
      break;
    case 0x40003000:
      if (value == 0xCCCC || (value == 0xAAAA && board.bites_us != 0))
        board.bites_us = emulator_us (&board.emulator) + board.reload * 6400ull;
      break;
    case 0x40003008:
      board.reload = (uint32_t)value;
      break;
    case 0x40021024:
      if (value & 1u << 24)
        board.csr = 0;
      break;
    default:
      break;
    }
}

static uint64_t
on_system_read (uc_engine *cpu, uint64_t offset, unsigned size, void *user)
{
  return 0;
}

static void
on_system_write (uc_engine *cpu, uint64_t offset, unsigned size, uint64_t value, void *user)
{
  if (offset == 0xD0C && value >> 16 == 0x05FA && (value & 4))
    reset (CSR_SOFTWARE);
}

static void
make (void)
{
  uc_hook hook;

  if (uc_open (UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &board.cpu) != UC_ERR_OK)
    errx (1, "no Cortex-M in this unicorn");
  uc_ctl_set_cpu_model (board.cpu, UC_CPU_ARM_CORTEX_M3);
  uc_mem_map_ptr (board.cpu, FLASH_BASE, FLASH_SIZE, UC_PROT_ALL, board.emulator.flash);
  uc_mem_map_ptr (board.cpu, RAM_BASE, RAM_SIZE, UC_PROT_ALL, board.ram);
  uc_mem_map (board.cpu, ID_PAGE, 0x1000, UC_PROT_READ);
  uc_mmio_map (board.cpu, PERIPHERALS, PERIPHERALS_SIZE, on_read, NULL, on_write, NULL);
  uc_mmio_map (board.cpu, SYSTEM, 0x1000, on_system_read, NULL, on_system_write, NULL);
  uc_hook_add (board.cpu, &hook, UC_HOOK_MEM_WRITE, on_flash_store, NULL, FLASH_BASE,
               FLASH_BASE + FLASH_SIZE - 1);
}

/* From one reset to the next. */
static void
run (void)
{
  uint32_t stack, pc;

  memcpy (&stack, board.emulator.flash, 4);
  memcpy (&pc, board.emulator.flash + 4, 4);
  uc_reg_write (board.cpu, UC_ARM_REG_SP, &stack);
  uc_ctl_remove_cache (board.cpu, FLASH_BASE, FLASH_BASE + FLASH_SIZE);
  board.resetting = false;
  board.keys = 0;
  board.cr = 0x80;
  while (!board.resetting && !emulator_stops ())
    {
      uc_err error = uc_emu_start (board.cpu, pc | 1, UINT32_MAX, 0, 0);

      uc_reg_read (board.cpu, UC_ARM_REG_PC, &pc);
      if (error != UC_ERR_OK)
        errx (1, "%s at %08x", uc_strerror (error), pc);
      if (!board.resetting)
        emulator_poll (&board.emulator, 1000 / board.emulator.speed); /* it slept */
    }
  settle ();
}

static void
power_on (void)
{
  emulator_scramble (board.ram, sizeof board.ram);
  board.csr = CSR_POWER;
  board.bites_us = 0;
}

int
main (int argc, char **argv)
{
  emulator_start (&board.emulator, argc, argv, FLASH_SIZE);
  make ();
  while (emulator_has_power (&board.emulator))
    {
      power_on ();
      while (!emulator_stops ())
        run ();
    }
  return emulator_end (&board.emulator, 0);
}
