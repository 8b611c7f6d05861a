/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include <util/atomic.h>

#include "board.h"
#include "uno.h"

/* Arduino Uno (ATmega328P at 16 MHz, 5 V): serial line on its USB, LED on pin 13; what else hangs
 * on it is in parts.c. The boot loader hands over why it started in GPIOR0. */

#define HZ 16000000ul
#define BAUD 115200ul
#define RING 64u
#define STARTED_BY_COMMAND 0xC0DEu

const char board_model[] = BOARD_MODEL;
const char board_hardware[] = BOARD_HARDWARE;
const char board_version[] = BOARD_VERSION;

static volatile uint8_t    ring[RING], ring_in, ring_out;
static volatile uint32_t   ticks;
static enum mf_reset_cause cause;
static uint16_t            mark __attribute__ ((section (".noinit")));

extern uint8_t __heap_start;

/* Before there is a stack worth the name. Volatile, or it would become a call that the paint runs
 * over. */
static void paint (void) __attribute__ ((naked, used, section (".init3")));
static void
paint (void)
{
  volatile uint8_t *at;

  for (at = &__heap_start; at <= (volatile uint8_t *)RAMEND; at++)
    *at = 0xA5;
}

ISR (USART_RX_vect)
{
  uint8_t byte = UDR0, next = (uint8_t)((ring_in + 1) % RING);

  if (next == ring_out)
    return; /* lost; the frame's CRC will say so */
  ring[ring_in] = byte;
  ring_in = next;
}

ISR (TIMER1_COMPA_vect) { ticks++; }

static void
learn_cause (void)
{
  uint8_t flags = (uint8_t)(MCUSR | GPIOR0);

  MCUSR = 0;
  wdt_disable ();
  cause = !(flags & _BV (WDRF))        ? MF_RESET_POWER_ON
          : mark == STARTED_BY_COMMAND ? MF_RESET_COMMAND
                                       : MF_RESET_WATCHDOG;
  mark = 0;
}

void
board_init (void)
{
  learn_cause ();
  UBRR0 = (uint16_t)((HZ + 4 * BAUD) / (8 * BAUD) - 1);
  UCSR0A = _BV (U2X0);
  UCSR0C = _BV (UCSZ01) | _BV (UCSZ00);
  UCSR0B = _BV (RXEN0) | _BV (TXEN0) | _BV (RXCIE0);
  TCCR1B = _BV (WGM12) | _BV (CS11) | _BV (CS10);
  OCR1A = HZ / 64 / 1000 - 1;
  TIMSK1 = _BV (OCIE1A);
  DDRB = _BV (PB5);
  TCCR0A = _BV (WGM01) | _BV (WGM00);
  TCCR0B = _BV (CS01) | _BV (CS00);
  ADMUX = _BV (REFS0) | 14; /* the band gap, against the supply */
  ADCSRA = _BV (ADEN) | _BV (ADPS2) | _BV (ADPS1) | _BV (ADPS0);
  wdt_enable (WDTO_4S);
  sei ();
}

uint32_t
board_ms (void)
{
  uint32_t now;

  ATOMIC_BLOCK (ATOMIC_RESTORESTATE) { now = ticks; }
  return now;
}

void
board_put (const uint8_t *bytes, size_t size)
{
  while (size-- > 0)
    {
      while (!(UCSR0A & _BV (UDRE0)))
        ;
      UDR0 = *bytes++;
    }
}

int
board_get (void)
{
  uint8_t byte;

  if (ring_in == ring_out)
    return -1;
  byte = ring[ring_out];
  ring_out = (uint8_t)((ring_out + 1) % RING);
  return byte;
}

void
board_idle (void)
{
  set_sleep_mode (SLEEP_MODE_IDLE);
  cli ();
  if (ring_in == ring_out)
    {
      sleep_enable ();
      sei (); /* takes effect after the next instruction: nothing is slept through */
      sleep_cpu ();
      sleep_disable ();
    }
  sei ();
}

void
board_feed_watchdog (void)
{
  wdt_reset ();
}

void
board_reset (void)
{
  cli ();
  mark = STARTED_BY_COMMAND;
  wdt_enable (WDTO_15MS);
  wdt_reset ();
  for (;;)
    ;
}

enum mf_reset_cause
board_reset_cause (void)
{
  return cause;
}

uint16_t
uno_convert (void)
{
  ADCSRA |= _BV (ADSC);
  while (ADCSRA & _BV (ADSC))
    ;
  return ADC;
}

/* What the converter's last bits and the timer are worth. */
void
board_random (void *out, size_t size)
{
  uint8_t *to = out;

  while (size-- > 0)
    to[size] = (uint8_t)(uno_convert () ^ TCNT1);
}

void
board_led (bool on)
{
  if (on)
    PORTB |= _BV (PB5);
  else
    PORTB &= (uint8_t)~_BV (PB5);
}

uint32_t
board_stack_free (void)
{
  const volatile uint8_t *at = &__heap_start;

  while (at <= (const volatile uint8_t *)RAMEND && *at == 0xA5)
    at++;
  return (uint32_t)(at - &__heap_start);
}

/* EEPROM needs no erasing; what the records want of flash is that blank reads 0xFF. */
static bool
eeprom_get (void *user, uint32_t offset, void *data, uint32_t size)
{
  (void)user;
  eeprom_read_block (data, (const void *)(uint16_t)offset, (size_t)size);
  return true;
}

static bool
eeprom_put (void *user, uint32_t offset, const void *data, uint32_t size)
{
  (void)user;
  eeprom_update_block (data, (void *)(uint16_t)offset, (size_t)size);
  return true;
}

static bool
eeprom_blank (void *user, uint32_t offset)
{
  uint16_t at;

  (void)user;
  for (at = 0; at < UNO_RECORDS_HALF; at++)
    {
      eeprom_update_byte ((uint8_t *)(uint16_t)(offset + at), 0xFF);
      wdt_reset ();
    }
  return true;
}

static const struct mf_flash_ops ops = { eeprom_get, eeprom_put, eeprom_blank };

const struct mf_flash board_records = { &ops, NULL, 2 * UNO_RECORDS_HALF, UNO_RECORDS_HALF, 16 };
