/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/http/muster-http-test-util.h"
#include "muster-operations.h"

#define JSON "Content-Type: application/json\r\n"

typedef struct
{
  MusterTestDir    *dir;
  char             *path;
  char             *backups;
  MusterDatabase   *database;
  MusterMetrics    *metrics;
  GPtrArray        *services;
  MusterOperations *operations;
  MusterHttpServer *server;
  GIOStream        *stream;
} Fixture;

static void
fixture_init (Fixture *fixture)
{
  g_autoptr (MusterRouter) router = muster_router_new ();

  fixture->dir = muster_test_dir_new ();
  fixture->path = muster_test_dir_build (fixture->dir, "api.sock");
  fixture->backups = muster_test_dir_build (fixture->dir, "backups");
  fixture->database = muster_test_database_new (fixture->dir, NULL, NULL);
  fixture->metrics = muster_metrics_new ();
  fixture->services = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (fixture->services, g_object_ref (fixture->database));
  fixture->operations = muster_operations_new (fixture->services, fixture->database,
                                               fixture->metrics, fixture->backups);
  muster_operations_resource_add (router, fixture->operations);
  fixture->server = muster_http_server_new (router, NULL, fixture->database);
  muster_http_server_add_metrics (fixture->server, fixture->metrics);
  muster_http_server_set_unix_path (fixture->server, fixture->path);
  muster_test_await (muster_service_start (MUSTER_SERVICE (fixture->server)));
  fixture->stream = muster_test_connect_unix (fixture->path);
}

static void
fixture_clear (Fixture *fixture)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (fixture->server)));
  g_clear_object (&fixture->stream);
  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->operations);
  g_ptr_array_unref (fixture->services);
  g_assert_finalize_object (fixture->metrics);
  muster_test_database_free (fixture->database);
  g_free (fixture->path);
  g_free (fixture->backups);
  muster_test_dir_free (fixture->dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
test_health (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (MusterTestAnswer) live = NULL, ready = NULL, degraded = NULL, starting = NULL;
  g_autoptr (MusterDatabase) idle = NULL;
  g_autofree char *path = NULL, *status = NULL;

  fixture_init (&fixture);
  live = muster_test_ask (fixture.stream, "GET", "/health/live", "", NULL);
  status = muster_test_answer_dup_member (live, "status");
  g_assert_cmpstr (status, ==, "alive");
  ready = muster_test_ask (fixture.stream, "GET", "/health/ready", "", NULL);
  g_assert_cmpuint (ready->status, ==, 200);
  g_assert_cmpstr (
    ready->body, ==,
    "{\"status\":\"ready\",\"services\":[{\"name\":\"database\",\"running\":true,\"trouble\":null}]}");
  muster_service_set_trouble (MUSTER_SERVICE (fixture.database), "the disk is \"full\"");
  degraded = muster_test_ask (fixture.stream, "GET", "/health/ready", "", NULL);
  g_assert_cmpuint (degraded->status, ==, 200);
  g_assert_nonnull (strstr (degraded->body, "\"degraded\""));
  g_assert_nonnull (strstr (degraded->body, "\"trouble\":\"the disk is \\\"full\\\"\""));
  path = muster_test_dir_build (fixture.dir, "other.db");
  idle = muster_database_new (path, muster_database_get_clock (fixture.database), NULL);
  g_ptr_array_add (fixture.services, g_object_ref (idle));
  starting = muster_test_ask (fixture.stream, "GET", "/health/ready", "", NULL);
  g_assert_cmpuint (starting->status, ==, 503);
  g_assert_nonnull (strstr (starting->body, "\"starting\""));
}

static void
test_metrics (void)
{
  static const char *const expected[] = {
    "process_resident_memory_bytes ",
    "process_start_time_seconds ",
    "muster_build_info{version=\"" MUSTER_VERSION "\"} 1\n",
    "muster_service_running{service=\"database\"} 1\n",
    "muster_service_trouble{service=\"database\"} 0\n",
    "muster_journal_entries_total 0\n",
    "muster_http_requests_total{method=\"GET\",route=\"/health/live\",status=\"200\"} 2\n",
    "muster_http_requests_total{method=\"\",route=\"\",status=\"404\"} 1\n",
    "muster_http_request_duration_seconds_bucket{method=\"GET\",route=\"/health/live\",le=\"+Inf\"} 2\n",
    "muster_http_request_duration_seconds_count{method=\"GET\",route=\"/health/live\"} 2\n",
    "muster_http_connections 1\n",
    "muster_live_clients 0\n",
  };
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (MusterTestAnswer) answer = NULL;
  static const char *const paths[] = { "/health/live", "/health/live", "/nothing" };

  fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    muster_test_answer_free (muster_test_ask (fixture.stream, "GET", paths[i], "", NULL));
  answer = muster_test_ask (fixture.stream, "GET", "/metrics", "", NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (muster_test_answer_get_header (answer, "content-type"), ==,
                   "text/plain; version=0.0.4; charset=utf-8");
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_test_message ("%s", expected[i]);
      g_assert_nonnull (strstr (answer->body, expected[i]));
    }
}

/* Checked by the program that Prometheus itself checks with. */
static void
test_promtool (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (MusterTestAnswer) answer = NULL;
  g_autofree char *promtool = g_find_program_in_path ("promtool");
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  if (promtool == NULL)
    {
      g_test_skip ("promtool is not installed");
      return;
    }
  fixture_init (&fixture);
  muster_test_answer_free (muster_test_ask (fixture.stream, "GET", "/health/live", "", NULL));
  answer = muster_test_ask (fixture.stream, "GET", "/metrics", "", NULL);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                G_SUBPROCESS_FLAGS_STDERR_MERGE,
                              &error, promtool, "check", "metrics", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, answer->body, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (output, ==, "");
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
}

static DexFuture *
copy_samples (gpointer owner, const char *path)
{
  g_autoptr (GError) error = NULL;

  if (strstr (path, "unlucky") != NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_STORAGE_FULL, "no space");
  return g_file_set_contents (path, "samples", -1, &error)
           ? dex_future_new_true ()
           : dex_future_new_for_error (g_steal_pointer (&error));
}

static void
test_half_backup (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autofree char *unlucky = NULL, *folder = NULL, *left = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture);
  muster_operations_set_copy_samples (fixture.operations, G_OBJECT (fixture.database),
                                      copy_samples);
  unlucky = muster_test_dir_build (fixture.dir, "unlucky.db");
  error = muster_test_await_error (muster_operations_backup (fixture.operations, unlucky),
                                   MUSTER_ERROR_STORAGE_FULL);
  g_assert_false (g_file_test (unlucky, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  /* The samples can be written, the records cannot: nothing is left of either. */
  folder = muster_test_dir_build (fixture.dir, "muster.db");
  left = muster_test_dir_build (fixture.dir, "muster-samples.db");
  error = muster_test_await_error (muster_operations_backup (fixture.operations, folder),
                                   MUSTER_ERROR_CONFLICT);
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
}

static void
test_backup (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (MusterTestAnswer) named = NULL, taken = NULL, unnamed = NULL, relative = NULL;
  g_autofree char *path = NULL, *body = NULL, *made = NULL, *written = NULL, *samples = NULL;

  fixture_init (&fixture);
  muster_operations_set_copy_samples (fixture.operations, G_OBJECT (fixture.database),
                                      copy_samples);
  path = muster_test_dir_build (fixture.dir, "copy.db");
  body = g_strdup_printf ("{\"path\":\"%s\"}", path);
  named = muster_test_ask (fixture.stream, "POST", "/backup", JSON, body);
  g_assert_cmpuint (named->status, ==, 201);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  written = muster_test_answer_dup_member (named, "path");
  samples = muster_test_answer_dup_member (named, "samples_path");
  g_assert_cmpstr (written, ==, path);
  g_assert_true (g_str_has_suffix (samples, "/copy-samples.db"));
  g_assert_true (g_file_test (samples, G_FILE_TEST_IS_REGULAR));
  taken = muster_test_ask (fixture.stream, "POST", "/backup", JSON, body);
  g_assert_cmpuint (taken->status, ==, 409);
  unnamed = muster_test_ask (fixture.stream, "POST", "/backup", "", NULL);
  g_assert_cmpuint (unnamed->status, ==, 201);
  made = muster_test_answer_dup_member (unnamed, "path");
  g_assert_true (g_str_has_prefix (made, fixture.backups));
  g_assert_true (g_file_test (made, G_FILE_TEST_IS_REGULAR));
  relative = muster_test_ask (fixture.stream, "POST", "/backup", JSON, "{\"path\":\"x.db\"}");
  g_assert_cmpuint (relative->status, ==, 422);
}

int
main (int argc, char *argv[])
{
  dex_init ();
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/operations/health", test_health);
  muster_test_add_fiber ("/operations/metrics", test_metrics);
  muster_test_add_fiber ("/operations/promtool", test_promtool);
  muster_test_add_fiber ("/operations/backup", test_backup);
  muster_test_add_fiber ("/operations/half-backup", test_half_backup);
  return g_test_run ();
}
