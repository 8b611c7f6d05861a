/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-resource-test"

#include "config.h"

#include <string.h>

#include "core/http/muster-http-test-util.h"
#include "muster-device-resource.h"
#include "muster-test-site.h"
#include "operations/muster-journal-resource.h"
#include "operations/muster-site-resource.h"
#include "telemetry/muster-sqlite-sample-store.h"

#define JSON "Content-Type: application/json\r\n"
#define NOBODY "0199a1b2-0000-7000-8000-000000000009"

/* The paths of the room over a socket, as every client meets them. */
typedef struct
{
  MusterTestSite          *site;
  MusterSqliteSampleStore *store;
  MusterTelemetry         *telemetry;
  MusterNodeService       *nodes;
  MusterCommandService    *commands;
  MusterRouter            *router;
  MusterHttpServer        *server;
  GIOStream               *stream;
} Fixture;

static Fixture *
fixture_new (void)
{
  Fixture          *self = g_new0 (Fixture, 1);
  MusterDeviceParts parts = { 0 };
  g_autofree char  *samples = NULL;
  g_autofree char  *path = NULL;

  self->site = muster_test_site_new ();
  samples = muster_test_dir_build (self->site->dir, "samples.db");
  path = muster_test_dir_build (self->site->dir, "api.sock");
  self->store = muster_sqlite_sample_store_new (samples, self->site->clock);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->store)));
  self->telemetry = muster_telemetry_new (MUSTER_SAMPLE_STORE (self->store), self->site->bus);
  self->nodes = muster_node_service_new (self->site->service, self->telemetry, self->site->bus,
                                         self->site->clock, &muster_test_links, self->site);
  self->commands = muster_command_service_new (self->site->service, self->nodes, self->site->clock,
                                               &muster_test_links, self->site);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->nodes)));
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->commands)));
  self->router = muster_router_new ();
  parts = (MusterDeviceParts){ self->site->service, self->nodes, self->commands, self->telemetry };
  muster_device_resource_add_all (self->router, &parts);
  muster_journal_resource_add (self->router, self->site->database);
  muster_site_resource_add (self->router, self->site->repository);
  self->server = muster_http_server_new (self->router, self->site->bus, self->site->database);
  muster_http_server_set_unix_path (self->server, path);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->server)));
  self->stream = muster_test_connect_unix (path);
  return self;
}

static void
fixture_free (Fixture *self)
{
  g_clear_object (&self->stream);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->server)));
  g_clear_object (&self->server);
  g_clear_object (&self->router);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->commands)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->nodes)));
  g_clear_object (&self->commands);
  g_clear_object (&self->nodes);
  g_clear_object (&self->telemetry);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->store)));
  g_clear_object (&self->store);
  muster_test_site_free (self->site);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* The answer's body, after asserting its status and that TEXT (nullable) stands in it: (transfer
 * full). */
static char *
ask (Fixture    *self,
     const char *method,
     const char *path,
     const char *body,
     unsigned    status,
     const char *text)
{
  g_autoptr (MusterTestAnswer) answer =
              muster_test_ask (self->stream, method, path, body != NULL ? JSON : "", body);

  if (answer->status != status || (text != NULL && strstr (answer->body, text) == NULL))
    g_test_message ("%s %s: %u %s", method, path, answer->status, answer->body);
  g_assert_cmpuint (answer->status, ==, status);
  g_assert_true (text == NULL || strstr (answer->body, text) != NULL);
  return g_steal_pointer (&answer->body);
}

static void
check (Fixture    *self,
       const char *method,
       const char *path,
       const char *body,
       unsigned    status,
       const char *text)
{
  g_free (ask (self, method, path, body, status, text));
}

/* PATH with the id in place of its %s. */
static void
check_of (Fixture    *self,
          const char *method,
          const char *id,
          const char *rest,
          const char *body,
          unsigned    status,
          const char *text)
{
  g_autofree char *path = g_strconcat ("/devices/", id, rest, NULL);

  check (self, method, path, body, status, text);
}

static char *
get_member (const char *json, const char *name)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);

  return g_strdup (json_object_get_string_member (json_node_get_object (node), name));
}

static void
test_records (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *made =
    ask (self, "POST", "/devices",
         "{\"name\":\"Lamp\",\"serial\":\"L-1\",\"secret\":\"0000000000000000000000000 0ee\"}", 201,
         "\"adoption\":\"none\"");
  g_autofree char *id = get_member (made, "id");

  g_assert_null (strstr (made, "secret"));
  check (self, "GET", "/devices/", NULL, 200, "\"total\":1");
  check (self, "GET", "/devices?status=in_stock&q=Lamp", NULL, 200, "\"total\":1");
  check (self, "GET", "/devices?status=broken", NULL, 422, "status");
  check (self, "GET", "/devices/ids", NULL, 200, id);
  check_of (self, "GET", id, "", NULL, 200, "\"name\":\"Lamp\"");
  check_of (self, "PUT", id, "", "{\"name\":\"Lamp 3\"}", 200, "\"name\":\"Lamp 3\"");
  check_of (self, "PUT", id, "", "{\"secret\":\"ABCD\"}", 422, "/secret");
  check_of (self, "PUT", id, "", "{\"adoption\":\"adopted\"}", 422, "/adoption");
  check_of (self, "PUT", id, "", "{\"node_id\":\"hall/3\"}", 422, "/node_id");
  check_of (self, "PUT", id, "", "{\"node_id\":\"lamp-3\"}", 200, "\"node_id\":\"lamp-3\"");
  check_of (self, "PUT", id, "", "{\"node_id\":null}", 200, "\"node_id\":null");
  check_of (self, "POST", id, "/account", NULL, 201, "\"username\":\"");
  check_of (self, "PUT", id, "", "{\"node_id\":\"other\"}", 409, "release it first");
  check (self, "POST", "/devices", "{\"name\":\"Copy\",\"serial\":\"L-1\"}", 409, "serial");
  check (self, "POST", "/devices",
         "{\"name\":\"Typo\",\"secret\":\"0000-0000-0000-0000-0000-0000-00EF\"}", 422,
         "typing error");
  check (self, "POST", "/devices", "{}", 422, "/name");
  check (self, "GET", "/devices/" NOBODY, NULL, 404, NULL);
  check (self, "GET", "/journal?entity=device", NULL, 200, "\"summary\":\"Change Lamp\"");
  check_of (self, "DELETE", id, "", NULL, 204, NULL);
  check_of (self, "GET", id, "", NULL, 404, NULL);
}

static void
test_status (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = muster_test_site_add_device (self->site, "Lamp", "L-1");

  check_of (
    self, "GET", id, "/status", NULL, 200,
    "{\"status\":\"in_stock\",\"adoption\":\"none\",\"live\":{\"state\":\"unknown\",\"since\":null,\"proofs\":[]}}");
  check_of (self, "PUT", id, "/status", "{\"status\":\"deployed\"}", 200,
            "\"status\":\"deployed\"");
  check_of (self, "PUT", id, "/status", "{\"status\":\"sold\"}", 409, "maintenance");
  check_of (self, "PUT", id, "/status", "{\"status\":\"lost\"}", 422, "/status");
  check_of (self, "PUT", NOBODY, "/status", "{\"status\":\"sold\"}", 404, NULL);
  check_of (self, "GET", NOBODY, "/status", NULL, 404, NULL);
}

static void
test_events_and_metrics (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = muster_test_site_add_device (self->site, "Meter", "M-1");
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (id);
  const MusterSparkplugMetricInfo infos[] = {
    { .name = "flow",
      .datatype = MUSTER_SPARKPLUG_DOUBLE,
      .unit = "m³/h",
      .minimum = 0,
      .maximum = 10 },
    { .name = "count", .datatype = MUSTER_SPARKPLUG_UINT32, .minimum = 0, .maximum = 10 }
  };
  const MusterSparkplugSource source = { "hall-3", "M-1", NULL };
  g_autofree char            *account = dex_await_string (
    muster_device_service_make_account (self->site->service, self->site->actor, id, NULL), NULL);

  check_of (self, "POST", id, "/events",
            "{\"kind\":\"door\",\"severity\":\"warning\",\"message\":\"opened\"}", 204, NULL);
  check_of (self, "POST", id, "/events", "{\"severity\":\"warning\"}", 422, "/kind");
  check_of (self, "POST", NOBODY, "/events", "{\"kind\":\"door\"}", 404, NULL);
  check_of (self, "GET", id, "/events", NULL, 200,
            "\"kind\":\"door\",\"severity\":\"warning\",\"message\":\"opened\"");
  muster_node_service_listener.birth (&source, infos, G_N_ELEMENTS (infos), 0, FALSE, self->nodes);
  muster_sample_batch_add_double (batch, "flow", muster_clock_get_now (self->site->clock), 2.5,
                                  MUSTER_SAMPLE_PLAIN);
  muster_test_await (muster_telemetry_ingest (self->telemetry, batch));
  muster_test_site_settle (self->site);
  check_of (self, "GET", id, "/metrics", NULL, 200, "\"name\":\"count\"");
  check_of (self, "GET", id, "/metrics", NULL, 200, ",\"latest\":null}");
  check_of (self, "GET", id, "/metrics", NULL, 200,
            "\"value\":2.5,\"quality\":\"good\"}}],\"total\":2,\"next\":null}");
  check_of (self, "GET", NOBODY, "/metrics", NULL, 404, NULL);
}

static void
test_adoption (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  const char      *secret = muster_test_device_get_secret_text (self->site->device);
  g_autofree char *body = g_strdup_printf ("{\"secret\":\"%s\",\"name\":\"Lamp 3\"}", secret);
  g_autofree char *adopted = NULL;
  g_autofree char *id = NULL;

  check (self, "POST", "/discovery/mac:nobody/adopt", body, 404, NULL);
  check (self, "POST", "/discovery/" MUSTER_TEST_KEY "/adopt", "{\"secret\":\"ABC\"}", 422,
         "/secret");
  check (self, "POST", "/discovery/" MUSTER_TEST_KEY "/adopt",
         "{\"secret\":\"0000-0000-0000-0000-0000-0000-00EE\"}", 403, "not the secret");
  check (self, "POST", "/discovery/" MUSTER_TEST_KEY "/adopt", "{\"colour\":\"red\"}", 422,
         "/colour");
  adopted = ask (self, "POST", "/discovery/" MUSTER_TEST_KEY "/adopt", body, 201,
                 "\"adoption\":\"adopted\"");
  id = get_member (adopted, "id");
  check_of (self, "POST", id, "/adopt", body, 409, "adopted already");
  check_of (self, "POST", id, "/account", NULL, 409, "by pairing");
  check_of (self, "POST", id, "/command", "{\"kind\":\"identify\"}", 202, "\"state\":\"pending\"");
  check_of (self, "POST", id, "/command", "{\"kind\":\"write\",\"metric\":\"x\",\"value\":1}", 422,
            "/metric");
  check_of (self, "POST", id, "/command", "{\"kind\":\"explode\"}", 422, "/kind");
  muster_test_site_settle (self->site);
  check_of (self, "GET", id, "/commands", NULL, 200, "\"state\":\"confirmed\"");
  check_of (self, "POST", id, "/token", NULL, 201, "{\"token\":\"mdt_");
  check_of (self, "POST", NOBODY, "/token", NULL, 404, NULL);
  check (self, "GET", "/overview", NULL, 200, "\"adopted\":1");
  check (self, "GET", "/overview", NULL, 200, "\"unknown_nodes\":[]");
  check_of (self, "POST", id, "/release", NULL, 200, "\"adoption\":\"released\"");
  check_of (self, "POST", id, "/release", NULL, 409, "not adopted");
  check_of (self, "POST", id, "/command", "{\"kind\":\"identify\"}", 409, "takes no commands");
  check_of (self, "POST", id, "/account", NULL, 201, "\"password\":\"");
}

static void
test_groups (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *lamp = muster_test_site_add_device (self->site, "Lamp", "L-1");
  g_autofree char *plug = muster_test_site_add_device (self->site, "Plug", "P-1");
  g_autofree char *made = ask (self, "POST", "/device-groups",
                               "{\"name\":\"Hall\",\"filter\":\"serial=P-1\"}", 201, NULL);
  g_autofree char *id = get_member (made, "id");
  g_autofree char *path = g_strconcat ("/device-groups/", id, NULL);
  g_autofree char *members = g_strconcat (path, "/members", NULL);
  g_autofree char *devices = g_strconcat (path, "/devices", NULL);
  g_autofree char *member = g_strconcat (members, "/", lamp, NULL);
  g_autofree char *body = g_strdup_printf ("{\"device_id\":\"%s\"}", lamp);

  check (self, "POST", "/device-groups", "{\"name\":\"Bad\",\"filter\":\"colour=red\"}", 422,
         "/filter");
  check (self, "POST", "/device-groups", "{\"name\":\"Hall\"}", 409, "name");
  check (self, "POST", members, body, 201, lamp);
  check (self, "POST", members, body, 409, NULL);
  check (self, "POST", members, "{\"device_id\":\"" NOBODY "\"}", 422, "/device_id");
  check (self, "GET", members, NULL, 200, "\"total\":1");
  check (self, "GET", devices, NULL, 200, plug);
  check (self, "GET", devices, NULL, 200, "\"total\":2");
  check (self, "DELETE", member, NULL, 204, NULL);
  check (self, "DELETE", member, NULL, 404, NULL);
  check (self, "GET", devices, NULL, 200, "\"total\":1");
  check (self, "PUT", path, "{\"filter\":null}", 200, "\"filter\":null");
  check (self, "GET", devices, NULL, 200, "{\"ids\":[],\"total\":0}");
  check (self, "DELETE", path, NULL, 204, NULL);
  check (self, "GET", path, NULL, 404, NULL);
}

static void
test_undo (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *id = muster_test_site_add_device (self->site, "Lamp", "L-1");
  g_autofree char *undo = NULL;

  check_of (self, "PUT", id, "", "{\"name\":\"Lamp 3\"}", 200, NULL);
  undo = g_strdup_printf ("/journal/%" G_GINT64_FORMAT "/undo",
                          muster_database_get_sequence (self->site->database));
  check (self, "POST", undo, NULL, 200, "{\"sequence\":");
  check_of (self, "GET", id, "", NULL, 200, "\"name\":\"Lamp\"");
  check (self, "POST", undo, NULL, 409, NULL);
  check (self, "POST", "/journal/999999/undo", NULL, 404, NULL);
  check (self, "GET", "/journal?limit=0", NULL, 422, "limit");
}

/* Every path of the room stands in the document that describes the API. */
static void
test_openapi (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (GBytes) bytes = muster_router_make_openapi (self->router, "1");
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (JsonNode) document = json_from_string (text, NULL);
  static const char *const paths[] = { "/devices",
                                       "/devices/{id}/adopt",
                                       "/discovery/{key}/adopt",
                                       "/device-groups/{id}/devices",
                                       "/overview",
                                       "/journal/{sequence}/undo",
                                       "/site" };
  JsonObject *described = json_object_get_object_member (json_node_get_object (document), "paths");

  for (unsigned i = 0; i < G_N_ELEMENTS (paths); i++)
    g_assert_true (json_object_has_member (described, paths[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/device-resource/records", test_records);
  muster_test_add_fiber ("/device-resource/status", test_status);
  muster_test_add_fiber ("/device-resource/events-and-metrics", test_events_and_metrics);
  muster_test_add_fiber ("/device-resource/adoption", test_adoption);
  muster_test_add_fiber ("/device-resource/groups", test_groups);
  muster_test_add_fiber ("/device-resource/undo", test_undo);
  muster_test_add_fiber ("/device-resource/openapi", test_openapi);
  return g_test_run ();
}
