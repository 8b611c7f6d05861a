/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "cfi.h"
#include "uart_16550.h"

/* The ESP8266's core, lx106, on QEMU's board LX60: what runs here is the core's code in the chip's
 * memory map, with the serial line and the flash of that board in place of the chip's. The chip
 * would map a slot into its memory; here a unit's program is copied there. */

#define BOARD_RESET REG (0x7D020010)
#define HZ 40000000u /* QEMU's lx106 */
#define TIMER_INTERRUPT (1u << 6)
#define FLASH 0x78000000u
#define SECTOR 0x10000u
#define UNIT_RECORDS FLASH
#define BOOT_RECORDS (FLASH + 2 * SECTOR)
#define SLOT_A (FLASH + 4 * SECTOR)
#define SLOT_B (FLASH + 6 * SECTOR)
#define SLOT_SIZE (2 * SECTOR)
#define PROGRAM 0x40240000u

/* Behind the stack: the slot that the program came from, and why it was started. */
#define SLOT_WORD REG (0x3FFFBFF4)
#define CAUSE_WORD REG (0x3FFFBFF0)
#define STARTED_BY_COMMAND 0xC0DEC0DEu

const char board_model[] = BOARD_MODEL;
const char board_hardware[] = BOARD_HARDWARE;
const char board_version[] = BOARD_VERSION;

static enum mf_reset_cause cause;

const struct mf_flash board_records = CFI_REGION (UNIT_RECORDS, 2 * SECTOR, SECTOR);

static const uint8_t keys[][MF_ED25519_KEY_SIZE] = { BOARD_KEY };

const struct mf_boot_config board_boot_config = {
  CFI_REGION (BOOT_RECORDS, 2 * SECTOR, SECTOR),
  { CFI_REGION (SLOT_A, SLOT_SIZE, SECTOR), CFI_REGION (SLOT_B, SLOT_SIZE, SECTOR) },
  { 0, 0 },
  { keys, sizeof keys / sizeof *keys },
  board_model,
  BOARD_HARDWARE_REVISION,
};

static uint32_t
cycles (void)
{
  uint32_t now;

  __asm volatile ("rsr %0, ccount" : "=r"(now));
  return now;
}

void
board_init (void)
{
  cause = CAUSE_WORD == STARTED_BY_COMMAND ? MF_RESET_COMMAND : MF_RESET_POWER_ON;
#ifndef BOARD_IS_BOOT
  CAUSE_WORD = 0;
#endif
  uart_16550_init ();
}

uint32_t
board_ms (void)
{
  static uint32_t last, ms, rest;
  uint32_t        now = cycles ();

  rest += now - last;
  last = now;
  ms += rest / (HZ / 1000);
  rest %= HZ / 1000;
  return ms;
}

/* Sleeps until the timer's interrupt, which entry.S takes: of the line five bytes come in that
 * time, and sixteen have room. A moment that has passed when the timer is told of it comes again
 * after a round of its counter, and is not waited for. */
void
board_idle (void)
{
  uint32_t until = cycles () + HZ / 2000;

  __asm volatile ("wsr %0, ccompare0\n\tesync" ::"r"(until) : "memory");
  if ((int32_t)(until - cycles ()) <= 0)
    return;
  __asm volatile ("wsr %0, intenable\n\t"
                  "rsync\n\t"
                  "waiti 0\n\t"
                  "rsil a2, 15" ::"r"(TIMER_INTERRUPT)
                  : "a2", "memory");
}

void
board_reset (void)
{
  CAUSE_WORD = STARTED_BY_COMMAND;
  BOARD_RESET = 0xDEAD;
  for (;;)
    ;
}

enum mf_reset_cause
board_reset_cause (void)
{
  return cause;
}

void
board_random (void *out, size_t size)
{
  uint8_t *to = out;

  while (size-- > 0)
    to[size] = (uint8_t)cycles ();
}

unsigned
board_slot (void)
{
  return SLOT_WORD & 1;
}

void
board_start (unsigned slot, const struct mf_image *image)
{
  memcpy ((void *)PROGRAM, (const uint8_t *)(slot == 0 ? SLOT_A : SLOT_B) + MF_IMAGE_HEADER_SIZE,
          image->payload_size);
  SLOT_WORD = slot;
  __asm volatile ("isync" ::: "memory");
  ((void (*) (void))PROGRAM) ();
}
