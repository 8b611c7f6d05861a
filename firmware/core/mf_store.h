/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_STORE_H
#define MF_STORE_H

#include "mf_port.h"

/*
 * What must survive a reset: small records by key, in two pages of flash. Records are appended to
 * the page in use; when it is full, the newest of each key are copied to the other page, whose
 * header is written last and makes it the page in use. Power may fail at any byte: a record is then
 * either what it was before or what it was to become.
 *
 * Page: "MFS1", u32 generation, u32 CRC-32 of the eight bytes; then records: u8 key, u8 ~key, u16
 * size, data, u32 CRC-32 of all that. Little-endian. Size 0 means that the key has no value.
 */

enum mf_key
{
  MF_KEY_SECRET = 1,      /* 16 bytes: the label's */
  MF_KEY_CREDENTIALS = 2, /* muster.pairing.Credentials */
  MF_KEY_SESSION = 3,     /* u8 bdSeq of the last CONNECT, u64 UTC ms when it was */
  MF_KEY_UPDATE = 4,      /* see mf_update_record.c */
  MF_KEY_UPDATE_MARK = 5, /* u32 how far the slot is written */
  MF_KEY_UPDATE_WAY =
    6,             /* u32 size of the index, u32 bytes fetched; those that know neither skip it */
  MF_KEY_SAFE = 7, /* see mf_node_safe.c */
  MF_KEY_MAX = 15,
};

#define MF_STORE_VALUE_MAX 2048u

struct mf_store
{
  const struct mf_port *port;
  uint32_t              generation;
  unsigned              page;
  size_t end; /* where the next record goes; page size when only a copy to the other page will do */
  size_t at[MF_KEY_MAX + 1];     /* offset of the key's value, 0 = none */
  uint16_t size[MF_KEY_MAX + 1]; /* and its length */
};

/* Finds what the flash holds, or makes it ready. False: the flash cannot be read or written. */
bool mf_store_init (struct mf_store *self, const struct mf_port *port);

/* Reads a value into `out`. Returns its length; 0 = none, or longer than `capacity`. */
size_t mf_store_get (struct mf_store *self, enum mf_key key, void *out, size_t capacity);

/* Sets a value (size 0 removes it), durable when this returns true. False: no space, or flash
 * failed; the old value holds. */
bool mf_store_set (struct mf_store *self, enum mf_key key, const void *data, size_t size);

#endif
