/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <simavr/avr_eeprom.h>
#include <simavr/avr_flash.h>
#include <simavr/avr_ioport.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>

#include "emulator.h"
#include "parts.h"

/*
 * An Arduino Uno on simavr, with a DS18B20 on pin 2, a relay on pin 7 and a light on pin 6: its
 * flash of 32 KiB and its EEPROM of 1 KiB are one file. It starts in
 * the boot section of 4 KiB, as its fuses have it. An operation is the erasing or writing of a
 * page.
 */

#define FLASH_SIZE 0x8000u
#define EEPROM_SIZE 0x400u
#define BOOT 0x7000u
#define RAM 0x100u
#define RAM_SIZE 0x800u
#define MCUSR 0x54u
#define PORF 1u
#define SPMCSR 0x57u
#define FILL 0x01u
#define ERASE 0x03u
#define WRITE 0x05u
#define HZ_PER_US 16u
#define PAGE 128u
#define SLICE 1600u /* cycles between two looks at the world */
#define DDRD 0x2Au
#define PORTD 0x2Bu
#define TCCR0A 0x44u
#define OCR0A 0x47u
#define PROBE 2
#define LIGHT 6
#define RELAY 7
#define BYTE_CYCLES 1389u /* of ten bits at 115,200 baud */

struct board
{
  struct emulator emulator;
  avr_t          *avr;
  avr_irq_t      *in, *probe;
  struct parts    parts;
  uint64_t        base_us; /* when this chip had its reset */
  bool            probe_is_high;
  uint8_t         page[PAGE]; /* what was filled in to be written */
  bool            full;       /* its receiver takes no more */
};

static struct board board;

static void
save (void)
{
  avr_eeprom_desc_t eeprom = { .ee = NULL, .offset = 0, .size = EEPROM_SIZE };

  memcpy (board.emulator.flash, board.avr->flash, FLASH_SIZE);
  if (avr_ioctl (board.avr, AVR_IOCTL_EEPROM_GET, &eeprom) >= 0 && eeprom.ee != NULL)
    memcpy (board.emulator.flash + FLASH_SIZE, eeprom.ee, EEPROM_SIZE);
}

static void
on_byte (avr_irq_t *irq, uint32_t value, void *user)
{
  emulator_put (&board.emulator, (uint8_t)value);
}

static void
on_room (avr_irq_t *irq, uint32_t value, void *user)
{
  board.full = false;
  memset (board.page, 0xFF, sizeof board.page);
}

static void
on_full (avr_irq_t *irq, uint32_t value, void *user)
{
  board.full = true;
}

/* Sees each SPM before simavr's own flash does. */
static int
on_ioctl (avr_io_t *io, uint32_t control, void *parameter)
{
  avr_t   *avr = io->avr;
  uint8_t  command = avr->data[SPMCSR] & 0x1F;
  uint16_t z = (uint16_t)(avr->data[30] | avr->data[31] << 8), page = z & ~(PAGE - 1);
  uint8_t  torn[PAGE];
  unsigned at;

  if (control != AVR_IOCTL_FLASH_SPM)
    return -1;
  if (command == FILL)
    memcpy (board.page + (z & (PAGE - 2)), avr->data, 2);
  if (command != ERASE && command != WRITE)
    return -1;
  memcpy (torn, avr->flash + page, sizeof torn);
  for (at = 0; at < PAGE; at++)
    board.page[at] = command == ERASE ? 0xFF : board.page[at] & torn[at];
  memcpy (torn, board.page, sizeof torn / 2);
  save ();
  emulator_operation (&board.emulator, page, torn, board.page, sizeof torn);
  memset (board.page, 0xFF, sizeof board.page);
  return -1;
}

static avr_io_t spy = { .kind = "spy", .ioctl = on_ioctl };

static uint64_t
now_us (void)
{
  return board.base_us + board.avr->cycle / HZ_PER_US;
}

static bool
is_output (unsigned pin)
{
  return board.avr->data[DDRD] >> pin & 1;
}

/* The register itself is written after this. */
static void
on_direction (avr_irq_t *irq, uint32_t value, void *user)
{
  bool driven = value >> PROBE & 1;

  if (driven && (board.avr->data[PORTD] >> PROBE & 1))
    errx (1, "pin 2 is a line, and is not to be driven high");
  parts_pull (&board.parts, PARTS_PROBE, driven, now_us ());
}

/* What the sensor does to its line. */
static void
pull_probe (void)
{
  bool is_high = parts_is_high (&board.parts, PARTS_PROBE, now_us ());

  if (is_high == board.probe_is_high)
    return;
  board.probe_is_high = is_high;
  avr_raise_irq (board.probe, is_high);
}

static void
see_outputs (void)
{
  const uint8_t *data = board.avr->data;
  uint32_t       step = data[TCCR0A] >> 7 ? data[OCR0A] + 1u : (data[PORTD] >> LIGHT & 1u) * 256u;

  board.parts.world->relay = is_output (RELAY) ? data[PORTD] >> RELAY & 1u : 2;
  board.parts.world->light = is_output (LIGHT) ? step * 1000 / 256 : 2000;
}

/* simavr would sleep here; the loop below keeps the time. */
static void
on_sleep (avr_t *avr, avr_cycle_count_t cycles)
{
}

static void
make (void)
{
  uint32_t flags = 0;
  avr_t   *avr = avr_make_mcu_by_name ("atmega328p");

  if (avr == NULL || avr_init (avr) != 0)
    errx (1, "no ATmega328P in this simavr");
  board.avr = avr;
  avr->frequency = HZ_PER_US * 1000000u;
  avr->log = LOG_ERROR;
  avr->vcc = avr->avcc = avr->aref = 5000;
  avr->sleep = on_sleep;
  avr->codeend = avr->flashend;
  avr_ioctl (avr, AVR_IOCTL_UART_GET_FLAGS ('0'), &flags);
  flags &= ~(uint32_t)(AVR_UART_FLAG_STDIO | AVR_UART_FLAG_POLL_SLEEP);
  avr_ioctl (avr, AVR_IOCTL_UART_SET_FLAGS ('0'), &flags);
  board.in = avr_io_getirq (avr, AVR_IOCTL_UART_GETIRQ ('0'), UART_IRQ_INPUT);
  avr_irq_register_notify (avr_io_getirq (avr, AVR_IOCTL_UART_GETIRQ ('0'), UART_IRQ_OUTPUT),
                           on_byte, NULL);
  avr_irq_register_notify (avr_io_getirq (avr, AVR_IOCTL_UART_GETIRQ ('0'), UART_IRQ_OUT_XON),
                           on_room, NULL);
  avr_irq_register_notify (avr_io_getirq (avr, AVR_IOCTL_UART_GETIRQ ('0'), UART_IRQ_OUT_XOFF),
                           on_full, NULL);
  board.probe = avr_io_getirq (avr, AVR_IOCTL_IOPORT_GETIRQ ('D'), PROBE);
  avr_irq_register_notify (avr_io_getirq (avr, AVR_IOCTL_IOPORT_GETIRQ ('D'),
                                          IOPORT_IRQ_DIRECTION_ALL),
                           on_direction, NULL);
  avr_register_io (avr, &spy);
}

/* A chip of its own for each start, for of a reset simavr's peripherals keep what they waited for.
 */
static void
begin (const uint8_t ram[RAM_SIZE], uint8_t cause)
{
  static uint8_t    eeprom_bytes[EEPROM_SIZE];
  avr_eeprom_desc_t eeprom = { .ee = eeprom_bytes, .offset = 0, .size = EEPROM_SIZE };
  avr_t            *avr;

  make ();
  avr = board.avr;
  memcpy (avr->flash, board.emulator.flash, FLASH_SIZE);
  memcpy (eeprom_bytes, board.emulator.flash + FLASH_SIZE, EEPROM_SIZE);
  avr_ioctl (avr, AVR_IOCTL_EEPROM_SET, &eeprom);
  /* a blank boot section is run through on the chip, and ends at 0; simavr stops there */
  avr->reset_pc = avr->flash[BOOT] == 0xFF && avr->flash[BOOT + 1] == 0xFF ? 0 : BOOT;
  avr_reset (avr);
  memcpy (avr->data + RAM, ram, RAM_SIZE);
  avr->data[MCUSR] = cause;
  board.full = false;
  memset (board.page, 0xFF, sizeof board.page);
  parts_pull (&board.parts, PARTS_PROBE, false, now_us ());
  board.probe_is_high = true;
  avr_raise_irq (board.probe, 1);
}

static void
end (void)
{
  save ();
  avr_terminate (board.avr);
}

static void
power_on (void)
{
  uint8_t ram[RAM_SIZE];

  emulator_scramble (ram, sizeof ram);
  board.base_us = 0;
  parts_power (&board.parts);
  begin (ram, PORF);
}

/* After a reset, which memory survives. */
static void
start_again (void)
{
  uint8_t ram[RAM_SIZE], cause = board.avr->data[MCUSR];

  memcpy (ram, board.avr->data + RAM, sizeof ram);
  end ();
  begin (ram, cause);
}

/* Lets the world catch up with the board, and does not let it get ahead. */
static void
keep_time (uint64_t board_us)
{
  uint64_t now = emulator_us (&board.emulator);

  emulator_poll (&board.emulator, 0);
  while (now < board_us && !emulator_stops ())
    {
      emulator_poll (&board.emulator, (unsigned)((board_us - now) / board.emulator.speed) + 1);
      if (emulator_waiting (&board.emulator) > 0 && board_us - now < 20000)
        break; /* it may answer at once: bytes come with their own pace */
      now = emulator_us (&board.emulator);
    }
  emulator_hold (&board.emulator, board_us);
}

static void
run (void)
{
  uint64_t next = 0, last = 0, byte_at = 0;

  while (!emulator_stops ())
    {
      int state = avr_run (board.avr);

      if (state == cpu_Done || state == cpu_Crashed)
        errx (1, "the processor stands at %x", board.avr->pc);
      if (board.avr->cycle < last)
        {
          board.base_us = emulator_us (&board.emulator);
          next = byte_at = 0;
          start_again ();
        }
      last = board.avr->cycle;
      pull_probe ();
      if (last >= next)
        {
          next = last + SLICE;
          see_outputs ();
          keep_time (now_us ());
        }
      if (last >= byte_at && !board.full && emulator_waiting (&board.emulator) > 0)
        {
          avr_raise_irq (board.in, emulator_take (&board.emulator));
          byte_at = last + BYTE_CYCLES;
        }
    }
}

int
main (int argc, char **argv)
{
  emulator_start (&board.emulator, argc, argv, FLASH_SIZE + EEPROM_SIZE);
  parts_start (&board.parts, board.emulator.parts_path);
  while (emulator_has_power (&board.emulator))
    {
      power_on ();
      run ();
      end ();
    }
  return emulator_end (&board.emulator, 0);
}
