/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>

#include "model/muster-device.h"
#include "model/muster-entities.h"
#include "muster-core-test-util.h"
#include "muster-journal.h"
#include "muster-repository.h"

#define N_KILLS 8
#define N_WRITERS 6

static const char *self_path;

/* --- the process that is killed: writes the id of each record that it was promised --- */

static DexFuture *
write_fiber (gpointer data)
{
  MusterRepository *repository = data;
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");

  for (;;)
    {
      g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
      g_autoptr (MusterEntity) stored = NULL;
      g_autoptr (GError) error = NULL;
      char line[64];

      muster_entity_set_string (device, "name",
                                "A lamp with a name that takes its place in some indexes");
      stored =
        dex_await_object (muster_repository_insert (repository, actor, NULL, device), &error);
      g_assert_no_error (error);
      g_snprintf (line, sizeof line, "%s\n", muster_entity_get_id (stored));
      g_assert_cmpint (write (STDOUT_FILENO, line, strlen (line)), ==, strlen (line));
    }
  return NULL;
}

static DexFuture *
writer_fiber (gpointer data)
{
  g_autoptr (MusterClock) clock = muster_clock_new ();
  MusterDatabase   *database = muster_database_new (data, clock, NULL);
  MusterRepository *repository = NULL;

  muster_database_register_entities (database, muster_entities);
  muster_test_await (muster_service_start (MUSTER_SERVICE (database)));
  repository = muster_repository_new (database);
  for (int i = 0; i < N_WRITERS; i++)
    dex_future_disown (dex_scheduler_spawn (NULL, 0, write_fiber, repository, NULL));
  return dex_future_new_infinite ();
}

static int
run_writer (char *path)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  dex_init ();
  dex_future_disown (dex_scheduler_spawn (NULL, 0, writer_fiber, path, NULL));
  g_main_loop_run (loop);
  return 1;
}

/* --- the one that kills it --- */

/* Adds what the writer was promised before it died, after at least N promises. */
static void
write_and_kill (const char *path, unsigned n, GPtrArray *promised)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) writer = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                                    self_path, "--write", path, NULL);
  g_autoptr (GDataInputStream) lines = NULL;
  char    *line = NULL;
  unsigned n_read = 0;

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (writer));
  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    {
      /* The pipe may end within a line. */
      if (strlen (line) == 36)
        g_ptr_array_add (promised, g_steal_pointer (&line));
      g_free (line);
      if (++n_read == n)
        g_subprocess_send_signal (writer, SIGKILL);
    }
  g_assert_cmpuint (n_read, >=, n);
  g_subprocess_wait (writer, NULL, NULL);
  g_assert_true (g_subprocess_get_if_signaled (writer));
}

static void
check_promises (MusterTestDir *dir, GPtrArray *promised)
{
  MusterDatabase *database = muster_test_database_new (dir, NULL, NULL);
  g_autoptr (MusterRepository) repository = muster_repository_new (database);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;

  muster_query_set_limit (query, 0);
  devices = dex_await_boxed (muster_repository_select (repository, query), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < devices->len; i++)
    g_hash_table_add (ids, (gpointer)muster_entity_get_id (devices->pdata[i]));
  for (guint i = 0; i < promised->len; i++)
    g_assert_true (g_hash_table_contains (ids, promised->pdata[i]));
  /* None without its journal entry, none doubled. */
  g_assert_cmpuint (g_hash_table_size (ids), ==, devices->len);
  g_assert_cmpint (muster_database_get_sequence (database), ==, devices->len);
  g_clear_object (&repository);
  muster_test_database_free (database);
}

static void
test_kill (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autoptr (GPtrArray) promised = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < N_KILLS; i++)
    {
      write_and_kill (path, g_test_rand_int_range (1, 200), promised);
      check_promises (dir, promised);
    }
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--write"))
    return run_writer (argv[2]);
  self_path = argv[0];
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/kill/no-promise-is-broken", test_kill);
  return g_test_run ();
}
