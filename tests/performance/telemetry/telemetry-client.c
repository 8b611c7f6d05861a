/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends requests to a server by the clock, and prints what it took as JSON:
 *   telemetry-client --address A --target T --posters 2 FOLDER    each file of FOLDER as a body
 *   telemetry-client --address A --target T --times 50 [--body B] the same request again and again
 */
#include "config.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "bench-connection.h"

static char  *address;
static char  *target;
static char  *body;
static char  *output;
static char **headers;
static int    n_posters = 2;
static int    times = 50;
static double rate;

static const GOptionEntry options[] = {
  { "address", 0, 0, G_OPTION_ARG_STRING, &address, "Of the server",
    "unix:PATH|http://…|https://…" },
  { "target", 0, 0, G_OPTION_ARG_STRING, &target, "Path and query", "TARGET" },
  { "header", 0, 0, G_OPTION_ARG_STRING_ARRAY, &headers, "One more header", "NAME: VALUE" },
  { "body", 0, 0, G_OPTION_ARG_STRING, &body, "What is asked, by POST", "JSON" },
  { "times", 0, 0, G_OPTION_ARG_INT, &times, "How often it is asked", "N" },
  { "posters", 0, 0, G_OPTION_ARG_INT, &n_posters, "Connections that post at once", "N" },
  { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &rate, "Bodies a second, 0: as fast as they are taken",
    "N" },
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &output, "Where the last answer is written", "FILE" },
  { NULL },
};

typedef struct
{
  GPtrArray *bodies; /* (element-type GMappedFile) */
  int        next;   /* (atomic) the body that is sent next */
  gint64     started;
  char      *headers;
  GMutex     mutex; /* of what follows */
  GArray    *took;  /* microseconds of each request */
  guint64    bytes;
  char      *trouble; /* (nullable) the first */
} Run;

static void
run_fail (Run *self, const char *message)
{
  g_mutex_lock (&self->mutex);
  if (self->trouble == NULL)
    self->trouble = g_strdup (message);
  g_mutex_unlock (&self->mutex);
}

/* FALSE where the others should end too. */
static gboolean
run_exchange (Run             *self,
              BenchConnection *connection,
              const char      *method,
              gconstpointer    data,
              gsize            length)
{
  g_autoptr (GError) error = NULL;
  gint64 started = g_get_monotonic_time ();
  int    status = bench_connection_exchange (connection, method, target, data, length, &error);
  gint64 took = g_get_monotonic_time () - started;

  if (status < 200 || status > 299)
    {
      g_autofree char *message =
        g_strdup_printf ("%d %.500s", status,
                         error != NULL ? error->message
                                       : bench_connection_get_answer (connection)->str);

      run_fail (self, message);
      return FALSE;
    }
  g_mutex_lock (&self->mutex);
  g_array_append_val (self->took, took);
  self->bytes += data != NULL ? length : bench_connection_get_answer (connection)->len;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static gpointer
post_thread (gpointer data)
{
  Run *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BenchConnection) connection = bench_connection_new (address, self->headers, &error);

  if (connection == NULL)
    {
      run_fail (self, error->message);
      return NULL;
    }
  for (;;)
    {
      unsigned     index = g_atomic_int_add (&self->next, 1);
      GMappedFile *file = index < self->bodies->len ? self->bodies->pdata[index] : NULL;

      if (file == NULL)
        return NULL;
      if (rate > 0)
        g_usleep (MAX (0, self->started + (gint64)(index * 1e6 / rate) - g_get_monotonic_time ()));
      if (!run_exchange (self, connection, "POST", g_mapped_file_get_contents (file),
                         g_mapped_file_get_length (file)))
        return NULL;
    }
}

static void
post_all (Run *self)
{
  g_autofree GThread **threads = g_new (GThread *, n_posters);

  for (int i = 0; i < n_posters; i++)
    threads[i] = g_thread_new ("poster", post_thread, self);
  for (int i = 0; i < n_posters; i++)
    g_thread_join (threads[i]);
}

static void
ask_all (Run *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BenchConnection) connection = bench_connection_new (address, self->headers, &error);
  gboolean going = connection != NULL;

  if (connection == NULL)
    run_fail (self, error->message);
  for (int i = 0; going && i < times; i++)
    going = run_exchange (self, connection, body != NULL ? "POST" : "GET", body,
                          body != NULL ? strlen (body) : 0);
  if (going && output != NULL &&
      !g_file_set_contents (output, bench_connection_get_answer (connection)->str,
                            bench_connection_get_answer (connection)->len, &error))
    run_fail (self, error->message);
}

static gboolean
load_bodies (Run *self, const char *folder, GError **error)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort_values (names, (GCompareFunc)strcmp);
  for (guint i = 0; i < names->len; i++)
    {
      GMappedFile *file = g_mapped_file_new (names->pdata[i], FALSE, error);

      if (file == NULL)
        return FALSE;
      g_ptr_array_add (self->bodies, file);
    }
  return directory != NULL;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 *left = a, *right = b;

  return (*left > *right) - (*left < *right);
}

static double
get_msec (Run *self, double share)
{
  guint index = MIN (self->took->len * share, self->took->len - 1);

  return g_array_index (self->took, gint64, index) / 1e3;
}

static void
print_run (Run *self, gint64 elapsed)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  g_array_sort (self->took, compare_times);
  g_print ("{\"seconds\":%.6f,\"requests\":%u,\"bytes\":%" G_GUINT64_FORMAT
           ",\"cpu_seconds\":%.6f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n",
           elapsed / 1e6, self->took->len, self->bytes,
           usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
             (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
           get_msec (self, 0.5), get_msec (self, 0.99));
}

static void
run_clear (Run *self)
{
  g_ptr_array_unref (self->bodies);
  g_array_unref (self->took);
  g_free (self->headers);
  g_free (self->trouble);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new ("[FOLDER]");
  g_autoptr (GError) error = NULL;
  Run      run = { .bodies = g_ptr_array_new_with_free_func ((GDestroyNotify)g_mapped_file_unref),
                   .took = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  gboolean failed;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || address == NULL ||
      target == NULL || n_posters < 1 || times < 1 ||
      (argc == 2 && !load_bodies (&run, argv[1], &error)))
    {
      g_printerr ("%s\n", error != NULL ? error->message : "see --help");
      return 2;
    }
  if (headers != NULL)
    {
      g_autofree char *joined = g_strjoinv ("\r\n", headers);

      run.headers = g_strconcat (joined, "\r\n", NULL);
    }
  run.started = g_get_monotonic_time ();
  if (argc == 2)
    post_all (&run);
  else
    ask_all (&run);
  failed = run.trouble != NULL || run.took->len == 0;
  if (failed)
    g_printerr ("%s\n", run.trouble != NULL ? run.trouble : "nothing was sent");
  else
    print_run (&run, g_get_monotonic_time () - run.started);
  run_clear (&run);
  return failed;
}
