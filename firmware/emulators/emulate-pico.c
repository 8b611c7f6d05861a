/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unicorn/unicorn.h>

#include "emulator.h"
#include "parts.h"

/*
 * A Raspberry Pi Pico with 2 MiB of flash, as the RP2040's datasheet describes it and as far as the
 * port uses it: clocks and resets as far as a driver waits for them, UART0, the timer, ADC, pins
 * and a pulse width with what hangs on them, ROSC's random bit, the watchdog, and the ROM: it
 * checks and runs the second stage of the boot, and its functions for flash are caught where its
 * table says they are. One core, unicorn's Cortex-M0, which takes no interrupts: what waits for one
 * is woken by the clock. A look at the timer's low half takes a microsecond. An operation is the
 * erasing of a sector or the writing of a page.
 */

#define ROM_SIZE 0x4000u
#define ROM_TABLE 0x100u
#define ROM_LOOKUP 0x80u
#define ROM_FUNCTIONS 0x200u /* eight bytes apart */
#define FLASH_BASE 0x10000000u
#define FLASH_SIZE 0x200000u
#define SECTOR 4096u
#define PAGE 256u
#define SSI 0x18000000u
#define RAM_BASE 0x20000000u
#define RAM_SIZE 0x42000u
#define BOOT2 0x20041F00u
#define BOOT2_SIZE 256u
#define APB 0x40000000u
#define APB_SIZE 0x70000u
#define SIO 0xD0000000u
#define SYSTEM 0xE000E000u

#define CLK_REF_CTRL 0x8030u
#define CLK_REF_SELECTED 0x8038u
#define CLK_SYS_CTRL 0x803Cu
#define CLK_SYS_SELECTED 0x8044u
#define RESETS 0xC000u
#define RESETS_DONE 0xC008u
#define RESETS_ALL 0x01FFFFFFu
#define XOSC_CTRL 0x24000u
#define XOSC_STATUS 0x24004u
#define PLL_SYS 0x28000u
#define PLL_USB 0x2C000u
#define UART_DATA 0x34000u
#define UART_FLAGS 0x34018u
#define ADC_CS 0x4C000u
#define ADC_RESULT 0x4C004u
#define TIMER_HIGH 0x54024u
#define TIMER_LOW 0x54028u
#define WATCHDOG_CTRL 0x58000u
#define WATCHDOG_LOAD 0x58004u
#define WATCHDOG_REASON 0x58008u
#define WATCHDOG_TICK 0x5802Cu
#define ROSC_RANDOM_BIT 0x6001Cu
#define GPIO_CTRL(n) (0x14004u + 8u * (n))
#define PAD(n) (0x1C004u + 4u * (n))
#define PWM1_CSR 0x50014u
#define PWM1_CC 0x50020u
#define PWM1_TOP 0x50024u
#define SIO_IN 0x04u
#define SIO_OUT 0x10u /* and behind it the addresses that set, clear and toggle its bits */
#define SIO_OE 0x20u
#define FUNCTION_SIO 5u
#define FUNCTION_PWM 4u
#define RELAY 2u
#define LIGHT 3u

#define REASON_TIMER 1u
#define REASON_FORCE 2u

/* The pins that are lines. */
static const unsigned line_pins
  [PARTS_LINES] = { [PARTS_PROBE] = 15, [PARTS_ROOM] = 14, [PARTS_CLOCK] = 5, [PARTS_DATA] = 4 };

struct board
{
  struct emulator emulator;
  struct parts    parts;
  uint32_t        out, enabled; /* the levels of pins, and which are driven */
  uc_engine      *cpu;
  uint8_t         rom[ROM_SIZE] __attribute__ ((aligned (4096)));
  uint8_t         ram[RAM_SIZE] __attribute__ ((aligned (4096)));
  uint32_t        values[APB_SIZE / 4]; /* what was last written */
  uint32_t        reason, noise;
  uint64_t        bites_us;
  unsigned        looks;
  bool            resetting;
  bool            connected, is_memory, is_stale; /* the flash, to the processor */
};

static struct board board;

static const char functions[][3] = { "IF", "EX", "RE", "RP", "FC", "CX" };

static void
reset (uint32_t reason)
{
  board.reason = reason;
  board.resetting = true;
  uc_emu_stop (board.cpu);
}

static uint32_t
value (uint32_t offset)
{
  return board.values[offset / 4];
}

/* What is held in reset does not answer; here it ends the test. */
static void
need (unsigned bit, uint32_t offset)
{
  if (value (RESETS) & 1u << bit)
    errx (1, "%08x is used while it is held in reset", APB + offset);
}

static uint32_t
uart_flags (void)
{
  if (emulator_waiting (&board.emulator) == 0 && ++board.looks % 256 == 0)
    emulator_poll (&board.emulator, 0);
  return emulator_waiting (&board.emulator) > 0 ? 0x80u : 0x90u;
}

/* Who looks at the high half wants the time; who looks at the low one alone counts microseconds. */
static uint64_t
timer_us (uint32_t offset)
{
  need (21, offset);
  if (offset == TIMER_LOW)
    emulator_tick (&board.emulator, 1);
  else
    emulator_us (&board.emulator);
  if (offset == TIMER_HIGH && board.bites_us != 0 && board.emulator.us > board.bites_us)
    reset (REASON_TIMER);
  return value (WATCHDOG_TICK) & 1u << 9 ? board.emulator.us : 0;
}

static uint32_t
pll_status (uint32_t pll)
{
  need (pll == PLL_SYS ? 12 : 13, pll);
  return (value (pll + 4) & 0x21) == 0 ? 1u << 31 | 1 : 1;
}

static uint32_t
read_adc (uint32_t offset)
{
  uint32_t channel;

  need (0, offset);
  if (offset == ADC_CS)
    return value (ADC_CS) | 1u << 8;
  channel = value (ADC_CS) >> 12 & 7;
  if (!(value (ADC_CS) & 4) || value (PAD (26 + channel)) != 0x80)
    return 0;
  if (channel == 3)
    return 2068u + (board.emulator.us & 1); /* a third of 5 V */
  return channel == 0 ? board.parts.world->battery_mv / 2 * 4095 / 3300 : 0;
}

/* --- pins --- */

static unsigned
function_of (unsigned pin)
{
  return value (GPIO_CTRL (pin)) & 31;
}

static void
see_light (void)
{
  uint32_t steps = value (PWM1_TOP) + 1, on = value (PWM1_CC) >> 16;

  board.parts.world->light = function_of (LIGHT) != FUNCTION_PWM || !(value (PWM1_CSR) & 1) ? 2000
                             : on >= steps                                                  ? 1000
                                           : 1000 * on / steps;
}

static void
see_pins (void)
{
  unsigned line, pin;

  for (line = 0; line < PARTS_LINES; line++)
    {
      bool driven;

      pin = line_pins[line];
      driven = function_of (pin) == FUNCTION_SIO && (board.enabled >> pin & 1);
      if (driven && (board.out >> pin & 1))
        errx (1, "GPIO %u is a line, and is not to be driven high", pin);
      parts_pull (&board.parts, (enum parts_line)line, driven, board.emulator.us);
    }
  board.parts.world->relay = function_of (RELAY) != FUNCTION_SIO || !(board.enabled >> RELAY & 1)
                               ? 2
                               : board.out >> RELAY & 1;
  see_light ();
}

static uint64_t
on_sio_read (uc_engine *cpu, uint64_t offset, unsigned size, void *user)
{
  uint32_t levels = 0;
  unsigned line;

  for (line = 0; line < PARTS_LINES && offset == SIO_IN; line++)
    if ((value (PAD (line_pins[line])) & 0x40) &&
        parts_is_high (&board.parts, (enum parts_line)line, board.emulator.us))
      levels |= 1u << line_pins[line];
  return levels;
}

static void
on_sio_write (uc_engine *cpu, uint64_t offset, unsigned size, uint64_t written, void *user)
{
  uint32_t *here = offset < SIO_OE ? &board.out : &board.enabled, bits = (uint32_t)written;

  if (offset < SIO_OUT || offset >= SIO_OE + 16)
    return;
  *here = (offset & 12) == 0   ? bits
          : (offset & 12) == 4 ? *here | bits
          : (offset & 12) == 8 ? *here & ~bits
                               : *here ^ bits;
  see_pins ();
}

static uint64_t
on_read (uc_engine *cpu, uint64_t at, unsigned size, void *user)
{
  uint32_t offset = (uint32_t)at & ~0x3000u;

  switch (offset)
    {
    case RESETS_DONE:
      return ~value (RESETS) & RESETS_ALL;
    case XOSC_STATUS:
      return (value (XOSC_CTRL) & 0xFFF000) == 0xFAB000 ? 1u << 31 : 0;
    case PLL_SYS:
    case PLL_USB:
      return pll_status (offset);
    case CLK_REF_SELECTED:
      return 1u << (value (CLK_REF_CTRL) & 3);
    case CLK_SYS_SELECTED:
      return 1u << (value (CLK_SYS_CTRL) & 1);
    case UART_FLAGS:
      need (22, offset);
      return uart_flags ();
    case UART_DATA:
      return emulator_take (&board.emulator);
    case TIMER_HIGH:
      return timer_us (offset) >> 32;
    case TIMER_LOW:
      return (uint32_t)timer_us (offset);
    case ADC_CS:
    case ADC_RESULT:
      return read_adc (offset);
    case ROSC_RANDOM_BIT:
      board.noise = board.noise * 1664525u + 1013904223u;
      return board.noise >> 31;
    case WATCHDOG_REASON:
      return board.reason;
    default:
      return value (offset);
    }
}

static void
feed (void)
{
  board.bites_us = value (WATCHDOG_CTRL) & 1u << 30
                     ? emulator_us (&board.emulator) + value (WATCHDOG_LOAD) / 2
                     : 0;
}

static void
on_write (uc_engine *cpu, uint64_t at, unsigned size, uint64_t written, void *user)
{
  uint32_t  offset = (uint32_t)at & ~0x3000u, bits = (uint32_t)written;
  uint32_t *here = &board.values[offset / 4];

  switch (at >> 12 & 3)
    {
    case 0:
      *here = bits;
      break;
    case 1:
      *here ^= bits;
      break;
    case 2:
      *here |= bits;
      break;
    default:
      *here &= ~bits;
    }
  if (offset == UART_DATA)
    emulator_put (&board.emulator, (uint8_t)bits);
  else if (offset == WATCHDOG_CTRL && *here & 1u << 31)
    reset (REASON_FORCE);
  else if (offset == WATCHDOG_CTRL || offset == WATCHDOG_LOAD)
    feed ();
  else if (offset == PWM1_CC || (offset >= GPIO_CTRL (0) && offset <= GPIO_CTRL (29)))
    see_pins ();
}

static uint64_t
on_other_read (uc_engine *cpu, uint64_t offset, unsigned size, void *user)
{
  return 0;
}

static void
on_other_write (uc_engine *cpu, uint64_t offset, unsigned size, uint64_t written, void *user)
{
}

/* While the flash is no memory, nobody may run from it, or hand over what lies in it. */
static void
need_command_mode (uint32_t size, uint32_t unit, uint32_t offset)
{
  uint32_t back;

  uc_reg_read (board.cpu, UC_ARM_REG_LR, &back);
  if (!board.connected || board.is_memory || back < RAM_BASE || back >= RAM_BASE + RAM_SIZE)
    errx (1, "the flash is told something from %08x, while it is memory", back);
  if (offset % unit != 0 || size % unit != 0 || size > FLASH_SIZE || offset > FLASH_SIZE - size)
    errx (1, "%u bytes at %08x are no whole units of flash", size, offset);
  board.is_stale = true;
}

static void
erase (uint32_t offset, uint32_t size)
{
  uint8_t torn[SECTOR], blank[SECTOR];

  need_command_mode (size, SECTOR, offset);
  memset (blank, 0xFF, sizeof blank);
  for (; size > 0; size -= SECTOR, offset += SECTOR)
    {
      memcpy (torn, board.emulator.flash + offset, sizeof torn);
      memset (torn + SECTOR / 4, 0xFF, SECTOR / 2);
      emulator_operation (&board.emulator, offset, torn, blank, sizeof blank);
      memcpy (board.emulator.flash + offset, blank, sizeof blank);
      uc_ctl_remove_cache (board.cpu, FLASH_BASE + offset, FLASH_BASE + offset + SECTOR);
    }
}

static void
program (uint32_t offset, uint32_t from, uint32_t size)
{
  uint8_t  torn[PAGE], whole[PAGE];
  uint32_t at;

  need_command_mode (size, PAGE, offset);
  if (from < RAM_BASE || from > RAM_BASE + RAM_SIZE - size)
    errx (1, "what is written to flash lies at %08x", from);
  for (; size > 0; size -= PAGE, offset += PAGE, from += PAGE)
    {
      uc_mem_read (board.cpu, from, whole, sizeof whole);
      memcpy (torn, board.emulator.flash + offset, sizeof torn);
      for (at = 0; at < PAGE; at++)
        {
          whole[at] &= torn[at];
          if (at < PAGE / 2)
            torn[at] = whole[at];
        }
      emulator_operation (&board.emulator, offset, torn, whole, sizeof whole);
      memcpy (board.emulator.flash + offset, whole, sizeof whole);
      uc_ctl_remove_cache (board.cpu, FLASH_BASE + offset, FLASH_BASE + offset + PAGE);
    }
}

static void
enter_xip (void)
{
  if (board.is_stale)
    errx (1, "the flash was changed, and what is cached of it is not flushed");
  board.is_memory = true;
}

/* Two letters are what a function is looked up by. */
static uint32_t
look_up (uint32_t table, uint32_t code)
{
  unsigned at;

  for (at = 0; at < sizeof functions / sizeof *functions; at++)
    if (table == ROM_TABLE && code == (uint32_t)(functions[at][0] | functions[at][1] << 8))
      return (ROM_FUNCTIONS + 8 * at) | 1;
  errx (1, "the ROM's function %c%c is not modelled", (int)(code & 0xFF), (int)(code >> 8 & 0xFF));
}

static void
on_rom (uc_engine *cpu, uint64_t address, uint32_t size, void *user)
{
  uint32_t r[3];
  int      registers[3] = { UC_ARM_REG_R0, UC_ARM_REG_R1, UC_ARM_REG_R2 }, at;

  for (at = 0; at < 3; at++)
    uc_reg_read (cpu, registers[at], &r[at]);
  switch (address)
    {
    case ROM_LOOKUP:
      r[0] = look_up (r[0], r[1]);
      uc_reg_write (cpu, UC_ARM_REG_R0, &r[0]);
      break;
    case ROM_FUNCTIONS:
      board.connected = true;
      break;
    case ROM_FUNCTIONS + 8:
      board.is_memory = false;
      break;
    case ROM_FUNCTIONS + 16:
      erase (r[0], r[1]);
      break;
    case ROM_FUNCTIONS + 24:
      program (r[0], r[1], r[2]);
      break;
    case ROM_FUNCTIONS + 32:
      board.is_stale = false;
      break;
    case ROM_FUNCTIONS + 40:
      enter_xip ();
      break;
    default:
      errx (1, "nothing is at %08x of the ROM", (unsigned)address);
    }
}

static void
make_rom (void)
{
  static const uint8_t  magic[4] = { 'M', 'u', 1, 1 };
  static const uint16_t pointers[2] = { ROM_TABLE, ROM_LOOKUP | 1 }, back = 0x4770; /* bx lr */
  unsigned              at;

  for (at = 0; at < ROM_SIZE; at += sizeof back)
    memcpy (board.rom + at, &back, sizeof back);
  memcpy (board.rom + 0x10, magic, sizeof magic);
  memcpy (board.rom + 0x14, &pointers[0], sizeof pointers[0]);
  memcpy (board.rom + 0x18, &pointers[1], sizeof pointers[1]);
}

static void
make (void)
{
  uc_hook hook;

  if (uc_open (UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &board.cpu) != UC_ERR_OK)
    errx (1, "no Cortex-M in this unicorn");
  uc_ctl_set_cpu_model (board.cpu, UC_CPU_ARM_CORTEX_M0);
  make_rom ();
  uc_mem_map_ptr (board.cpu, 0, ROM_SIZE, UC_PROT_READ | UC_PROT_EXEC, board.rom);
  uc_mem_map_ptr (board.cpu, FLASH_BASE, FLASH_SIZE, UC_PROT_READ | UC_PROT_EXEC,
                  board.emulator.flash);
  uc_mem_map_ptr (board.cpu, RAM_BASE, RAM_SIZE, UC_PROT_ALL, board.ram);
  uc_mmio_map (board.cpu, SSI, 0x1000, on_other_read, NULL, on_other_write, NULL);
  uc_mmio_map (board.cpu, APB, APB_SIZE, on_read, NULL, on_write, NULL);
  uc_mmio_map (board.cpu, SIO, 0x1000, on_sio_read, NULL, on_sio_write, NULL);
  uc_mmio_map (board.cpu, SYSTEM, 0x1000, on_other_read, NULL, on_other_write, NULL);
  uc_hook_add (board.cpu, &hook, UC_HOOK_CODE, on_rom, NULL, 0, ROM_SIZE - 1);
}

/* CRC-32 with the most significant bit first, as the ROM checks the second stage. */
static uint32_t
checksum (const uint8_t *bytes, size_t size)
{
  uint32_t crc = UINT32_MAX;
  unsigned bit;

  while (size-- > 0)
    for (crc ^= (uint32_t)*bytes++ << 24, bit = 0; bit < 8; bit++)
      crc = crc & 1u << 31 ? crc << 1 ^ 0x04C11DB7u : crc << 1;
  return crc;
}

/* What the ROM does at a start. Returns where it goes on. */
static uint32_t
start_rom (void)
{
  const uint32_t stack = BOOT2, back = 0, right = checksum (board.emulator.flash, BOOT2_SIZE - 4);
  uint32_t       found;

  memcpy (&found, board.emulator.flash + BOOT2_SIZE - 4, sizeof found);
  if (found != right)
    errx (1, "the second stage has the CRC %08x, and should have %08x", found, right);
  memcpy (board.ram + (BOOT2 - RAM_BASE), board.emulator.flash, BOOT2_SIZE);
  uc_reg_write (board.cpu, UC_ARM_REG_SP, &stack);
  uc_reg_write (board.cpu, UC_ARM_REG_LR, &back);
  return BOOT2;
}

/* From one reset to the next. */
static void
run (void)
{
  uint32_t pc = start_rom ();
  unsigned pin;

  uc_ctl_remove_cache (board.cpu, FLASH_BASE, FLASH_BASE + FLASH_SIZE);
  uc_ctl_remove_cache (board.cpu, RAM_BASE, RAM_BASE + RAM_SIZE);
  memset (board.values, 0, sizeof board.values);
  board.values[RESETS / 4] = RESETS_ALL;
  board.out = board.enabled = 0;
  for (pin = 0; pin < 30; pin++)
    {
      board.values[GPIO_CTRL (pin) / 4] = 31;
      board.values[PAD (pin) / 4] = 0x56;
    }
  see_pins ();
  board.bites_us = 0;
  board.is_memory = true;
  board.connected = board.is_stale = board.resetting = false;
  while (!board.resetting && !emulator_stops ())
    {
      uc_err error = uc_emu_start (board.cpu, pc | 1, UINT32_MAX, 0, 0);

      uc_reg_read (board.cpu, UC_ARM_REG_PC, &pc);
      if (error != UC_ERR_OK)
        errx (1, "%s at %08x", uc_strerror (error), pc);
      if (!board.resetting)
        emulator_poll (&board.emulator, 1000 / board.emulator.speed); /* it slept */
    }
}

int
main (int argc, char **argv)
{
  emulator_start (&board.emulator, argc, argv, FLASH_SIZE);
  parts_start (&board.parts, board.emulator.parts_path);
  make ();
  while (emulator_has_power (&board.emulator))
    {
      emulator_scramble (board.ram, sizeof board.ram);
      board.reason = 0;
      parts_power (&board.parts);
      while (!emulator_stops ())
        run ();
    }
  return emulator_end (&board.emulator, 0);
}
