/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNO_H
#define UNO_H

#include <avr/eeprom.h>
#include <avr/pgmspace.h>
#include <stdint.h>

/* What the Uno's program and its loader know of each other. The program has all of flash up to its
 * header, and the loader the boot section. EEPROM holds the unit's records, two halves of six, and
 * behind them the counter twice. */

#define UNO_PAGE 128u
#define UNO_PROGRAM_MAX 0x6F00u

/* What the loader keeps of the image that it checked: the first part of its header, then CRC-32 of
 * the program, then CRC-32 of all that. Written last, and given up first. */
#define UNO_HEADER 0x6F00u
#define UNO_HEADER_KEPT 192u
#define UNO_COUNTER_IN_HEADER 56u
#define UNO_SIZE_IN_HEADER 60u

/* A conversion of the band gap against the supply, of 1,023. */
uint16_t uno_convert (void);

#define UNO_RECORDS_HALF 480u
#define UNO_COUNTERS 960u

/* The highest security counter that was confirmed: it stands in one of two places, each followed by
 * its complement, for power may fail while one is written. */
static inline uint32_t
uno_counter (void)
{
  uint32_t both[4], highest = 0;
  uint8_t  at;

  eeprom_read_block (both, (const void *)UNO_COUNTERS, sizeof both);
  for (at = 0; at < 4; at += 2)
    if (both[at] == ~both[at + 1] && both[at] > highest)
      highest = both[at];
  return highest;
}

#endif
