/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <avr/boot.h>
#include <avr/io.h>
#include <avr/wdt.h>
#include <string.h>

#include "mf_crc32.h"
#include "mf_hmac.h"
#include "mf_image.h"
#include "mf_link.h"
#include "mf_octets.h"
#include "mf_records.h"
#include "mf_rom.h"
#include "mf_unit.h"
#include "uno.h"

/*
 * The loader in the Uno's boot section, which starts with the chip: see "The loader" of LINK.md. It
 * listens for a moment, then runs the program, if there is one that it checked. It takes only what
 * bears a code by the unit's key. There is one slot: what was there before is given up first, and
 * until the new one is whole and checked, the loader waits for it.
 */

#define BAUD 115200ul
#define TICKS_PER_S (F_CPU / 1024)
#define START_TICKS (TICKS_PER_S / 2)
#define PATIENCE_TICKS (TICKS_PER_S * 4)
#define LAST_TICKS 4u /* two bytes are out by then */
#define CRC 4u
#define OF_FORMAT 8u /* bytes of an image that say what it is, before the model */

enum kind
{
  ENQUIRE = 0x20,
  BEGIN = 0x21,
  DATA = 0x22,
  FINISH = 0x23,
  RUN = 0x24,
  LOADER = 0xA0,
};

static uint8_t  frame[1 + MF_IMAGE_HEADER_SIZE + MF_LINK_TAG + CRC];
static uint16_t frame_size;
static uint8_t  header[MF_IMAGE_HEADER_SIZE]; /* of the image that comes */
static uint16_t size, wanted;                 /* of its program; the next byte */
static bool     is_coming, is_whole;

static void
init (void)
{
  size = wanted = 0;
  is_coming = false;
  UBRR0 = (uint16_t)((F_CPU + 4 * BAUD) / (8 * BAUD) - 1);
  UCSR0A = _BV (U2X0);
  UCSR0C = _BV (UCSZ01) | _BV (UCSZ00);
  UCSR0B = _BV (RXEN0) | _BV (TXEN0);
  TCCR1B = _BV (CS12) | _BV (CS10);
}

static void
put (uint8_t byte)
{
  while (!(UCSR0A & _BV (UDRE0)))
    ;
  UDR0 = byte;
}

static void
take (uint8_t byte)
{
  if (frame_size < sizeof frame)
    frame[frame_size] = byte;
  frame_size++;
}

/* Whether the frame is whole, and the loader's. */
static bool
is_frame (void)
{
  if (frame_size <= CRC || frame_size > sizeof frame)
    return false;
  frame_size -= CRC;
  return mf_get32 (frame + frame_size) == mf_crc32 (0, frame, frame_size) && frame[0] >= ENQUIRE &&
         frame[0] <= RUN;
}

/* Decodes COBS as it comes. False: no frame for the loader came in that time. */
static bool
receive (uint16_t ticks)
{
  uint8_t code = 0xFF, left = 0;

  frame_size = 0;
  for (TCNT1 = 0; TCNT1 < ticks;)
    {
      uint8_t byte;

      if (!(UCSR0A & _BV (RXC0)))
        continue;
      byte = UDR0;
      if (byte == 0)
        {
          if (is_frame ())
            return true;
          frame_size = 0;
          code = 0xFF;
          left = 0;
        }
      else if (left > 0)
        {
          take (byte);
          left--;
        }
      else
        {
          if (code != 0xFF)
            take (0);
          code = byte;
          left = (uint8_t)(byte - 1);
        }
    }
  return false;
}

/* Sends what is in the frame, which is shorter than a run of COBS may be. */
static void
send (uint8_t n)
{
  uint8_t at = 0, run;

  mf_put32 (frame + n, mf_crc32 (0, frame, n));
  n += CRC;
  for (; at <= n; at++)
    {
      for (run = 0; at + run < n && frame[at + run] != 0; run++)
        ;
      put ((uint8_t)(run + 1));
      for (; run > 0; run--)
        put (frame[at++]);
    }
  put (0);
  for (TCNT1 = 0; TCNT1 < LAST_TICKS;) /* the program may take the line over now */
    ;
}

static void
answer (uint8_t request, uint8_t status)
{
  frame[0] = LOADER;
  frame[1] = MF_LINK_VERSION;
  frame[2] = request;
  frame[3] = status;
  frame[4] = is_whole;
  mf_put32 (frame + 5, uno_counter ());
  mf_put32 (frame + 9, wanted);
  mf_put16 (frame + 13, UNO_PAGE);
  send (15);
}

static void
write_page (uint16_t at, const uint8_t *bytes)
{
  uint8_t n;

  boot_page_erase (at);
  boot_spm_busy_wait ();
  for (n = 0; n < UNO_PAGE; n += 2)
    boot_page_fill (at + n, mf_get16 (bytes + n));
  boot_page_write (at);
  boot_spm_busy_wait ();
  boot_rww_enable ();
}

static uint32_t
crc_of_flash (uint16_t at, uint16_t n)
{
  uint32_t crc = 0;

  for (; n > 0; n--, at++)
    {
      uint8_t byte = pgm_read_byte (at);

      crc = mf_crc32 (crc, &byte, 1);
    }
  return crc;
}

/* Whether flash holds what was checked when it came. */
static bool
check_flash (void)
{
  uint32_t n = pgm_read_dword (UNO_HEADER + UNO_SIZE_IN_HEADER);

  return n <= UNO_PROGRAM_MAX &&
         pgm_read_dword (UNO_HEADER + UNO_HEADER_KEPT + 4) ==
           crc_of_flash (UNO_HEADER, UNO_HEADER_KEPT + 4) &&
         pgm_read_dword (UNO_HEADER + UNO_HEADER_KEPT) == crc_of_flash (0, (uint16_t)n);
}

/* The key of the newest whole record that has one, as mf_records.h lays it out; zeros if none. */
static void
find_key (uint8_t key[MF_LINK_KEY])
{
  uint8_t  record[MF_RECORD_SIZE];
  uint32_t newest = 0, number;
  uint16_t at;

  memset (key, 0, MF_LINK_KEY);
  for (at = 0; at < 2 * UNO_RECORDS_HALF; at += MF_RECORD_SIZE)
    {
      eeprom_read_block (record, (const void *)at, sizeof record);
      number = mf_get32 (record);
      if (record[4] != MF_UNIT_RECORD_SERIAL || number <= newest ||
          mf_get32 (record + MF_RECORD_SIZE - CRC) != mf_crc32 (0, record, MF_RECORD_SIZE - CRC))
        continue;
      newest = number;
      memcpy (key, record + 6 + 1 + MF_LINK_SERIAL_MAX, MF_LINK_KEY);
    }
}

/* Whether the header that came bears the code of this unit's key. */
static bool
is_authentic (void)
{
  static const MF_ROM char purpose[] = "muster loader image";
  uint8_t                  key[MF_LINK_KEY], code[MF_SHA256_SIZE], differs = 0, at;
  struct mf_bytes parts[2] = { { code, sizeof purpose - 1 }, { frame + 1, MF_IMAGE_HEADER_SIZE } };
  struct mf_bytes secret = { key, sizeof key };

  find_key (key);
  for (at = 0; at < sizeof purpose - 1; at++)
    code[at] = (uint8_t)purpose[at];
  mf_hmac_sha256 (code, secret, parts, 2);
  for (at = 0; at < MF_LINK_TAG; at++)
    differs |= code[at] ^ frame[1 + MF_IMAGE_HEADER_SIZE + at];
  return differs == 0;
}

/* What images for this board begin with: code, format, size of the header, model. */
static const MF_ROM struct
{
  uint8_t code[OF_FORMAT];
  char    model[MF_IMAGE_MODEL_SIZE];
} start = { { 'M', 'F', 'I', '1', 1, 0, 0, 1 }, BOARD_MODEL };

/* How much of what came is as it must be. */
static uint8_t
measure_start (void)
{
  const MF_ROM uint8_t *want = start.code;
  uint8_t               at;

  for (at = 0; at < sizeof start && frame[1 + at] == want[at]; at++)
    ;
  return at;
}

/* The header and its code came: may that image run here? */
static uint8_t
judge (void)
{
  const uint8_t *came = frame + 1;
  uint32_t       n = mf_get32 (came + UNO_SIZE_IN_HEADER);
  uint8_t        right = measure_start ();

  if (right < OF_FORMAT)
    return MF_UNIT_CORRUPT;
  if (!is_authentic ())
    return MF_UNIT_SIGNATURE;
  if (right < sizeof start || mf_get16 (came + 40) > BOARD_HARDWARE_REVISION ||
      mf_get16 (came + 42) < BOARD_HARDWARE_REVISION || mf_get32 (came + 64) != 0)
    return MF_UNIT_FOREIGN;
  if (mf_get32 (came + UNO_COUNTER_IN_HEADER) < uno_counter ())
    return MF_UNIT_OLDER;
  return n > UNO_PROGRAM_MAX ? MF_UNIT_TOO_LARGE : MF_UNIT_DONE;
}

static uint8_t
begin (void)
{
  uint8_t status = judge ();

  if (status != MF_UNIT_DONE)
    return status;
  memcpy (header, frame + 1, sizeof header);
  size = mf_get16 (header + UNO_SIZE_IN_HEADER);
  wanted = 0;
  is_coming = true;
  is_whole = false;
  memset (frame, 0xFF, UNO_PAGE);
  write_page (UNO_HEADER + UNO_PAGE, frame);
  write_page (UNO_HEADER, frame);
  return MF_UNIT_DONE;
}

static uint8_t
take_page (void)
{
  if (!is_coming || wanted >= size || mf_get32 (frame + 1) != wanted)
    return MF_UNIT_NOT_NOW;
  write_page (wanted, frame + 5);
  wanted += UNO_PAGE;
  return MF_UNIT_DONE;
}

static bool
has_right_hash (void)
{
  uint8_t          digest[MF_SHA256_SIZE], chunk;
  struct mf_sha256 hash;
  uint16_t         at;

  mf_sha256_init (&hash);
  for (at = 0; at < size; at++)
    {
      chunk = pgm_read_byte (at);
      mf_sha256_update (&hash, &chunk, 1);
    }
  mf_sha256_final (&hash, digest);
  return memcmp (digest, header + 68, sizeof digest) == 0;
}

static uint8_t
finish (void)
{
  if (!is_coming || wanted < size)
    return MF_UNIT_NOT_NOW;
  is_coming = false;
  if (!has_right_hash ())
    return MF_UNIT_CORRUPT;
  mf_put32 (header + UNO_HEADER_KEPT, crc_of_flash (0, size));
  mf_put32 (header + UNO_HEADER_KEPT + 4, mf_crc32 (0, header, UNO_HEADER_KEPT + 4));
  write_page (UNO_HEADER, header);
  write_page (UNO_HEADER + UNO_PAGE, header + UNO_PAGE);
  is_whole = check_flash ();
  return is_whole ? MF_UNIT_DONE : MF_UNIT_FAILED;
}

static uint8_t
serve (void)
{
  static const MF_ROM uint16_t sizes[] = { 1, 1 + MF_IMAGE_HEADER_SIZE + MF_LINK_TAG, 5 + UNO_PAGE,
                                           1, 1 };

  if (frame_size != sizes[frame[0] - ENQUIRE])
    return MF_UNIT_MALFORMED;
  switch (frame[0])
    {
    case BEGIN:
      return begin ();
    case DATA:
      return take_page ();
    case FINISH:
      return finish ();
    case RUN:
      return is_whole ? MF_UNIT_DONE : MF_UNIT_NOT_NOW;
    default:
      return MF_UNIT_DONE;
    }
}

/* The program is told by GPIOR0 why the chip started. One that stands still before it starts the
 * watchdog itself leads back here, where a gateway finds the loader. */
static void
run (uint8_t cause)
{
  wdt_enable (WDTO_8S);
  TCCR1B = 0;
  TCNT1 = 0;
  GPIOR0 = cause;
  __asm volatile ("jmp 0");
}

static void __attribute__ ((OS_main, noinline))
work (void)
{
  uint16_t patience = START_TICKS;
  uint8_t  cause = MCUSR;

  MCUSR = 0;
  wdt_disable ();
  init ();
  is_whole = check_flash ();
  for (;;)
    {
      uint8_t request = receive (patience) ? frame[0] : 0;

      patience = PATIENCE_TICKS;
      if (request != 0)
        answer (request, serve ());
      if (is_whole && (request == 0 || request == RUN))
        run (cause);
    }
}

/* There is no start-up before it: the chip has set the stack, and what the compiler takes for zero
 * is made so here. */
__attribute__ ((naked, used, section (".vectors"))) int
main (void)
{
  __asm volatile ("clr __zero_reg__");
  work ();
  __builtin_unreachable ();
}
