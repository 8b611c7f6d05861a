/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"
#include "cfi.h"
#include "uart_16550.h"

/* QEMU's RISC-V board "virt" with two flashes of 32 MiB: the boot program is run from the first,
 * the second holds records and slots. A unit's program is copied to memory and run there. */

#define TEST_DEVICE REG (0x00100000)
#define MTIMECMP_LOW REG (0x02004000)
#define MTIMECMP_HIGH REG (0x02004004)
#define MTIME_LOW REG (0x0200BFF8)
#define MTIME_HIGH REG (0x0200BFFC)
#define TICKS_PER_MS 10000u
#define RTC_LOW REG (0x00101000) /* reading it holds the other half */
#define RTC_HIGH REG (0x00101004)
#define NS_PER_MS 1000000u

#define SECTOR 0x40000u
#define FLASH 0x22000000u
#define BOOT_RECORDS FLASH
#define UNIT_RECORDS (FLASH + 2 * SECTOR)
#define SLOT_A (FLASH + 4 * SECTOR)
#define SLOT_B (FLASH + 6 * SECTOR)
#define SLOT_SIZE (2 * SECTOR)
#define BENCH (FLASH + 8 * SECTOR)

/* The top of what a program is copied to: the slot it came from, and why it was started. */
#define PROGRAM 0x80000000u
#define SLOT_WORD REG (0x8007FFF0)
#define CAUSE_WORD REG (0x8007FFF4)
#define STARTED_BY_COMMAND 0xC0DEC0DEu

const char board_model[] = BOARD_MODEL;
const char board_hardware[] = BOARD_HARDWARE;
const char board_version[] = BOARD_VERSION;

static enum mf_reset_cause cause;

const struct mf_flash board_records = CFI_REGION (UNIT_RECORDS, 2 * SECTOR, SECTOR);
const struct mf_flash board_bench = CFI_REGION (BENCH, SECTOR, SECTOR);

static const uint8_t keys[][MF_ED25519_KEY_SIZE] = { BOARD_KEY };

const struct mf_boot_config board_boot_config = {
  CFI_REGION (BOOT_RECORDS, 2 * SECTOR, SECTOR),
  { CFI_REGION (SLOT_A, SLOT_SIZE, SECTOR), CFI_REGION (SLOT_B, SLOT_SIZE, SECTOR) },
  { 0, 0 },
  { keys, sizeof keys / sizeof *keys },
  board_model,
  BOARD_HARDWARE_REVISION,
};

static uint64_t
ticks (void)
{
  uint32_t high, low;

  do
    {
      high = MTIME_HIGH;
      low = MTIME_LOW;
    }
  while (high != MTIME_HIGH);
  return (uint64_t)high << 32 | low;
}

void
board_init (void)
{
  cause = CAUSE_WORD == STARTED_BY_COMMAND ? MF_RESET_COMMAND : MF_RESET_POWER_ON;
#ifndef BOARD_IS_BOOT
  CAUSE_WORD = 0;
#endif
  uart_16550_init ();
  __asm volatile ("csrs mie, %0" ::"r"(1u << 7)); /* the timer wakes; nothing is taken */
}

uint32_t
board_ms (void)
{
  return (uint32_t)(ticks () / TICKS_PER_MS);
}

void
board_idle (void)
{
  uint64_t then = ticks () + TICKS_PER_MS;

  MTIMECMP_HIGH = UINT32_MAX;
  MTIMECMP_LOW = (uint32_t)then;
  MTIMECMP_HIGH = (uint32_t)(then >> 32);
  if (!uart_16550_has_byte ())
    __asm volatile ("wfi");
}

void
board_reset (void)
{
  CAUSE_WORD = STARTED_BY_COMMAND;
  TEST_DEVICE = 0x7777;
  for (;;)
    ;
}

enum mf_reset_cause
board_reset_cause (void)
{
  return cause;
}

/* The world's nanoseconds, which QEMU gives. */
void
board_random (void *out, size_t size)
{
  uint8_t *to = out;

  while (size-- > 0)
    to[size] = (uint8_t)(RTC_LOW >> 4 ^ MTIME_LOW);
}

bool
board_wall_ms (uint64_t *utc_ms)
{
  uint64_t low = RTC_LOW;

  *utc_ms = (low | (uint64_t)RTC_HIGH << 32) / NS_PER_MS;
  return true;
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
  __asm volatile ("fence.i" ::: "memory");
  ((void (*) (void))PROGRAM) ();
}
