/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_text.h"

bool
mf_text_append (char *out, size_t size, const char *text)
{
  size_t used = strlen (out), more = strlen (text);

  if (more >= size - used)
    return false;
  memcpy (out + used, text, more + 1);
  return true;
}

bool
mf_text_copy (char *out, size_t size, struct mf_bytes text)
{
  out[0] = '\0';
  if (text.size >= size || !mf_text_is_utf8 (text))
    return false;
  if (text.size > 0)
    memcpy (out, text.data, text.size);
  out[text.size] = '\0';
  return true;
}

/* How many continuation bytes follow `lead`, and the least code point that needs them; -1 when it
 * leads nothing. */
static int
utf8_tail (uint8_t lead, uint32_t *bits, uint32_t *least)
{
  static const uint32_t leasts[] = { 1, 0x80, 0x800, 0x10000 };
  int                   tail = lead < 0x80              ? 0
                               : (lead & 0xE0u) == 0xC0 ? 1
                               : (lead & 0xF0u) == 0xE0 ? 2
                               : (lead & 0xF8u) == 0xF0 ? 3
                                                        : -1;

  if (tail < 0)
    return -1;
  *bits = tail == 0 ? lead : (uint32_t)lead & (0x3Fu >> tail);
  *least = leasts[tail];
  return tail;
}

bool
mf_text_is_utf8 (struct mf_bytes text)
{
  size_t at = 0;

  while (at < text.size)
    {
      uint32_t code = 0, least = 0;
      int      tail = utf8_tail (text.data[at++], &code, &least);

      if (tail < 0 || text.size - at < (size_t)tail)
        return false;
      for (; tail > 0; tail--, at++)
        {
          if ((text.data[at] & 0xC0u) != 0x80)
            return false;
          code = code << 6 | (text.data[at] & 0x3Fu);
        }
      if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return false;
    }
  return true;
}

bool
mf_text_is_topic_level (const char *text)
{
  const char *at;

  if (text[0] == '\0' || !mf_text_is_utf8 (mf_text_bytes (text)))
    return false;
  for (at = text; *at != '\0'; at++)
    if (*at == '+' || *at == '/' || *at == '#')
      return false;
  return true;
}

struct mf_bytes
mf_text_bytes (const char *text)
{
  struct mf_bytes bytes = { (const uint8_t *)text, strlen (text) };

  return bytes;
}

bool
mf_bytes_same_secret (const uint8_t *a, const uint8_t *b, size_t size)
{
  uint8_t difference = 0;
  size_t  at;

  for (at = 0; at < size; at++)
    difference = (uint8_t)(difference | (a[at] ^ b[at]));
  return difference == 0;
}
