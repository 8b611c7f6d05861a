/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <err.h>
#include <string.h>
#include <unicorn/unicorn.h>

#include "emulator.h"
#include "parts.h"

/*
 * An ESP32-C3 with 4 MiB of flash, as far as the port uses it: UART0, SYSTIMER, pins and a
 * pulse width with what hangs on them, the RTC's watchdog and store, reset, and the ROM: it loads
 * the image at the start of flash, and its functions for flash and reset are caught at their
 * published addresses. An operation is the erasing of a sector or one call that writes.
 */

#define FLASH_SIZE 0x400000u
#define SECTOR 4096u
#define RAM_SIZE 0x60000u
#define RAM_DATA 0x3FC80000u
#define RAM_CODE 0x40380000u
#define ROM 0x40000000u
#define PERIPHERALS 0x60000000u
#define RTC_HZ 136000u
#define WRITE_MOST 256u
#define GPIO_OUT 0x4004u /* and behind it the addresses that set and clear its bits */
#define GPIO_ENABLE 0x4020u
#define GPIO_IN 0x403Cu
#define OUT_SIGNAL(pin) (0x4554u + 4u * (pin))
#define PAD(pin) (0x9004u + 4u * (pin))
#define LEDC_DUTY 0x19008u
#define LEDC_CH0 0x19000u
#define LEDC_START 0x1900Cu
#define LEDC_CONF 0x190D0u
#define LEDC_TIMER 0x190A0u
#define RELAY 4u
#define LIGHT 5u

/* The pins that are lines. */
static const unsigned line_pins
  [PARTS_LINES] = { [PARTS_PROBE] = 6, [PARTS_ROOM] = 7, [PARTS_CLOCK] = 10, [PARTS_DATA] = 3 };

struct board
{
  struct emulator emulator;
  struct parts    parts;
  uint32_t        values[0x20000 / 4]; /* of peripherals, as last written */
  uc_engine      *cpu;
  uint8_t         ram[RAM_SIZE] __attribute__ ((aligned (4096)));
  uint64_t        ticks; /* of SYSTIMER, as last asked for */
  uint32_t        store, reset_state, watchdog, watchdog_ticks;
  uint64_t        bites_us;
  unsigned        looks;
  bool            resetting, counts_us;
};

static struct board board;

static void
reset (uint32_t state)
{
  board.reset_state = state;
  board.watchdog = 0;
  board.bites_us = 0;
  board.resetting = true;
  uc_emu_stop (board.cpu);
}

static uint32_t
uart_status (void)
{
  size_t waiting = emulator_waiting (&board.emulator);

  if (waiting == 0 && ++board.looks % 64 == 0 && board.counts_us)
    emulator_poll (&board.emulator, 0); /* the world's time is not its own */
  else if (waiting == 0 && board.looks % 64 == 0)
    {
      emulator_poll (&board.emulator, 200 / board.emulator.speed);
      if (emulator_stops ())
        uc_emu_stop (board.cpu);
      if (board.bites_us != 0 && emulator_us (&board.emulator) > board.bites_us)
        reset (16);
    }
  return (uint32_t)(waiting > 127 ? 127 : waiting);
}

/* --- pins --- */

/* Whether a pin is driven, by what drives it. */
static bool
is_driven (unsigned pin, uint32_t signal)
{
  return (board.values[PAD (pin) / 4] >> 12 & 7) == 1 &&
         (board.values[OUT_SIGNAL (pin) / 4] & 0xFF) == signal &&
         (board.values[GPIO_ENABLE / 4] >> pin & 1);
}

/* The pulse's duty is in sixteenths of a step, of as many as the timer's bits. */
static void
see_light (void)
{
  uint32_t bits = board.values[LEDC_TIMER / 4] & 15, duty = board.values[LEDC_DUTY / 4] >> 4;

  board.parts.world->light = !is_driven (LIGHT, 45) ? 2000 : duty * 1000 >> bits;
}

static void
see_pins (void)
{
  uint32_t levels = board.values[GPIO_OUT / 4];
  unsigned line, pin;

  for (line = 0; line < PARTS_LINES; line++)
    {
      pin = line_pins[line];
      if (is_driven (pin, 128) && (levels >> pin & 1))
        errx (1, "GPIO %u is a line, and is not to be driven high", pin);
      parts_pull (&board.parts, (enum parts_line)line, is_driven (pin, 128), board.emulator.us);
    }
  board.parts.world->relay = is_driven (RELAY, 128) ? levels >> RELAY & 1 : 2;
}

static uint32_t
read_pins (void)
{
  uint32_t levels = 0;
  unsigned line;

  for (line = 0; line < PARTS_LINES; line++)
    if ((board.values[PAD (line_pins[line]) / 4] >> 9 & 1) &&
        parts_is_high (&board.parts, (enum parts_line)line, board.emulator.us))
      levels |= 1u << line_pins[line];
  return levels;
}

/* A register of pins, or of the pulse. */
static void
write_pins (uint32_t offset, uint32_t value)
{
  uint32_t first = offset < GPIO_ENABLE ? GPIO_OUT : GPIO_ENABLE;

  if (offset == first + 4)
    board.values[first / 4] |= value;
  else if (offset == first + 8)
    board.values[first / 4] &= ~value;
  else
    board.values[offset / 4] = value;
  see_pins ();
  if (offset == LEDC_CH0 && (value & 0x14) == 0x14 && board.values[LEDC_START / 4] >> 31 &&
      (board.values[LEDC_CONF / 4] & 3) == 1)
    see_light ();
}

static uint64_t
on_read (uc_engine *cpu, uint64_t offset, unsigned size, void *user)
{
  switch (offset)
    {
    case 0x0:
      return emulator_take (&board.emulator);
    case 0x1C:
      return uart_status ();
    case GPIO_IN:
      return read_pins ();
    case 0x23004:
    case 0x23008:
      return 1u << 29;
    case 0x2304C: /* a look at the counter of microseconds takes one */
      return (uint32_t)(board.emulator.us * 16);
    case 0x23040:
      return board.ticks >> 32;
    case 0x23044:
      return (uint32_t)board.ticks;
    case 0x260B0:
      return (uint32_t)emulator_us (&board.emulator) * 2654435761u;
    case 0x8038:
      return board.reset_state;
    case 0x8050:
      return board.store;
    default:
      return offset < sizeof board.values ? board.values[offset / 4] : 0;
    }
}

static void
feed (void)
{
  board.bites_us = board.watchdog >> 31 == 0
                     ? 0
                     : emulator_us (&board.emulator) + board.watchdog_ticks * 1000000ull / RTC_HZ;
}

static void
on_write (uc_engine *cpu, uint64_t offset, unsigned size, uint64_t value, void *user)
{
  if (offset == 0x0)
    emulator_put (&board.emulator, (uint8_t)value);
  else if (offset == 0x23004)
    {
      board.ticks = emulator_us (&board.emulator) * 16;
      board.counts_us = false;
    }
  else if (offset == 0x23008)
    {
      emulator_tick (&board.emulator, 1);
      board.counts_us = true;
    }
  else if ((offset >= 0x4000 && offset < 0x5000) || (offset >= 0x9000 && offset < 0xA000) ||
           (offset >= 0x19000 && offset < 0x1A000))
    write_pins ((uint32_t)offset, (uint32_t)value);
  else if (offset == 0x8050)
    board.store = (uint32_t)value;
  else if (offset == 0x8094)
    board.watchdog_ticks = (uint32_t)value;
  else if (offset == 0x8090)
    {
      board.watchdog = (uint32_t)value;
      feed ();
    }
  else if (offset == 0x80A4)
    feed ();
}

static uint32_t
erase (uint32_t sector)
{
  uint32_t offset = sector * SECTOR;
  uint8_t  torn[SECTOR], blank[SECTOR];

  if (sector >= FLASH_SIZE / SECTOR)
    return 1;
  memset (blank, 0xFF, sizeof blank);
  memcpy (torn, board.emulator.flash + offset, sizeof torn);
  memset (torn + SECTOR / 4, 0xFF, SECTOR / 2);
  emulator_operation (&board.emulator, offset, torn, blank, sizeof blank);
  memcpy (board.emulator.flash + offset, blank, sizeof blank);
  return 0;
}

/* Flash turns ones into zeros alone. */
static uint32_t
write_flash (uint32_t to, uint32_t from, uint32_t size)
{
  uint8_t  bytes[WRITE_MOST], torn[WRITE_MOST];
  uint32_t at;

  if (to > FLASH_SIZE - size || size > sizeof bytes || to % 4 != 0 || from % 4 != 0)
    return 1;
  uc_mem_read (board.cpu, from, bytes, size);
  memcpy (torn, board.emulator.flash + to, size);
  for (at = 0; at < size; at++)
    {
      bytes[at] &= torn[at];
      if (at < size / 2)
        torn[at] = bytes[at];
    }
  emulator_operation (&board.emulator, to, torn, bytes, size);
  memcpy (board.emulator.flash + to, bytes, size);
  return 0;
}

static void
on_rom (uc_engine *cpu, uint64_t address, uint32_t size, void *user)
{
  uint32_t a[3], result = 0;
  int      registers[3] = { UC_RISCV_REG_A0, UC_RISCV_REG_A1, UC_RISCV_REG_A2 }, at;

  for (at = 0; at < 3; at++)
    uc_reg_read (cpu, registers[at], &a[at]);
  switch (address - ROM)
    {
    case 0x90:
      reset (3);
      return;
    case 0x128:
      result = erase (a[0]);
      break;
    case 0x12C:
      result = write_flash (a[0], a[1], a[2]);
      break;
    case 0x130:
      if (a[0] > FLASH_SIZE || a[2] > FLASH_SIZE - a[0])
        result = 1;
      else
        uc_mem_write (cpu, a[1], board.emulator.flash + a[0], a[2]);
      break;
    case 0x140:
      break;
    default:
      errx (1, "ROM function %08x is not modelled", (unsigned)address);
    }
  uc_reg_write (cpu, UC_RISCV_REG_A0, &result);
}

static void
make (void)
{
  static uint16_t rom[0x800];
  uc_hook         hook;
  unsigned        at;

  if (uc_open (UC_ARCH_RISCV, UC_MODE_RISCV32, &board.cpu) != UC_ERR_OK)
    errx (1, "no RISC-V in this unicorn");
  for (at = 0; at < sizeof rom / sizeof *rom; at++)
    rom[at] = 0x8082; /* ret */
  uc_mem_map_ptr (board.cpu, RAM_DATA, RAM_SIZE, UC_PROT_ALL, board.ram);
  uc_mem_map_ptr (board.cpu, RAM_CODE, RAM_SIZE, UC_PROT_ALL, board.ram);
  uc_mem_map (board.cpu, ROM, sizeof rom, UC_PROT_READ | UC_PROT_EXEC);
  uc_mem_write (board.cpu, ROM, rom, sizeof rom);
  uc_mmio_map (board.cpu, PERIPHERALS, 0x100000, on_read, NULL, on_write, NULL);
  uc_hook_add (board.cpu, &hook, UC_HOOK_CODE, on_rom, NULL, ROM, ROM + sizeof rom - 1);
}

/* What the ROM does: the segments of the image go where they belong. */
static uint32_t
load_image (void)
{
  const uint8_t *image = board.emulator.flash;
  uint32_t       entry, at = 24, head[2];
  unsigned       segment;

  if (image[0] != 0xE9)
    errx (1, "flash does not begin with an image");
  memcpy (&entry, image + 4, 4);
  for (segment = 0; segment < image[1]; segment++)
    {
      memcpy (head, image + at, sizeof head);
      if (uc_mem_write (board.cpu, head[0], image + at + 8, head[1]) != UC_ERR_OK)
        errx (1, "the image wants %u bytes at %08x", head[1], head[0]);
      at += 8 + head[1];
    }
  return entry;
}

/* What a reset makes of pins: inputs that nothing drives. */
static void
clear_pins (void)
{
  unsigned pin;

  memset (board.values, 0, sizeof board.values);
  for (pin = 0; pin < 22; pin++)
    board.values[OUT_SIGNAL (pin) / 4] = 128;
  see_pins ();
  see_light ();
}

/* From one reset to the next. */
static void
run (void)
{
  uint32_t pc = load_image ();
  uc_err   error;

  clear_pins ();
  board.resetting = false;
  uc_ctl_remove_cache (board.cpu, RAM_CODE, RAM_CODE + RAM_SIZE);
  error = uc_emu_start (board.cpu, pc, UINT32_MAX, 0, 0);
  if (error != UC_ERR_OK)
    {
      uc_reg_read (board.cpu, UC_RISCV_REG_PC, &pc);
      errx (1, "%s at %08x", uc_strerror (error), pc);
    }
}

static void
power_on (void)
{
  emulator_scramble (board.ram, sizeof board.ram);
  board.reset_state = 1;
  board.store = 0;
  board.watchdog = 0;
  board.bites_us = 0;
  parts_power (&board.parts);
}

int
main (int argc, char **argv)
{
  emulator_start (&board.emulator, argc, argv, FLASH_SIZE);
  parts_start (&board.parts, board.emulator.parts_path);
  make ();
  while (emulator_has_power (&board.emulator))
    {
      power_on ();
      while (!emulator_stops ())
        run ();
    }
  return emulator_end (&board.emulator, 0);
}
