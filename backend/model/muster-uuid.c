/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-uuid"

#include "config.h"

#include <errno.h>
#include <sys/random.h>

#include "muster-uuid.h"

/* The last tick given out: milliseconds in the upper 48 bits' worth, the 12-bit fraction below. */
static gint64 last_tick;
G_LOCK_DEFINE_STATIC (last_tick);

/* Random bytes are asked of the kernel in pools: one system call serves many ids. */
static void
fill_random (guint8 *out, size_t n)
{
  static _Thread_local guint8 pool[512];
  static _Thread_local size_t left;

  if (left < n)
    {
      ssize_t got;

      do
        got = getrandom (pool, sizeof pool, 0);
      while (got < 0 && errno == EINTR);
      if (got != (ssize_t)sizeof pool)
        g_error ("the kernel gives no random numbers: %s", g_strerror (errno));
      left = sizeof pool;
    }
  left -= n;
  memcpy (out, pool + left, n);
}

/* Method 3 of RFC 9562 §6.2: the sub-millisecond fraction in rand_a, made monotonic. */
static gint64
next_tick (gint64 unix_usec)
{
  gint64 tick = (unix_usec / 1000) * 4096 + (unix_usec % 1000) * 4096 / 1000;

  G_LOCK (last_tick);
  if (tick <= last_tick && last_tick - tick < G_GINT64_CONSTANT (10000) * 4096)
    tick =
      last_tick + 1; /* the same moment, or a clock set back a little: stay behind the last id */
  last_tick = tick;
  G_UNLOCK (last_tick);
  return tick;
}

char *
muster_uuid_new (gint64 unix_usec)
{
  static const char digits[] = "0123456789abcdef";
  guint8            bytes[16];
  gint64            tick, ms;
  char             *text = g_malloc (MUSTER_UUID_LENGTH + 1), *p = text;

  g_return_val_if_fail (unix_usec >= 0, NULL);

  tick = next_tick (unix_usec);
  ms = tick / 4096;
  for (int i = 0; i < 6; i++)
    bytes[i] = ms >> (40 - 8 * i);
  bytes[6] = 0x70 | ((tick % 4096) >> 8);
  bytes[7] = tick % 256;
  fill_random (bytes + 8, 8);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  for (int i = 0; i < 16; i++)
    {
      if (i == 4 || i == 6 || i == 8 || i == 10)
        *p++ = '-';
      *p++ = digits[bytes[i] >> 4];
      *p++ = digits[bytes[i] & 15];
    }
  *p = '\0';
  return text;
}

gboolean
muster_uuid_is_valid (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  for (int i = 0; i < MUSTER_UUID_LENGTH; i++)
    {
      gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;

      if (dash ? text[i] != '-'
               : !(g_ascii_isdigit (text[i]) || (text[i] >= 'a' && text[i] <= 'f')))
        return FALSE;
    }
  return text[MUSTER_UUID_LENGTH] == '\0';
}

gint64
muster_uuid_get_time_ms (const char *uuid)
{
  gint64 ms = 0;

  if (!muster_uuid_is_valid (uuid) || uuid[14] != '7')
    return -1;
  for (int i = 0; i < 13; i++)
    if (i != 8)
      ms = ms * 16 + g_ascii_xdigit_value (uuid[i]);
  return ms;
}
