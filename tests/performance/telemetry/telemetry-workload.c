/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes what devices would send, as bodies of InfluxDB's line protocol, one file a request:
 * DEVICES × METRICS values that walk slowly, a row each INTERVAL with some jitter, in order of
 * time. The same options give the same bytes, so that two stores are given the same. */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>

typedef struct
{
  const char *name;
  unsigned    digits; /* behind the point */
  int         least, greatest;
  unsigned    moves; /* in how many of 1,000 rows */
  int         step;  /* how far at most, in the last digit */
} Metric;

/* The rates are such that VictoriaMetrics 1.112 keeps the whole in some 1.66 bytes a sample. */
static const Metric metrics[] = {
  { "temperature", 1, 150, 300, 600, 3 }, { "humidity", 1, 300, 700, 600, 3 },
  { "cpu", 1, 10, 990, 900, 40 },         { "memory", 2, 2000, 9000, 800, 16 },
  { "battery", 0, 0, 100, 2, 1 },
};

static int    n_devices = 1000;
static int    first_device;
static int    n_metrics = G_N_ELEMENTS (metrics);
static int    n_rows = 2160;
static int    interval = 10000;
static int    jitter = 50;
static int    per_body = 5000;
static int    untimed;
static gint64 begin = 1767225600000;
static gint64 seed = 1;

static const GOptionEntry options[] = {
  { "devices", 0, 0, G_OPTION_ARG_INT, &n_devices, "How many send", "N" },
  { "first", 0, 0, G_OPTION_ARG_INT, &first_device, "Number of the first of them", "N" },
  { "metrics", 0, 0, G_OPTION_ARG_INT, &n_metrics, "How many values a row has, 5 at most", "N" },
  { "rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "Rows of each device", "N" },
  { "interval", 0, 0, G_OPTION_ARG_INT, &interval, "Between the rows of a device", "MSEC" },
  { "jitter", 0, 0, G_OPTION_ARG_INT, &jitter, "How early or late a row is at most", "MSEC" },
  { "lines", 0, 0, G_OPTION_ARG_INT, &per_body, "Lines of a body", "N" },
  { "untimed", 0, 0, G_OPTION_ARG_INT, &untimed, "1: lines have no time", "0|1" },
  { "begin", 0, 0, G_OPTION_ARG_INT64, &begin, "Time of the first row, since 1970", "MSEC" },
  { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Another seed gives other walks", "N" },
  { NULL },
};

typedef struct
{
  const char *folder;
  GString    *body;
  int         lines;   /* in the body */
  int         written; /* bodies */
  guint64     random;
  int        *values; /* of each device, in the last digit */
} Workload;

/* xorshift64*, Vigna 2016. */
static unsigned
draw (Workload *self, unsigned below)
{
  self->random ^= self->random >> 12;
  self->random ^= self->random << 25;
  self->random ^= self->random >> 27;
  return ((self->random * G_GUINT64_CONSTANT (2685821657736338717)) >> 32) % below;
}

static void
append_unsigned (GString *text, guint64 value, unsigned digits)
{
  char     buffer[24];
  unsigned at = sizeof buffer, written = 0;

  do
    {
      if (digits > 0 && written == digits)
        buffer[--at] = '.';
      buffer[--at] = '0' + value % 10;
      value /= 10;
      written++;
    }
  while (value > 0 || (digits > 0 && written <= digits));
  g_string_append_len (text, buffer + at, sizeof buffer - at);
}

static void
walk (Workload *self, const Metric *metric, int *value)
{
  int way = draw (self, 2) ? 1 : -1, next;

  if (draw (self, 1000) >= metric->moves)
    return;
  next = *value + way * (int)(1 + draw (self, metric->step));
  *value = CLAMP (next, metric->least, metric->greatest);
}

static gboolean
flush (Workload *self, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%06d.lp", self->written);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  if (self->lines == 0)
    return TRUE;
  if (!g_file_set_contents_full (path, self->body->str, self->body->len, G_FILE_SET_CONTENTS_NONE,
                                 0644, error))
    return FALSE;
  g_string_truncate (self->body, 0);
  self->lines = 0;
  self->written++;
  return TRUE;
}

static gboolean
add_line (Workload *self, int device, gint64 time, GError **error)
{
  int *values = self->values + device * n_metrics;

  g_string_append (self->body, "telemetry,device=BENCH-");
  append_unsigned (self->body, 10000 + first_device + device, 0);
  for (int i = 0; i < n_metrics; i++)
    {
      walk (self, &metrics[i], &values[i]);
      g_string_append_c (self->body, i == 0 ? ' ' : ',');
      g_string_append (self->body, metrics[i].name);
      g_string_append_c (self->body, '=');
      append_unsigned (self->body, values[i], metrics[i].digits);
    }
  if (!untimed)
    {
      g_string_append_c (self->body, ' ');
      append_unsigned (self->body, time, 0);
      g_string_append (self->body, "000000");
    }
  g_string_append_c (self->body, '\n');
  return ++self->lines < per_body || flush (self, error);
}

static gboolean
write_all (Workload *self, GError **error)
{
  for (int row = 0; row < n_rows; row++)
    for (int device = 0; device < n_devices; device++)
      {
        gint64 time = begin + (gint64)row * interval;

        if (jitter > 0)
          time += (int)draw (self, 2 * jitter + 1) - jitter;
        if (!add_line (self, device, time, error))
          return FALSE;
      }
  return flush (self, error);
}

/* Bits that one of the steps of METRIC holds, after Shannon. */
static double
get_entropy (const Metric *metric)
{
  double moves = metric->moves / 1000.0;

  return moves * (1 + log2 (metric->step)) - moves * log2 (moves) - (1 - moves) * log2 (1 - moves);
}

/* The fewest bytes a sample that a store of whole device rows could keep. */
static double
get_least_bytes (void)
{
  double bits = log2 (2 * jitter + 1);

  for (int i = 0; i < n_metrics; i++)
    bits += get_entropy (&metrics[i]);
  return bits / 8 / n_metrics;
}

static void
start_walks (Workload *self)
{
  self->values = g_new (int, n_devices *n_metrics);
  for (int i = 0; i < n_devices * n_metrics; i++)
    {
      const Metric *metric = &metrics[i % n_metrics];

      self->values[i] = metric->least + draw (self, metric->greatest - metric->least + 1);
    }
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER");
  g_autoptr (GError) error = NULL;
  Workload workload = { .body = g_string_new (NULL) };
  gboolean written;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 || n_devices < 1 ||
      n_metrics < 1 || n_metrics > G_N_ELEMENTS (metrics) || interval < 1 || per_body < 1)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "see --help");
      return 2;
    }
  workload.folder = argv[1];
  workload.random = (guint64)seed * 2 + 1;
  g_mkdir_with_parents (argv[1], 0755);
  start_walks (&workload);
  written = write_all (&workload, &error);
  if (written)
    g_print ("{\"bodies\":%d,\"samples\":%" G_GINT64_FORMAT ",\"least_bytes\":%.3f}\n",
             workload.written, (gint64)n_rows * n_devices * n_metrics, get_least_bytes ());
  else
    g_printerr ("%s\n", error->message);
  g_string_free (workload.body, TRUE);
  g_free (workload.values);
  return !written;
}
