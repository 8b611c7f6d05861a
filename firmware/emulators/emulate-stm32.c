/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unicorn/unicorn.h>

#include "emulator.h"
#include "parts.h"

/*
 * An STM32F103 with 128 KiB of flash, as its reference manual describes it and as far as the port
 * uses it: the clock and what is divided from it, USART1, the flash controller, TIM2 and TIM4,
 * TIM3's pulse width, ADC1, the pins of ports A to C with what hangs on them, the independent
 * watchdog, reset and its cause. The processor is unicorn's Cortex-M3, which takes no interrupts:
 * what waits for one is woken by the clock. A look at a timer that counts microseconds takes one.
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

#define RCC_CR 0x40021000u
#define RCC_CFGR 0x40021004u
#define USART_BRR 0x40013808u
#define TIM2 0x40000000u
#define TIM3 0x40000400u
#define TIM4 0x40000800u
#define TIM_CCMR1 0x18u
#define TIM_CCER 0x20u
#define TIM_CNT 0x24u
#define TIM_PSC 0x28u
#define TIM_ARR 0x2Cu
#define TIM_CCR1 0x34u
#define GPIO_A 0x40010800u
#define GPIO_B 0x40010C00u
#define GPIO_C 0x40011000u
#define GPIO_IDR 0x08u
#define GPIO_ODR 0x0Cu
#define GPIO_BSRR 0x10u
#define ADC_SQR3 0x40012434u
#define REFERENCE 1489u /* of 4,095 at 3.3 V */
#define BATTERY_CHANNEL 1u
#define RELAY_PIN 0u /* of port B */
#define LIGHT_PIN 6u /* of port A */

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

/* The pins of port B that are lines. */
static const unsigned line_pins
  [PARTS_LINES] = { [PARTS_PROBE] = 12, [PARTS_ROOM] = 13, [PARTS_CLOCK] = 6, [PARTS_DATA] = 7 };

struct board
{
  struct emulator emulator;
  struct parts    parts;
  uc_engine      *cpu;
  uint32_t        values[PERIPHERALS_SIZE / 4]; /* what was last written */
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

static uint32_t *
value (uint32_t address)
{
  return &board.values[(address - PERIPHERALS) / 4];
}

/* The chip's clock, of which its timers, at twice the slow bus's half, get the same. */
static uint32_t
clock_hz (void)
{
  uint32_t config = *value (RCC_CFGR), times = (config >> 18 & 15) + 2;

  if ((config & 3) == 0)
    return 8000000;
  if ((config & 3) != 2 || !(*value (RCC_CR) & 1u << 24) || (config >> 16 & 1) ||
      (config >> 8 & 7) != 4)
    errx (1, "a clock that is not modelled: %08x", config);
  return 4000000 * (times > 16 ? 16 : times);
}

static uint32_t
usart_status (void)
{
  uint32_t baud = clock_hz () / (*value (USART_BRR) == 0 ? 1 : *value (USART_BRR));

  if (baud < 113000 || baud > 117500)
    errx (1, "the serial line runs at %u baud", baud);
  if (emulator_waiting (&board.emulator) == 0 && ++board.looks % 256 == 0)
    emulator_poll (&board.emulator, 0);
  return 0xC0u | (emulator_waiting (&board.emulator) > 0 ? 0x20u : 0);
}

static uint32_t
timer_hz (uint32_t timer)
{
  return clock_hz () / (*value (timer + TIM_PSC) + 1);
}

static uint32_t
count_microseconds (void)
{
  if (timer_hz (TIM4) != 1000000)
    errx (1, "TIM4 counts at %u Hz", timer_hz (TIM4));
  emulator_tick (&board.emulator, 1);
  return (uint32_t)board.emulator.us & 0xFFFF;
}

/* --- pins --- */

static unsigned
mode_of (uint32_t port, unsigned pin)
{
  return *value (port + (pin < 8 ? 0 : 4)) >> pin % 8 * 4 & 15;
}

static void
see_light (void)
{
  uint32_t steps = *value (TIM3 + TIM_ARR) + 1, on = *value (TIM3 + TIM_CCR1);
  bool     runs = (*value (TIM3) & 1) && (*value (TIM3 + TIM_CCMR1) & 0x70) == 0x60 &&
              (*value (TIM3 + TIM_CCER) & 3) == 1;

  board.parts.world->light = mode_of (GPIO_A, LIGHT_PIN) != 0xB || !runs ? 2000
                             : on >= steps                               ? 1000
                                                                         : 1000 * on / steps;
}

/* What a port's outputs do, after its modes or its levels have changed. */
static void
see_pins (void)
{
  uint32_t levels = *value (GPIO_B + GPIO_ODR);
  unsigned line, pin;

  for (line = 0; line < PARTS_LINES; line++)
    {
      pin = line_pins[line];
      if (mode_of (GPIO_B, pin) != 4 && mode_of (GPIO_B, pin) != 6)
        errx (1, "pin B%u is a line, and is not to be driven", pin);
      parts_pull (&board.parts, (enum parts_line)line,
                  mode_of (GPIO_B, pin) == 6 && !(levels >> pin & 1), board.emulator.us);
    }
  board.parts.world->relay = (mode_of (GPIO_B, RELAY_PIN) & 3) == 0 ? 2 : levels >> RELAY_PIN & 1;
  see_light ();
}

static uint32_t
read_pins (void)
{
  uint32_t levels = 0;
  unsigned line;

  for (line = 0; line < PARTS_LINES; line++)
    if (parts_is_high (&board.parts, (enum parts_line)line, board.emulator.us))
      levels |= 1u << line_pins[line];
  return levels;
}

static uint32_t
convert (void)
{
  uint32_t channel = *value (ADC_SQR3) & 31, noise = (uint32_t)board.emulator.us & 1;

  if (channel == 17)
    return REFERENCE + noise;
  if (channel != BATTERY_CHANNEL || mode_of (GPIO_A, BATTERY_CHANNEL) != 0)
    return 0;
  return board.parts.world->battery_mv / 2 * 4095 / 3300;
}

/* --- registers --- */

static void
watch (void)
{
  if (board.bites_us == 0 || emulator_us (&board.emulator) <= board.bites_us)
    return;
  board.bites_us = 0;
  reset (CSR_WATCHDOG);
}

static uint64_t
on_read (uc_engine *cpu, uint64_t offset, unsigned size, void *user)
{
  uint32_t address = PERIPHERALS + (uint32_t)offset;

  settle ();
  switch (address)
    {
    case 0x40013800:
      return usart_status ();
    case 0x40013804:
      return emulator_take (&board.emulator);
    case TIM2 + TIM_CNT:
      watch ();
      return emulator_us (&board.emulator) * timer_hz (TIM2) / 1000000 & 0xFFFF;
    case TIM4 + TIM_CNT:
      return count_microseconds ();
    case GPIO_B + GPIO_IDR:
      return read_pins ();
    case 0x40012400:
      return 2; /* a conversion has ended */
    case 0x4001244C:
      return convert ();
    case 0x4002200C:
      return 0x20;
    case 0x40022010:
      return board.cr;
    case RCC_CR:
      return *value (RCC_CR) | (*value (RCC_CR) & 1u << 24) << 1;
    case RCC_CFGR:
      return *value (RCC_CFGR) | (*value (RCC_CFGR) & 3) << 2;
    case 0x40021024:
      return board.csr;
    default:
      return *value (address);
    }
}

static void
write_levels (uint32_t port, uint32_t bits)
{
  uint32_t *levels = value (port + GPIO_ODR);

  *levels = (*levels & ~(bits >> 16)) | (bits & 0xFFFF);
}

static void
on_write (uc_engine *cpu, uint64_t offset, unsigned size, uint64_t written, void *user)
{
  uint32_t address = PERIPHERALS + (uint32_t)offset;

  settle ();
  *value (address) = (uint32_t)written;
  switch (address)
    {
    case 0x40013804:
      emulator_put (&board.emulator, (uint8_t)written);
      break;
    case 0x40022004:
      board.keys = written == 0x45670123 ? 1 : written == 0xCDEF89AB && board.keys == 1 ? 2 : 0;
      break;
    case 0x40022014:
      board.ar = (uint32_t)written;
      break;
    case 0x40022010:
      board.cr = (uint32_t)written;
      if (written & 0x80)
        board.keys = 0;
      if (board.keys == 2 && (written & 0x42) == 0x42)
        erase ();
      break;
    case 0x40003000:
      if (written == 0xCCCC || (written == 0xAAAA && board.bites_us != 0))
        board.bites_us = emulator_us (&board.emulator) + board.reload * 6400ull;
      break;
    case 0x40003008:
      board.reload = (uint32_t)written;
      break;
    case 0x40021024:
      if (written & 1u << 24)
        board.csr = 0;
      break;
    case GPIO_A + GPIO_BSRR:
    case GPIO_B + GPIO_BSRR:
    case GPIO_C + GPIO_BSRR:
      write_levels (address - GPIO_BSRR, (uint32_t)written);
      see_pins ();
      break;
    case GPIO_A:
    case GPIO_B:
    case GPIO_B + 4:
      see_pins ();
      break;
    case TIM3 + TIM_CCR1:
      see_light ();
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

/* What a reset makes of the registers: pins are inputs. */
static void
clear_registers (void)
{
  static const uint32_t ports[] = { GPIO_A, GPIO_B, GPIO_C };
  unsigned              at;

  memset (board.values, 0, sizeof board.values);
  for (at = 0; at < sizeof ports / sizeof *ports; at++)
    *value (ports[at]) = *value (ports[at] + 4) = 0x44444444;
  *value (TIM3 + TIM_ARR) = 0xFFFF;
  see_pins ();
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
  clear_registers ();
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
