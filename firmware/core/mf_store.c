/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_crc32.h"
#include "mf_octets.h"
#include "mf_store.h"

#define HEADER 12u
#define RECORD_HEAD 4u
#define RECORD_TAIL 4u
#define CHUNK 64u

static const uint8_t magic[4] = { 'M', 'F', 'S', '1' };

static bool
flash_read (struct mf_store *self, unsigned page, size_t offset, void *data, size_t size)
{
  return self->port->ops->store_read (self->port->user, page, offset, data, size);
}

static bool
flash_write (struct mf_store *self, unsigned page, size_t offset, const void *data, size_t size)
{
  return self->port->ops->store_write (self->port->user, page, offset, data, size);
}

static bool
read_header (struct mf_store *self, unsigned page, uint32_t *generation)
{
  uint8_t header[HEADER];

  if (!flash_read (self, page, 0, header, HEADER) || memcmp (header, magic, 4) != 0 ||
      mf_get32 (header + 8) != mf_crc32 (0, header, 8))
    return false;
  *generation = mf_get32 (header + 4);
  return true;
}

static bool
write_header (struct mf_store *self, unsigned page, uint32_t generation)
{
  uint8_t header[HEADER];

  memcpy (header, magic, 4);
  mf_put32 (header + 4, generation);
  mf_put32 (header + 8, mf_crc32 (0, header, 8));
  return flash_write (self, page, 0, header, HEADER);
}

/* The CRC of `size` bytes of flash, read in pieces. */
static bool
flash_crc (struct mf_store *self, unsigned page, size_t offset, size_t size, uint32_t *crc)
{
  uint8_t chunk[CHUNK];

  for (*crc = 0; size > 0;)
    {
      size_t n = size < CHUNK ? size : CHUNK;

      if (!flash_read (self, page, offset, chunk, n))
        return false;
      *crc = mf_crc32 (*crc, chunk, n);
      offset += n;
      size -= n;
    }
  return true;
}

static bool
is_blank (struct mf_store *self, size_t offset)
{
  uint8_t chunk[CHUNK];

  while (offset < self->port->store_page_size)
    {
      size_t left = self->port->store_page_size - offset, n = left < CHUNK ? left : CHUNK, at;

      if (!flash_read (self, self->page, offset, chunk, n))
        return false;
      for (at = 0; at < n; at++)
        if (chunk[at] != 0xFF)
          return false;
      offset += n;
    }
  return true;
}

/* Reads one record at `offset`; returns what it takes up, 0 when there is no whole record. */
static size_t
scan_record (struct mf_store *self, size_t offset)
{
  size_t   left = self->port->store_page_size - offset, size;
  uint8_t  head[RECORD_HEAD], tail[RECORD_TAIL];
  uint32_t crc;

  if (left < RECORD_HEAD + RECORD_TAIL || !flash_read (self, self->page, offset, head, RECORD_HEAD))
    return 0;
  size = (size_t)head[2] | (size_t)head[3] << 8;
  if ((head[0] ^ head[1]) != 0xFF || head[0] == 0 || head[0] > MF_KEY_MAX ||
      size > MF_STORE_VALUE_MAX || size > left - RECORD_HEAD - RECORD_TAIL)
    return 0;
  if (!flash_crc (self, self->page, offset, RECORD_HEAD + size, &crc) ||
      !flash_read (self, self->page, offset + RECORD_HEAD + size, tail, RECORD_TAIL) ||
      mf_get32 (tail) != crc)
    return 0;
  self->at[head[0]] = size == 0 ? 0 : offset + RECORD_HEAD;
  self->size[head[0]] = (uint16_t)size;
  return RECORD_HEAD + size + RECORD_TAIL;
}

static void
scan (struct mf_store *self)
{
  size_t taken;

  memset (self->at, 0, sizeof self->at);
  memset (self->size, 0, sizeof self->size);
  for (self->end = HEADER; (taken = scan_record (self, self->end)) > 0;)
    self->end += taken;
  if (!is_blank (self, self->end))
    self->end = self->port->store_page_size;
}

bool
mf_store_init (struct mf_store *self, const struct mf_port *port)
{
  uint32_t generations[2] = { 0, 0 };
  bool     valid[2];
  unsigned page;

  memset (self, 0, sizeof *self);
  self->port = port;
  for (page = 0; page < 2; page++)
    valid[page] = read_header (self, page, &generations[page]);
  if (!valid[0] && !valid[1])
    {
      self->end = HEADER;
      self->generation = 1;
      return port->ops->store_erase (port->user, 0) && write_header (self, 0, 1);
    }
  /* Generations wrap: the newer is the one ahead by less than half the circle. */
  self->page = !valid[0] || (valid[1] && (int32_t)(generations[1] - generations[0]) > 0) ? 1 : 0;
  self->generation = generations[self->page];
  scan (self);
  return true;
}

size_t
mf_store_get (struct mf_store *self, enum mf_key key, void *out, size_t capacity)
{
  size_t size = self->size[key];

  if (self->at[key] == 0 || size > capacity ||
      !flash_read (self, self->page, self->at[key], out, size))
    return 0;
  return size;
}

/* Writes one record whose value is in memory (`data`) or, where that is NULL, in flash at `from` of
 * the page in use. */
static bool
write_record (struct mf_store *self,
              unsigned         page,
              size_t           offset,
              unsigned         key,
              const uint8_t   *data,
              size_t           from,
              size_t           size)
{
  uint8_t  head[RECORD_HEAD] = { (uint8_t)key, (uint8_t)~key, (uint8_t)size, (uint8_t)(size >> 8) };
  uint8_t  tail[RECORD_TAIL], chunk[CHUNK];
  uint32_t crc = mf_crc32 (0, head, RECORD_HEAD);
  size_t   done = 0;

  if (!flash_write (self, page, offset, head, RECORD_HEAD))
    return false;
  while (done < size)
    {
      size_t n = size - done < CHUNK ? size - done : CHUNK;

      if (data != NULL)
        memcpy (chunk, data + done, n);
      else if (!flash_read (self, self->page, from + done, chunk, n))
        return false;
      crc = mf_crc32 (crc, chunk, n);
      if (!flash_write (self, page, offset + RECORD_HEAD + done, chunk, n))
        return false;
      done += n;
    }
  mf_put32 (tail, crc);
  return flash_write (self, page, offset + RECORD_HEAD + size, tail, RECORD_TAIL);
}

/* The room that all records take when only the newest of each key are kept and `key` gets `size`
 * bytes. */
static size_t
room_after (const struct mf_store *self, unsigned key, size_t size)
{
  size_t   room = HEADER;
  unsigned other;

  for (other = 1; other <= MF_KEY_MAX; other++)
    {
      size_t n = other == key ? size : self->at[other] == 0 ? 0 : self->size[other];

      if (n > 0)
        room += RECORD_HEAD + n + RECORD_TAIL;
    }
  return room;
}

/* Copies all to the other page, `key` with its new value, and makes that the page in use. */
static bool
turn_over (struct mf_store *self, unsigned key, const uint8_t *data, size_t size)
{
  unsigned page = 1 - self->page, other;
  size_t   offset = HEADER;

  if (!self->port->ops->store_erase (self->port->user, page))
    return false;
  for (other = 1; other <= MF_KEY_MAX; other++)
    {
      bool   is_new = other == key;
      size_t n = is_new ? size : self->at[other] == 0 ? 0 : self->size[other];

      if (n == 0)
        continue;
      if (!write_record (self, page, offset, other, is_new ? data : NULL, self->at[other], n))
        return false;
      offset += RECORD_HEAD + n + RECORD_TAIL;
    }
  if (!write_header (self, page, self->generation + 1))
    return false;
  self->page = page;
  self->generation++;
  scan (self);
  return true;
}

bool
mf_store_set (struct mf_store *self, enum mf_key key, const void *data, size_t size)
{
  size_t page_size = self->port->store_page_size, needs = RECORD_HEAD + size + RECORD_TAIL;

  if (size > MF_STORE_VALUE_MAX || room_after (self, (unsigned)key, size) > page_size)
    return false;
  if (size == 0 && self->at[key] == 0)
    return true;
  if (needs > page_size - self->end)
    return turn_over (self, (unsigned)key, data, size);
  if (!write_record (self, self->page, self->end, (unsigned)key, data, 0, size))
    {
      self->end = page_size;
      return false;
    }
  self->at[key] = size == 0 ? 0 : self->end + RECORD_HEAD;
  self->size[key] = (uint16_t)size;
  self->end += needs;
  return true;
}
