/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

/* All of a C library that the core wants. The compiler knows these loops by sight and would make
 * each into a call of itself. */
#define PLAIN __attribute__ ((optimize ("no-tree-loop-distribute-patterns")))

PLAIN void *
memcpy (void *restrict to, const void *restrict from, size_t size)
{
  unsigned char       *out = to;
  const unsigned char *in = from;

  while (size-- > 0)
    *out++ = *in++;
  return to;
}

PLAIN void *
memmove (void *to, const void *from, size_t size)
{
  unsigned char       *out = to;
  const unsigned char *in = from;

  if (out < in)
    return memcpy (to, from, size);
  while (size-- > 0)
    out[size] = in[size];
  return to;
}

PLAIN void *
memset (void *to, int byte, size_t size)
{
  unsigned char *out = to;

  while (size-- > 0)
    out[size] = (unsigned char)byte;
  return to;
}

PLAIN int
memcmp (const void *a, const void *b, size_t size)
{
  const unsigned char *x = a, *y = b;

  for (; size > 0; size--, x++, y++)
    if (*x != *y)
      return *x - *y;
  return 0;
}

PLAIN size_t
strlen (const char *text)
{
  size_t size = 0;

  while (text[size] != '\0')
    size++;
  return size;
}

PLAIN int
strcmp (const char *a, const char *b)
{
  for (; *a != '\0' && *a == *b; a++, b++)
    ;
  return (unsigned char)*a - (unsigned char)*b;
}

PLAIN int
strncmp (const char *a, const char *b, size_t size)
{
  for (; size > 0 && *a != '\0' && *a == *b; a++, b++, size--)
    ;
  return size == 0 ? 0 : (unsigned char)*a - (unsigned char)*b;
}
