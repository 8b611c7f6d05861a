/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "musterctl-test"

#include "config.h"

#include "client/muster-api-test-util.h"
#include "core/muster-core-test-util.h"

#define ID "0190c0de-0000-7000-8000-000000000001"
#define DEVICE                                                                                     \
  "{\"id\":\"" ID                                                                                  \
  "\",\"revision\":3,\"name\":\"Pump 7\",\"kind\":\"actuator\",\"status\":\"deployed\",\"serial\":\"SN-1\",\"live_state\":\"online\"}"
#define FOUND "{\"items\":[" DEVICE "],\"total\":1,\"next\":null}"
#define NOTHING "{\"items\":[],\"total\":0,\"next\":null}"

/* The program itself, run on a scripted daemon. */
typedef struct
{
  MusterTestDir *dir;
  MusterTestApi *api;
  char          *socket;
  char          *out;
  char          *err;
} Fixture;

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->dir = muster_test_dir_new ();
  self->socket = muster_test_dir_build (self->dir, "api.sock");
  self->api = muster_test_api_new (self->socket);
  return self;
}

static void
fixture_free (Fixture *self)
{
  muster_test_api_free (self->api);
  muster_test_dir_free (self->dir);
  g_free (self->socket);
  g_free (self->out);
  g_free (self->err);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

typedef struct
{
  Fixture    *fixture;
  DexPromise *promise;
} Run;

static void
communicate_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &run->fixture->out,
                                        &run->fixture->err, &error);
  g_assert_no_error (error);
  dex_promise_resolve_boolean (run->promise, TRUE);
}

/* What a sanitizer says of fibers, "==31==WARNING…", is not of the program. */
static void
strip_notes (char **text)
{
  while (g_str_has_prefix (*text, "==") && strstr (*text, "makecontext") != NULL &&
         strchr (*text, '\n') != NULL)
    {
      char *rest = g_strdup (strchr (*text, '\n') + 1);

      g_free (*text);
      *text = rest;
    }
}

/* Runs LINE, parted as a shell would; gives its exit status. */
static int
run (Fixture *self, const char *line)
{
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "src", "ctl", "musterctl", NULL);
  g_autofree char *whole = g_strdup_printf ("%s --socket %s %s", program, self->socket, line);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = NULL;
  Run call = { self, dex_promise_new () };

  g_clear_pointer (&self->out, g_free);
  g_clear_pointer (&self->err, g_free);
  g_shell_parse_argv (whole, NULL, &argv, &error);
  g_assert_no_error (error);
  process =
    g_subprocess_newv ((const char *const *)argv,
                       G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (process, NULL, NULL, communicate_cb, &call);
  muster_test_await (DEX_FUTURE (call.promise));
  g_assert_cmpint (g_subprocess_get_if_exited (process), ==, TRUE);
  strip_notes (&self->err);
  return g_subprocess_get_exit_status (process);
}

static void
push_problem (Fixture *self, unsigned status, const char *body)
{
  muster_test_api_push (self->api, status, "application/problem+json", body);
}

static void
test_usage (void)
{
  static const char *const lines[] = { "",
                                       "nonsense",
                                       "status too many",
                                       "undo",
                                       "undo x",
                                       "undo -1",
                                       "device",
                                       "device show",
                                       "device frob x",
                                       "device show x y",
                                       "device set x",
                                       "journal --frob",
                                       "devices nonsense",
                                       "devices =x",
                                       "query",
                                       "query x --from never",
                                       "query x --agg mean --step 0",
                                       "command x write a",
                                       "command x explode",
                                       "command x reboot now",
                                       "settings get",
                                       "settings frob a",
                                       "adopt",
                                       "--connect https://localhost status --json",
                                       "--socket" };
  g_autoptr (Fixture) fixture = fixture_new ();

  for (unsigned i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_test_message ("%s", lines[i]);
      g_assert_cmpint (run (fixture, lines[i]), ==, 2);
      g_assert_cmpint (g_str_has_prefix (fixture->err, "musterctl: "), ==, TRUE);
      g_assert_cmpstr (fixture->out, ==, "");
    }
  g_assert_cmpuint (fixture->api->requests->len, ==, 0);
}

static void
test_devices (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  muster_test_api_push_json (fixture->api, FOUND);
  g_assert_cmpint (run (fixture, "devices status=deployed --q 'a b' -n 3"), ==, 0);
  g_assert_cmpstr (muster_test_api_get_request (fixture->api, 0), ==,
                   "GET /devices/?q=a%20b&sort=name&limit=3&status=deployed");
  g_assert_cmpstr (fixture->out, ==,
                   "NAME    LIVE    STATUS    KIND      MODEL  SERIAL  PLACE  SEEN\n"
                   "Pump 7  online  deployed  actuator  –      SN-1    –      –\n");
  muster_test_api_push_json (fixture->api, NOTHING);
  g_assert_cmpint (run (fixture, "devices"), ==, 0);
  g_assert_cmpstr (fixture->out, ==,
                   "No devices. musterctl discover shows what could become one.\n");
}

static void
test_all_pages_as_json (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  muster_test_api_push_json (fixture->api, "{\"items\":[" DEVICE "],\"total\":2,\"next\":\"c\"}");
  muster_test_api_push_json (fixture->api, "{\"items\":[" DEVICE "],\"total\":2,\"next\":null}");
  g_assert_cmpint (run (fixture, "devices --all --json"), ==, 0);
  g_assert_cmpstr (muster_test_api_get_request (fixture->api, 1), ==,
                   "GET /devices/?sort=name&cursor=c&limit=1000");
  g_assert_cmpstr (fixture->out, ==,
                   "{\"items\":[" DEVICE "," DEVICE "],\"total\":2,\"next\":null}\n");
}

static void
test_device_set (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  muster_test_api_push_json (fixture->api, FOUND);
  muster_test_api_push_json (fixture->api, DEVICE);
  g_assert_cmpint (run (fixture, "device set SN-1 name=42 location= kind=meter --json"), ==, 0);
  g_assert_cmpstr (muster_test_api_get_request (fixture->api, 0), ==,
                   "GET /devices/?limit=10&serial=SN-1");
  g_assert_cmpstr (muster_test_api_get_request (fixture->api, 1), ==, "PUT /devices/" ID);
  g_assert_cmpstr (muster_test_api_get_body (fixture->api, 1), ==,
                   "{\"name\":\"42\",\"location\":null,\"kind\":\"meter\"}");
  g_assert_cmpstr (soup_message_headers_get_one (fixture->api->headers, "If-Match"), ==, "\"3\"");
  muster_test_api_push_json (fixture->api, FOUND);
  g_assert_cmpint (run (fixture, "device set SN-1 frob=1"), ==, 2);
  muster_test_api_push_json (fixture->api, FOUND);
  g_assert_cmpint (run (fixture, "device set SN-1 revision=1"), ==, 2);
  muster_test_api_push_json (fixture->api, FOUND);
  g_assert_cmpint (run (fixture, "device set SN-1 kind=nonsense"), ==, 1);
  g_assert_nonnull (strstr (fixture->err, "  kind: "));
}

static void
test_device_add_and_delete (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  muster_test_api_push (fixture->api, 201, "application/json", DEVICE);
  g_assert_cmpint (
    run (fixture,
         "device add name='Pump 7' kind=actuator secret=0123456789ABCDEF0123456789AB --json"),
    ==, 0);
  g_assert_cmpstr (muster_test_api_get_request (fixture->api, 0), ==, "POST /devices/");
  g_assert_nonnull (strstr (muster_test_api_get_body (fixture->api, 0),
                            "\"secret\":\"0123456789ABCDEF0123456789AB\""));
  muster_test_api_push_json (fixture->api, FOUND);
  muster_test_api_push (fixture->api, 204, NULL, NULL);
  g_assert_cmpint (run (fixture, "device delete SN-1"), ==, 0);
  g_assert_cmpstr (muster_test_api_get_request (fixture->api, 2), ==, "DELETE /devices/" ID);
  g_assert_cmpstr (soup_message_headers_get_one (fixture->api->headers, "If-Match"), ==, "\"3\"");
}

static void
test_lookup (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  muster_test_api_push_json (fixture->api, NOTHING);
  muster_test_api_push_json (fixture->api, FOUND);
  g_assert_cmpint (run (fixture, "device show 'Pump 7'"), ==, 0);
  g_assert_cmpstr (muster_test_api_get_request (fixture->api, 1), ==,
                   "GET /devices/?limit=10&name=Pump%207");
  g_assert_nonnull (strstr (fixture->out, "SN-1\n"));
  muster_test_api_push_json (fixture->api, DEVICE);
  g_assert_cmpint (run (fixture, "device show " ID " --json"), ==, 0);
  g_assert_cmpstr (muster_test_api_get_request (fixture->api, 2), ==, "GET /devices/" ID);
  muster_test_api_push_json (fixture->api, NOTHING);
  muster_test_api_push_json (fixture->api, NOTHING);
  g_assert_cmpint (run (fixture, "device show nobody"), ==, 3);
  muster_test_api_push_json (fixture->api, "{\"items\":[" DEVICE "," DEVICE "]}");
  g_assert_cmpint (run (fixture, "device show twice"), ==, 4);
}

static void
test_exit_statuses (void)
{
  static const struct
  {
    unsigned    status;
    const char *body;
    int         exit;
    const char *said;
  } cases[] = {
    { 404, "{\"detail\":\"gone\"}", 3, "musterctl: gone\n" },
    { 409, "{\"detail\":\"later changes\",\"blockers\":[17,18]}", 4,
      "musterctl: later changes\n  in the way: 17, 18\n" },
    { 409, "{\"detail\":\"not now\",\"allowed\":[\"retired\"]}", 4,
      "musterctl: not now\n  allowed next: retired\n" },
    { 412, "{\"detail\":\"changed\"}", 4,
      "musterctl: changed\n  Look at the record as it is now, then try again.\n" },
    { 403, "{\"detail\":\"no\"}", 6, "musterctl: no\n" },
    { 422,
      "{\"detail\":\"bad\",\"errors\":[{\"pointer\":\"/a/b\",\"detail\":\"is \\u001b[31mred\"}]}",
      1, "musterctl: bad\n  a/b: is �[31mred\n" },
    { 507, "{\"detail\":\"full\"}", 1, "musterctl: full\n" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();

      push_problem (fixture, cases[i].status, cases[i].body);
      g_assert_cmpint (run (fixture, "undo 5"), ==, cases[i].exit);
      g_assert_cmpstr (fixture->err, ==, cases[i].said);
    }
}

static void
test_unreachable (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  g_set_str (&fixture->socket, "/nowhere/api.sock");
  g_assert_cmpint (run (fixture, "status"), ==, 5);
  g_assert_nonnull (strstr (fixture->err, "cannot reach the daemon at /nowhere/api.sock"));
  g_assert_nonnull (strstr (fixture->err, "Is musterd running?"));
}

static void
test_command_waits (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  muster_test_api_push_json (fixture->api, FOUND);
  muster_test_api_push (fixture->api, 202, "application/json",
                        "{\"id\":\"" ID "\",\"device_id\":\"" ID
                        "\",\"kind\":\"write\",\"state\":\"pending\"}");
  muster_test_api_push_json (fixture->api, "{\"items\":[{\"id\":\"" ID "\",\"device_id\":\"" ID
                                           "\",\"kind\":\"write\",\"state\":\"sent\"}]}");
  muster_test_api_push_json (fixture->api, "{\"items\":[{\"id\":\"" ID "\",\"device_id\":\"" ID
                                           "\",\"kind\":\"write\",\"state\":\"confirmed\"}]}");
  g_assert_cmpint (run (fixture, "command SN-1 write out/1 true --wait"), ==, 0);
  g_assert_cmpstr (muster_test_api_get_body (fixture->api, 1), ==,
                   "{\"kind\":\"write\",\"metric\":\"out/1\",\"value\":true}");
  g_assert_cmpstr (fixture->out, ==, "write confirmed\n");
  muster_test_api_push_json (fixture->api, FOUND);
  muster_test_api_push (fixture->api, 202, "application/json",
                        "{\"id\":\"" ID "\",\"device_id\":\"" ID
                        "\",\"kind\":\"reboot\",\"state\":\"timed_out\"}");
  g_assert_cmpint (run (fixture, "command SN-1 reboot --wait"), ==, 1);
}

static void
test_query (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  muster_test_api_push_json (fixture->api, FOUND);
  muster_test_api_push_json (
    fixture->api,
    "{\"device_id\":\"" ID
    "\",\"samples\":[{\"metric\":\"a,b\",\"points\":[[1767225600000,1.5],[1767225601000,null],[1767225602000,\"say \\\"x\\\"\"]]}]}");
  g_assert_cmpint (
    run (fixture,
         "query SN-1 -m a --from 2026-01-01T00:00:00Z --to 2026-01-01T01:00:00Z -n 3 --csv"),
    ==, 0);
  g_assert_cmpstr (muster_test_api_get_request (fixture->api, 1), ==,
                   "GET /monitoring/data/" ID
                   "?metric=a&from=2026-01-01T00:00:00.000Z&to=2026-01-01T01:00:00.000Z&points=3");
  g_assert_cmpstr (fixture->out, ==,
                   "time,metric,value\n"
                   "2026-01-01T00:00:00.000Z,\"a,b\",1.5\n"
                   "2026-01-01T00:00:01.000Z,\"a,b\",\n"
                   "2026-01-01T00:00:02.000Z,\"a,b\",\"say \"\"x\"\"\"\n");
}

static DexFuture *
speak_fiber (gpointer user_data)
{
  MusterTestApi *api = user_data;

  muster_test_api_await_frame (api, 1);
  muster_test_api_say (api, "{\"op\":\"subscribed\",\"id\":\"s1\"}");
  muster_test_api_say (
    api,
    "{\"op\":\"event\",\"id\":\"s1\",\"topic\":\"telemetry\",\"subject\":\"" ID
    "\",\"data\":{\"samples\":[{\"metric\":\"t\",\"points\":[[1767225600000,1.5],[1767225601000,true]]}]}}");
  return dex_future_new_true ();
}

static void
test_watch (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  DexFuture *speaker = dex_scheduler_spawn (NULL, 0, speak_fiber, fixture->api, NULL);

  muster_test_api_push_json (fixture->api, FOUND);
  g_assert_cmpint (run (fixture, "watch SN-1 --metric t --count 2"), ==, 0);
  muster_test_await (speaker);
  g_assert_cmpstr (fixture->api->frames->pdata[0], ==,
                   "{\"op\":\"subscribe\",\"id\":\"s1\",\"topic\":\"telemetry\",\"subjects\":[\"" ID
                   "\"],\"details\":[\"t\"]}");
  g_assert_cmpstr (fixture->out, ==,
                   "2026-01-01T00:00:00.000Z\tPump 7\tt\t1.5\n"
                   "2026-01-01T00:00:01.000Z\tPump 7\tt\ttrue\n");
}

static void
test_settings (void)
{
  static const char settings[] =
    "{\"items\":[{\"key\":\"broker.port\",\"value\":8883,\"default\":8883,\"type\":\"integer\"},{\"key\":\"site.note\",\"value\":\"7\",\"default\":null,\"type\":\"string\"}]}";
  g_autoptr (Fixture) fixture = fixture_new ();

  muster_test_api_push_json (fixture->api, settings);
  g_assert_cmpint (run (fixture, "settings get broker.port"), ==, 0);
  g_assert_cmpstr (fixture->out, ==, "8883\n");
  muster_test_api_push_json (fixture->api, settings);
  g_assert_cmpint (run (fixture, "settings get nothing"), ==, 3);
  muster_test_api_push_json (fixture->api, settings);
  g_assert_cmpint (run (fixture, "settings set broker.port 1883"), ==, 0);
  g_assert_cmpstr (muster_test_api_get_request (fixture->api, 2), ==, "PUT /settings/broker.port");
  g_assert_cmpstr (muster_test_api_get_body (fixture->api, 2), ==, "{\"value\":\"1883\"}");
  muster_test_api_push_json (fixture->api, settings);
  g_assert_cmpint (run (fixture, "settings set broker.port ''"), ==, 0);
  g_assert_cmpstr (muster_test_api_get_body (fixture->api, 3), ==, "{\"value\":null}");
}

static void
test_completion (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  g_assert_cmpint (run (fixture, "--complete"), ==, 0);
  g_assert_true (g_str_has_prefix (fixture->out, "status\n"));
  g_assert_nonnull (strstr (fixture->out, "\ndiscover\nadopt\n"));
  g_assert_cmpint (run (fixture, "--complete device"), ==, 0);
  g_assert_cmpstr (fixture->out, ==, "show\nadd\nset\nstatus\nmetrics\ndelete\n");
  muster_test_api_push_json (fixture->api, FOUND);
  g_assert_cmpint (run (fixture, "--complete device show"), ==, 0);
  g_assert_cmpstr (fixture->out, ==, "Pump 7\n");
  push_problem (fixture, 500, "{}");
  g_assert_cmpint (run (fixture, "--complete release"), ==, 0);
  g_assert_cmpstr (fixture->out, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/musterctl/usage", test_usage);
  muster_test_add_fiber ("/musterctl/devices", test_devices);
  muster_test_add_fiber ("/musterctl/all-pages-as-json", test_all_pages_as_json);
  muster_test_add_fiber ("/musterctl/device-set", test_device_set);
  muster_test_add_fiber ("/musterctl/device-add-and-delete", test_device_add_and_delete);
  muster_test_add_fiber ("/musterctl/lookup", test_lookup);
  muster_test_add_fiber ("/musterctl/exit-statuses", test_exit_statuses);
  muster_test_add_fiber ("/musterctl/unreachable", test_unreachable);
  muster_test_add_fiber ("/musterctl/command-waits", test_command_waits);
  muster_test_add_fiber ("/musterctl/query", test_query);
  muster_test_add_fiber ("/musterctl/watch", test_watch);
  muster_test_add_fiber ("/musterctl/settings", test_settings);
  muster_test_add_fiber ("/musterctl/completion", test_completion);
  return g_test_run ();
}
