/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_RECORDS_H
#define MF_RECORDS_H

#include <stddef.h>

#include "mf_flash.h"

/*
 * A few small values by number that a unit keeps over a power cut, in a region of flash of two
 * erase units. Every record says one value whole and has a place of its own, of
 * MF_RECORD_SIZE bytes rounded up to program units, so that a torn one spoils nothing but itself.
 * The newest whole record of a key counts. Where the unit in use is full, the newest of each key
 * are copied to the other one.
 *
 * Record, little-endian: u32 number, u8 key, u8 size, data, 0xFF; the last four bytes of the place
 * are the CRC-32 of all before them.
 */

#define MF_RECORD_SIZE 80u
#ifndef MF_RECORD_PLACE_MAX /* a board that is short of stack says how large its places are */
#define MF_RECORD_PLACE_MAX MF_FLASH_PROGRAM_MAX
#endif
#define MF_RECORD_VALUE_MAX (MF_RECORD_SIZE - 10u)
#ifndef MF_RECORD_KEYS /* so does one that is short of memory, how many values it has */
#define MF_RECORD_KEYS 5u
#endif

struct mf_records
{
  const struct mf_flash *flash;
  uint32_t               number;             /* of the newest */
  uint32_t               place;              /* bytes of each record */
  uint32_t               unit;               /* in use */
  uint32_t               next;               /* where the next goes */
  uint32_t               at[MF_RECORD_KEYS]; /* the newest of each key; UINT32_MAX = none */
};

/* Reads what the flash holds, and ends a copying that power cut short. False: the flash fails. */
bool mf_records_init (struct mf_records *self, const struct mf_flash *flash);

/* Reads a value of just `size` bytes. False: there is none of that size. */
bool mf_records_get (const struct mf_records *self, unsigned key, void *data, size_t size);

/* Sets a value, durable when this returns true; one that stands already is not written anew.
 * False: the old value holds. */
bool mf_records_set (struct mf_records *self, unsigned key, const void *data, size_t size);

#endif
