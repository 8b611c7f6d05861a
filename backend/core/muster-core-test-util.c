/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-core-test-util"

#include "config.h"

#include <stdlib.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "model/muster-entities.h"
#include "muster-core-test-util.h"
#include "muster-journal.h"

#define TEST_TIMEOUT_S 170
#define TEST_STACK_SIZE (1024 * 1024)

typedef struct
{
  void (*func) (void);
  GMainLoop *loop;
} FiberTest;

static DexFuture *
fiber_test_fiber (gpointer data)
{
  FiberTest *test = data;

  test->func ();
  g_main_loop_quit (test->loop);
  return dex_future_new_true ();
}

/* Seconds; MUSTER_TEST_PATIENCE in the environment multiplies them where everything is slower. */
static guint
get_test_timeout (void)
{
  const char *patience = g_getenv ("MUSTER_TEST_PATIENCE");

  return TEST_TIMEOUT_S * (patience != NULL ? CLAMP (atoi (patience), 1, 100) : 1);
}

static gboolean
fiber_test_timed_out_cb (gpointer data)
{
  g_error ("the test took longer than %u s", get_test_timeout ());
  return G_SOURCE_REMOVE;
}

static void
fiber_test_run (gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  FiberTest  test = { (void (*) (void))data, loop };
  guint      timeout;
  DexFuture *future = NULL;

  dex_init ();
  timeout = g_timeout_add_seconds (get_test_timeout (), fiber_test_timed_out_cb, NULL);
  future = dex_scheduler_spawn (NULL, TEST_STACK_SIZE, fiber_test_fiber, &test, NULL);
  g_main_loop_run (loop);
  g_source_remove (timeout);
  dex_unref (future);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
muster_test_add_fiber (const char *path, void (*func) (void))
{
  g_test_add_data_func (path, func, fiber_test_run);
}

void
muster_test_await (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  gboolean resolved = dex_await (future, &error);

  g_assert_no_error (error);
  g_assert_cmpint (resolved, ==, TRUE);
}

GError *
muster_test_await_error (DexFuture *future, int code)
{
  GError  *error = NULL;
  gboolean resolved = dex_await (future, &error);

  g_assert_cmpint (resolved, ==, FALSE);
  g_assert_error (error, MUSTER_ERROR, code);
  return error;
}

gpointer
muster_test_await_object (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  gpointer object = dex_await_object (future, &error);

  g_assert_no_error (error);
  g_assert_nonnull (object);
  return object;
}

char *
muster_test_await_text (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = dex_await_boxed (future, &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

void
muster_test_sleep (unsigned msec)
{
  /* The timeout future always rejects: that it timed out is what is wanted. */
  dex_await (dex_timeout_new_msec (msec), NULL);
}

GHashTable *
muster_test_parse_params (const char *text)
{
  GHashTable    *params = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GUriParamsIter iter;
  char          *name = NULL, *value = NULL;

  g_uri_params_iter_init (&iter, text, -1, "&", G_URI_PARAMS_NONE);
  while (g_uri_params_iter_next (&iter, &name, &value, NULL))
    g_hash_table_insert (params, name, value);
  return params;
}

void
muster_test_mutate (GString *bytes)
{
  static const char *const tokens[] = { "null",    "true", "-1", "1e999",
                                        "\"\"",    "[]",   "{}", "9223372036854775808",
                                        "\\u0000", "\xff", "\"", ",",
                                        "=",       "'",    "%",  "\n" };
  gsize                    at = bytes->len > 0 ? (gsize)g_test_rand_int_range (0, bytes->len) : 0;
  gsize                    length = (gsize)g_test_rand_int_range (1, 16);
  g_autofree char         *piece = g_strndup (bytes->str + at, MIN (length, bytes->len - at));

  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      if (bytes->len > 0)
        bytes->str[at] = (char)g_test_rand_int_range (0, 256);
      break;
    case 1:
      g_string_erase (bytes, at, MIN (length, bytes->len - at));
      break;
    case 2:
      g_string_insert (bytes, at, piece);
      break;
    default:
      g_string_insert (bytes, at, tokens[g_test_rand_int_range (0, G_N_ELEMENTS (tokens))]);
    }
}

struct _MusterTestDir
{
  char *path;
};

MusterTestDir *
muster_test_dir_new (void)
{
  g_autoptr (GError) error = NULL;
  MusterTestDir *self = g_new0 (MusterTestDir, 1);

  self->path = g_dir_make_tmp ("muster-test-XXXXXX", &error);
  g_assert_no_error (error);
  return self;
}

static void
remove_recursively (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name = NULL;

  /* A link to a folder is a file here: what it points at stays. */
  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_recursively (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

void
muster_test_dir_free (MusterTestDir *self)
{
  remove_recursively (self->path);
  g_free (self->path);
  g_free (self);
}

const char *
muster_test_dir_get_path (MusterTestDir *self)
{
  return self->path;
}

char *
muster_test_dir_build (MusterTestDir *self, const char *name)
{
  return g_build_filename (self->path, name, NULL);
}

struct _MusterTestCounter
{
  GObject *object;
  gulong   handler;
  unsigned count;
};

static void
muster_test_counter_cb (MusterTestCounter *self)
{
  self->count++;
}

MusterTestCounter *
muster_test_counter_new (gpointer object, const char *detailed_signal)
{
  MusterTestCounter *self = g_new0 (MusterTestCounter, 1);

  self->object = g_object_ref (object);
  self->handler =
    g_signal_connect_swapped (object, detailed_signal, G_CALLBACK (muster_test_counter_cb), self);
  g_assert_cmpuint (self->handler, !=, 0);
  return self;
}

void
muster_test_counter_free (MusterTestCounter *self)
{
  g_signal_handler_disconnect (self->object, self->handler);
  g_object_unref (self->object);
  g_free (self);
}

unsigned
muster_test_counter_take (MusterTestCounter *self)
{
  unsigned count = self->count;

  self->count = 0;
  return count;
}

MusterDatabase *
muster_test_database_new (MusterTestDir *dir, MusterClock *clock, MusterBus *bus)
{
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autoptr (MusterClock) system = clock ? g_object_ref (clock) : muster_clock_new ();
  MusterDatabase *self = muster_database_new (path, system, bus);

  muster_database_register_entities (self, muster_entities);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self)));
  return self;
}

void
muster_test_database_free (MusterDatabase *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self)));
  g_assert_finalize_object (self);
}

DexFuture *
muster_test_submit (MusterDatabase *database, MusterDatabaseFunc job, gpointer data)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");

  return muster_database_write (database, actor, NULL, job, data, NULL);
}

gboolean
muster_test_insert_job (MusterTransaction *transaction,
                        gpointer           entity,
                        GValue            *result,
                        GError           **error)
{
  return muster_transaction_insert (transaction, entity, error);
}

MusterTestStore *
muster_test_store_new (void)
{
  MusterTestStore *self = g_new (MusterTestStore, 1);

  self->dir = muster_test_dir_new ();
  self->database = muster_test_database_new (self->dir, NULL, NULL);
  return self;
}

void
muster_test_store_free (MusterTestStore *self)
{
  muster_test_database_free (self->database);
  muster_test_dir_free (self->dir);
  g_free (self);
}
