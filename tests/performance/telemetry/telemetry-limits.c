/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this machine can do at all, as JSON: telemetry-limits FOLDER BODY. FOLDER lies on the disk
 * that is asked; BODY is one of the bodies of telemetry-workload. */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MEGABYTE (1024 * 1024)

static double
get_seconds (gint64 started)
{
  return MAX (1, g_get_monotonic_time () - started) / 1e6;
}

/* MB/s of one long write that is durable at its end. */
static double
measure_disk (int fd)
{
  const int        n_blocks = 256;
  g_autofree char *block = g_malloc (MEGABYTE);
  gint64           started;

  for (int i = 0; i < MEGABYTE; i++)
    block[i] = (i * 2654435761u) >> 24;
  started = g_get_monotonic_time ();
  for (int i = 0; i < n_blocks; i++)
    if (write (fd, block, MEGABYTE) != MEGABYTE)
      return 0;
  if (fdatasync (fd) != 0)
    return 0;
  return n_blocks * (MEGABYTE / 1e6) / get_seconds (started);
}

static int
compare_times (const void *a, const void *b)
{
  const gint64 *left = a, *right = b;

  return (*left > *right) - (*left < *right);
}

/* Milliseconds until 64 kB more are durable, the median. */
static double
measure_sync (int fd)
{
  char   block[65536] = "";
  gint64 took[51];

  for (guint i = 0; i < G_N_ELEMENTS (took); i++)
    {
      gint64 started = g_get_monotonic_time ();

      if (write (fd, block, sizeof block) != sizeof block || fdatasync (fd) != 0)
        return 0;
      took[i] = g_get_monotonic_time () - started;
    }
  qsort (took, G_N_ELEMENTS (took), sizeof *took, compare_times);
  return took[G_N_ELEMENTS (took) / 2] / 1e3;
}

/* GB/s that one core copies in memory too large for its caches, read and written counted once. */
static double
measure_memory (void)
{
  const gsize      size = 128 * MEGABYTE;
  g_autofree char *from = g_malloc0 (size), *to = g_malloc0 (size);
  gint64           started;

  memset (from, 1, size);
  memcpy (to, from, size);
  started = g_get_monotonic_time ();
  for (int i = 0; i < 8; i++)
    {
      from[i] = i;
      memcpy (to, from, size);
      __asm__ volatile ("" : : "r"(to) : "memory");
    }
  return 8 * size / 1e9 / get_seconds (started);
}

/* Reads the numbers of one line and nothing else: tags, escapes and faults cost more. */
static gint64
parse_line (const char *at, const char *end, guint64 *n_values)
{
  gint64 sum = 0, number = 0;

  while (at < end && *at != ' ')
    at++;
  for (gboolean in_number = FALSE; at < end; at++)
    if (*at >= '0' && *at <= '9' && in_number)
      number = number * 10 + (*at - '0');
    else if (*at == '=')
      in_number = TRUE;
    else if (*at == ',' || *at == ' ')
      {
        *n_values += in_number;
        sum += number;
        number = 0;
        in_number = *at == ' ';
      }
  return sum + number;
}

/* Samples/s that one core reads out of the text of bodies. */
static double
measure_parsing (const char *text, gsize length)
{
  volatile gint64 sum = 0;
  guint64         n_values = 0;
  gint64          started = g_get_monotonic_time ();

  for (int i = 0; i < 100; i++)
    {
      const char *at = text, *end = text + length, *line_end;

      for (; at < end && (line_end = memchr (at, '\n', end - at)) != NULL; at = line_end + 1)
        sum += parse_line (at, line_end, &n_values);
    }
  return n_values / get_seconds (started);
}

int
main (int argc, char *argv[])
{
  g_autofree char *path = NULL, *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize  length;
  int    fd;
  double disk, sync;

  if (argc != 3 || !g_file_get_contents (argv[2], &text, &length, &error))
    {
      g_printerr ("%s\n", error != NULL ? error->message : "telemetry-limits FOLDER BODY");
      return 2;
    }
  path = g_build_filename (argv[1], "limits", NULL);
  fd = g_open (path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  disk = measure_disk (fd);
  sync = measure_sync (fd);
  close (fd);
  g_unlink (path);
  g_print ("{\"disk_mb_s\":%.1f,\"sync_ms\":%.3f,\"memory_gb_s\":%.2f,\"parse_samples_s\":%.0f}\n",
           disk, sync, measure_memory (), measure_parsing (text, length));
  return disk <= 0;
}
