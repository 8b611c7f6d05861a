/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-process-metrics"

#include "config.h"

#include <gio/gio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "muster-process-metrics.h"

/* The file descriptors are counted up to this: the count must not become slow where it matters. */
#define MAX_FDS 65536

static double
read_resident (gpointer owner)
{
  g_autofree char *text = NULL;
  unsigned long    size, resident;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) ||
      sscanf (text, "%lu %lu", &size, &resident) != 2)
    return NAN;
  return resident * (double)sysconf (_SC_PAGESIZE);
}

static double
read_cpu (gpointer owner)
{
  struct rusage usage;

  if (getrusage (RUSAGE_SELF, &usage) != 0)
    return NAN;
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double
read_open_fds (gpointer owner)
{
  g_autoptr (GDir) directory = g_dir_open ("/proc/self/fd", 0, NULL);
  unsigned n = 0;

  if (directory == NULL)
    return NAN;
  while (n < MAX_FDS && g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

static double
read_max_fds (gpointer owner)
{
  struct rlimit limit;

  return getrlimit (RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : NAN;
}

/* Field 22 of /proc/self/stat (proc(5)): ticks since the machine started; the name before it may
 * hold anything. */
static double
read_start_time (gpointer owner)
{
  g_autofree char   *stat = NULL, *uptime = NULL;
  const char        *end;
  unsigned long long ticks;
  double             since_boot;

  if (!g_file_get_contents ("/proc/self/stat", &stat, NULL, NULL) ||
      !g_file_get_contents ("/proc/uptime", &uptime, NULL, NULL) ||
      (end = strrchr (stat, ')')) == NULL)
    return NAN;
  if (sscanf (end + 1, "%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%llu", &ticks) !=
      1)
    return NAN;
  since_boot = g_ascii_strtod (uptime, NULL);
  return g_get_real_time () / 1e6 - since_boot + ticks / (double)sysconf (_SC_CLK_TCK);
}

static double
read_build (gpointer owner)
{
  return 1;
}

void
muster_process_metrics_add (MusterMetrics *metrics, GObject *owner)
{
  static const struct
  {
    MusterMetricsKind kind;
    const char       *name;
    const char       *help;
    const char       *labels;
    MusterMetricsRead read;
  } table[] = {
    { MUSTER_METRICS_GAUGE, "process_resident_memory_bytes", "Memory held in RAM.", NULL,
      read_resident },
    { MUSTER_METRICS_COUNTER, "process_cpu_seconds_total", "Processor time used.", NULL, read_cpu },
    { MUSTER_METRICS_GAUGE, "process_open_fds", "File descriptors open.", NULL, read_open_fds },
    { MUSTER_METRICS_GAUGE, "process_max_fds", "File descriptors that may be open.", NULL,
      read_max_fds },
    { MUSTER_METRICS_GAUGE, "process_start_time_seconds", "When the process started, since 1970.",
      NULL, read_start_time },
    { MUSTER_METRICS_GAUGE, "muster_build_info", "The version that runs.",
      "version=\"" MUSTER_VERSION "\"", read_build },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    muster_metrics_add (metrics, table[i].kind, table[i].name, table[i].help, table[i].labels,
                        owner, table[i].read);
}
