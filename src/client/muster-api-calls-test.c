/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-calls-test"

#include "config.h"

#include <math.h>

#include "core/muster-core-test-util.h"
#include "muster-api-accounts.h"
#include "muster-api-devices.h"
#include "muster-api-discovery.h"
#include "muster-api-groups.h"
#include "muster-api-journal.h"
#include "muster-api-json.h"
#include "muster-api-monitoring.h"
#include "muster-api-operations.h"
#include "muster-api-site.h"
#include "muster-api-test-util.h"

#include "model/muster-device-command.h"

#define ID "0190c0de-0000-7000-8000-000000000001"
#define DEVICE                                                                                     \
  "{\"id\":\"" ID                                                                                  \
  "\",\"created_at\":\"2026-01-31T08:00:00.000Z\",\"updated_at\":\"2026-01-31T08:00:00.000Z\",\"revision\":3,\"name\":\"Pump 7\",\"kind\":\"actuator\",\"status\":\"deployed\"}"

static gpointer
await_object (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  gpointer object = dex_await_object (future, &error);

  g_assert_no_error (error);
  return object;
}

static gpointer
await_boxed (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  gpointer boxed = dex_await_boxed (future, &error);

  g_assert_no_error (error);
  return boxed;
}

static void
test_list (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  const char        *filters[] = { "status", "deployed,sold", "kind", "actuator", NULL };
  MusterApiListQuery query = {
    .q = "pump 7", .sort = "-name", .limit = 5, .cursor = "c=1", .filters = filters
  };
  g_autoptr (MusterApiPage) page = NULL;

  muster_test_api_push_json (api, "{\"items\":[" DEVICE "],\"total\":12,\"next\":\"abc\"}");
  page = await_object (muster_api_devices_list (api->client, &query));
  g_assert_cmpstr (
    muster_test_api_get_request (api, 0), ==,
    "GET /devices/?q=pump%207&sort=-name&cursor=c%3D1&limit=5&status=deployed,sold&kind=actuator");
  g_assert_cmpuint (muster_api_page_get_length (page), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (page)), ==, 1);
  g_assert_cmpuint (g_list_model_get_item_type (G_LIST_MODEL (page)), ==, MUSTER_TYPE_DEVICE);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (page), 1));
  g_assert_cmpint (muster_api_page_get_total (page), ==, 12);
  g_assert_cmpstr (muster_api_page_get_next (page), ==, "abc");
  g_assert_cmpstr (muster_entity_get_string (muster_api_page_get (page, 0), "name"), ==, "Pump 7");
}

static void
test_list_refused (void)
{
  static const char *const answers[] = { "[]",
                                         "{}",
                                         "{\"items\":{}}",
                                         "{\"items\":[1]}",
                                         "{\"items\":[{\"name\":7}]}",
                                         "3",
                                         "{\"items\":[" DEVICE "," };

  for (unsigned i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", answers[i]);
      muster_test_api_push_json (api, answers[i]);
      error = muster_test_await_error (muster_api_devices_list (api->client, NULL),
                                       MUSTER_ERROR_PROTOCOL);
      g_assert_cmpstr (error->message, !=, "");
    }
}

static void
test_ids (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (GString) json = g_string_new ("{\"ids\":[");
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = NULL;

  /* Long enough to be parsed on another thread. */
  for (unsigned i = 0; i < 5000; i++)
    g_string_append_printf (json, "%s\"0190c0de-0000-7000-8000-%012u\"", i > 0 ? "," : "", i);
  g_string_append (json, "],\"total\":5000}");
  muster_test_api_push_json (api, json->str);
  ids = await_boxed (muster_api_devices_list_ids (api->client, NULL));
  g_assert_cmpuint (g_strv_length (ids), ==, 5000);
  g_assert_cmpstr (ids[4999], ==, "0190c0de-0000-7000-8000-000000004999");
  muster_test_api_push_json (api, "{\"ids\":[1]}");
  error = muster_test_await_error (muster_api_devices_list_ids (api->client, NULL),
                                   MUSTER_ERROR_PROTOCOL);
}

static void
test_by_ids (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiPage) page = NULL;

  muster_test_api_push_json (api, "{\"items\":[]}");
  page =
    await_object (muster_api_devices_list_by_ids (api->client, (const char *[]){ "a", "b", NULL }));
  g_assert_cmpstr (muster_test_api_get_request (api, 0), ==, "GET /devices/?id=a,b&limit=1000");
  g_assert_cmpint (muster_api_page_get_total (page), ==, -1);
  g_assert_null (muster_api_page_get_next (page));
}

static void
test_create_and_update (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterEntity) draft = muster_entity_new (&muster_device_info);
  g_autoptr (MusterEntity) made = NULL;
  g_autoptr (MusterEntity) changed = NULL;
  JsonObject *changes = json_object_new ();

  muster_entity_set_string (draft, "name", "Pump \"7\"");
  muster_test_api_push (api, 201, "application/json", DEVICE);
  made = await_object (muster_api_devices_create (api->client, MUSTER_DEVICE (draft)));
  g_assert_cmpstr (muster_test_api_get_request (api, 0), ==, "POST /devices/");
  g_assert_cmpstr (muster_test_api_get_body (api, 0), ==,
                   "{\"name\":\"Pump \\\"7\\\"\",\"kind\":\"other\",\"status\":\"in_stock\"}");
  g_assert_cmpint (muster_entity_get_revision (made), ==, 3);
  json_object_set_string_member (changes, "name", "Pump 8");
  muster_test_api_push_json (api, DEVICE);
  changed = await_object (muster_api_devices_update (api->client, ID, changes, 3));
  g_assert_cmpstr (muster_test_api_get_request (api, 1), ==, "PUT /devices/" ID);
  g_assert_cmpstr (muster_test_api_get_body (api, 1), ==, "{\"name\":\"Pump 8\"}");
  g_assert_cmpstr (soup_message_headers_get_one (api->headers, "If-Match"), ==, "\"3\"");
}

static void
test_metrics (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiPage) page = NULL;
  MusterApiReading *latest;

  muster_test_api_push_json (
    api,
    "{\"items\":[{\"id\":\"" ID "\",\"device_id\":\"" ID
    "\",\"name\":\"temperature\",\"datatype\":\"double\",\"latest\":{\"time\":\"2026-01-31T08:00:00.500Z\",\"value\":21.5,\"quality\":\"stale\"}},"
    "{\"id\":\"" ID "\",\"device_id\":\"" ID
    "\",\"name\":\"door\",\"datatype\":\"boolean\",\"latest\":{\"time\":1769846400500,\"value\":true,\"quality\":192}},"
    "{\"id\":\"" ID "\",\"device_id\":\"" ID
    "\",\"name\":\"text\",\"datatype\":\"string\",\"latest\":null}]}");
  page = await_object (muster_api_devices_list_metrics (api->client, ID));
  g_assert_cmpuint (muster_api_page_get_length (page), ==, 3);
  latest = muster_api_metric_get_latest (muster_api_page_get (page, 0));
  g_assert_cmpfloat (muster_api_reading_get_number (latest), ==, 21.5);
  g_assert_cmpint (muster_api_reading_get_time (latest), ==, G_GINT64_CONSTANT (1769846400500000));
  g_assert_cmpint (muster_api_reading_get_flags (latest), ==, MUSTER_SAMPLE_STALE);
  latest = muster_api_metric_get_latest (muster_api_page_get (page, 1));
  g_assert_cmpint (muster_api_reading_get_sample_type (latest), ==, MUSTER_SAMPLE_BOOLEAN);
  g_assert_cmpfloat (muster_api_reading_get_number (latest), ==, 1);
  g_assert_cmpint (muster_api_reading_get_flags (latest), ==, MUSTER_SAMPLE_PLAIN);
  g_assert_null (muster_api_metric_get_latest (muster_api_page_get (page, 2)));
}

static void
test_control (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterEntity) order = NULL;
  g_autoptr (MusterEntity) adopted = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *value = json_node_new (JSON_NODE_VALUE);

  json_node_set_double (value, 42.5);
  muster_test_api_push (api, 202, "application/json",
                        "{\"id\":\"" ID "\",\"device_id\":\"" ID
                        "\",\"kind\":\"write\",\"state\":\"pending\"}");
  order = await_object (muster_api_devices_command (api->client, ID, "write", "set/point", value));
  g_assert_cmpstr (muster_test_api_get_body (api, 0), ==,
                   "{\"kind\":\"write\",\"metric\":\"set/point\",\"value\":42.5}");
  g_assert_cmpint (muster_entity_get_enum (order, "state"), ==, MUSTER_COMMAND_PENDING);
  muster_test_api_push (api, 201, "application/json", DEVICE);
  adopted =
    await_object (muster_api_discovery_adopt (api->client, "mac:02:00", "s3cret", NULL, "Hall B"));
  g_assert_cmpstr (muster_test_api_get_request (api, 1), ==, "POST /discovery/mac%3A02%3A00/adopt");
  g_assert_cmpstr (muster_test_api_get_body (api, 1), ==,
                   "{\"secret\":\"s3cret\",\"location\":\"Hall B\"}");
  muster_test_api_push (api, 409, "application/problem+json",
                        "{\"detail\":\"no\",\"allowed\":[\"retired\"]}");
  error = muster_test_await_error (muster_api_devices_set_status (api->client, ID,
                                                                  MUSTER_DEVICE_STATUS_SOLD),
                                   MUSTER_ERROR_CONFLICT);
  g_assert_cmpstr (muster_test_api_get_body (api, 2), ==, "{\"status\":\"sold\"}");
  g_assert_cmpstr (muster_error_get_allowed (error)[0], ==, "retired");
  muster_test_api_push (api, 204, NULL, NULL);
  muster_test_await (muster_api_devices_release (api->client, ID));
  g_assert_cmpstr (muster_test_api_get_request (api, 3), ==, "POST /devices/" ID "/release");
}

static void
test_series (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  const char    *metrics[] = { "a", "b", NULL };
  MusterApiRange range = { .metrics = metrics,
                           .from = 1767225600000,
                           .to = 1767225660000,
                           .points = MUSTER_API_POINTS_ALL,
                           .aggregate = "mean",
                           .step = 1500 };
  g_autoptr (GPtrArray) list = NULL;
  MusterApiSeries *series;

  muster_test_api_push_json (
    api,
    "{\"device_id\":\"x\",\"samples\":[{\"metric\":\"a\",\"points\":[[1767225600000,1],[1767225601500,2.5],[1767225603000,null],[1767225604500,false],[1767225606000,\"x\",\"stale\"],[1767225607500,9,\"bad\"]]},{\"metric\":\"b\",\"points\":[]}]}");
  list = await_boxed (muster_api_monitoring_query (api->client, ID, &range));
  g_assert_cmpstr (
    muster_test_api_get_request (api, 0), ==,
    "GET /monitoring/data/" ID
    "?metric=a,b&from=2026-01-01T00:00:00.000Z&to=2026-01-01T00:01:00.000Z&points=0&agg=mean&step=1.5");
  g_assert_cmpuint (list->len, ==, 2);
  series = list->pdata[0];
  g_assert_cmpstr (series->metric, ==, "a");
  g_assert_cmpuint (series->length, ==, 6);
  g_assert_cmpint (series->times[1], ==, 1767225601500);
  g_assert_cmpfloat (series->values[1], ==, 2.5);
  g_assert_cmpint (isnan (series->values[2]) != 0, ==, TRUE);
  g_assert_cmpfloat (series->values[3], ==, 0);
  g_assert_cmpint (isnan (series->values[4]) != 0, ==, TRUE);
  g_assert_false (series->is_bad[4]);
  g_assert_true (series->is_bad[5]);
  muster_api_series_drop_bad (series);
  g_assert_cmpuint (series->length, ==, 5);
  g_assert_cmpstr (series->texts[4], ==, "x");
  series = list->pdata[1];
  g_assert_null (series->is_bad);
}

static void
test_series_refused (void)
{
  static const char *const answers[] = {
    "{}", "{\"samples\":[7]}", "{\"samples\":[{\"metric\":\"a\"}]}",
    "{\"samples\":[{\"metric\":\"a\",\"points\":[[1]]}]}",
    "{\"samples\":[{\"metric\":\"a\",\"points\":[[\"x\",1]]}]}"
  };
  MusterApiRange range = { 0 };

  for (unsigned i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
      g_autoptr (GError) error = NULL;

      muster_test_api_push_json (api, answers[i]);
      error = muster_test_await_error (muster_api_monitoring_query (api->client, ID, &range),
                                       MUSTER_ERROR_PROTOCOL);
      g_assert_cmpstr (muster_test_api_get_request (api, 0), ==, "GET /monitoring/data/" ID);
    }
}

static void
test_journal (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiPage) page = NULL;
  g_autoptr (GError) error = NULL;
  MusterApiChange *change;

  muster_test_api_push_json (
    api,
    "{\"items\":[{\"sequence\":9,\"at\":\"2026-01-31T08:00:00.000Z\",\"actor\":\"me\",\"entity\":\"device\",\"entity_id\":\"" ID
    "\",\"title\":\"Pump\",\"action\":\"update\",\"before\":{\"name\":\"a\"},\"after\":{\"name\":\"b\"},\"undoes\":null,\"undone_by\":null,\"final\":null,\"undoable\":false,\"reason\":\"later changes\"}],\"next\":null}");
  page = await_object (muster_api_journal_list (api->client, "device", ID, 10, 1));
  g_assert_cmpstr (muster_test_api_get_request (api, 0), ==,
                   "GET /journal/?entity=device&entity_id=" ID "&before=10&limit=1");
  change = muster_api_page_get (page, 0);
  g_assert_cmpint (muster_api_change_get_sequence (change), ==, 9);
  g_assert_cmpstr (muster_api_change_get_actor (change), ==, "me");
  g_assert_cmpstr (json_object_get_string_member (muster_api_change_get_after (change), "name"), ==,
                   "b");
  g_assert_false (muster_api_change_can_undo (change));
  g_assert_cmpstr (muster_api_change_get_reason (change), ==, "later changes");
  muster_test_api_push (api, 409, "application/problem+json",
                        "{\"detail\":\"later changes\",\"blockers\":[11]}");
  error = muster_test_await_error (muster_api_journal_undo (api->client, 9), MUSTER_ERROR_CONFLICT);
  g_assert_cmpstr (muster_test_api_get_request (api, 1), ==, "POST /journal/9/undo");
  g_assert_cmpstr (muster_error_get_blockers (error)[0], ==, "11");
  muster_test_api_push_json (api, "{\"items\":[],\"next\":null}");
  g_clear_object (&page);
  page = await_object (muster_api_journal_list_operation (api->client, ID, 50));
  g_assert_cmpstr (muster_test_api_get_request (api, 2), ==,
                   "GET /journal/?operation=" ID "&after=0&limit=50");
}

typedef struct
{
  const char *request;
  DexFuture *(*call) (MusterApiClient *client);
} Plain;

static DexFuture *
list_groups (MusterApiClient *client)
{
  return muster_api_groups_list (client, NULL);
}

static DexFuture *
list_people (MusterApiClient *client)
{
  return muster_api_users_list (client, NULL);
}

static DexFuture *
unignore (MusterApiClient *client)
{
  return muster_api_discovery_unignore (client, "serial:a/b");
}

static DexFuture *
set_setting (MusterApiClient *client)
{
  return muster_api_settings_set (client, "broker.external-uri", json_node_new (JSON_NODE_NULL));
}

static DexFuture *
back_up (MusterApiClient *client)
{
  return muster_api_operations_backup (client, "/var/backups/x.tar");
}

static void
test_paths (void)
{
  static const Plain plain[] = {
    { "GET /device-groups/", list_groups },
    { "GET /users/", list_people },
    { "GET /settings", muster_api_settings_list },
    { "GET /overview", muster_api_overview_get },
    { "GET /messaging/status", muster_api_messaging_get_status },
    { "GET /health/ready", muster_api_operations_get_ready },
    { "GET /discovery/status", muster_api_discovery_get_status },
    { "POST /discovery/scan", muster_api_discovery_scan },
    { "POST /discovery/serial%3Aa%2Fb/unignore", unignore },
    { "GET /monitoring/data", muster_api_monitoring_get_latest },
    { "GET /monitoring/stats", muster_api_monitoring_get_stats },
    { "PUT /settings/broker.external-uri", set_setting },
    { "POST /backup", back_up },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);

      muster_test_api_push_json (api, "{\"items\":[]}");
      muster_test_await (plain[i].call (api->client));
      g_assert_cmpstr (muster_test_api_get_request (api, 0), ==, plain[i].request);
    }
}

static void
test_json_text (void)
{
  static const char text[] =
    "{\"a\":[1,0.1,-2.5,true,null,\"x\\n\",{}],\"big\":9223372036854775807,\"none\":[]}";
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_autofree char *line = muster_api_json_to_string (node, FALSE);
  g_autofree char *pretty = muster_api_json_to_string (node, TRUE);
  g_autoptr (JsonNode) again = json_from_string (pretty, NULL);

  g_assert_cmpstr (line, ==, text);
  g_assert_cmpint (g_str_has_prefix (pretty, "{\n  \"a\": [\n    1,\n    0.1,"), ==, TRUE);
  g_assert_cmpint (json_node_equal (node, again), ==, TRUE);
}

static void
test_dropping_a_call_cancels (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  DexFuture *future;

  muster_test_api_push_json (api, "{\"items\":[]}");
  muster_test_api_set_delay (api, 30000);
  future = muster_api_devices_list (api->client, NULL);
  muster_test_await_count (&api->requests->len, 1);
  dex_unref (future);
  muster_test_await_count (&api->n_closed, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/api-calls/list", test_list);
  muster_test_add_fiber ("/api-calls/list-refused", test_list_refused);
  muster_test_add_fiber ("/api-calls/ids", test_ids);
  muster_test_add_fiber ("/api-calls/by-ids", test_by_ids);
  muster_test_add_fiber ("/api-calls/create-and-update", test_create_and_update);
  muster_test_add_fiber ("/api-calls/metrics", test_metrics);
  muster_test_add_fiber ("/api-calls/control", test_control);
  muster_test_add_fiber ("/api-calls/series", test_series);
  muster_test_add_fiber ("/api-calls/series-refused", test_series_refused);
  muster_test_add_fiber ("/api-calls/journal", test_journal);
  muster_test_add_fiber ("/api-calls/paths", test_paths);
  g_test_add_func ("/api-calls/json-text", test_json_text);
  muster_test_add_fiber ("/api-calls/dropping-a-call-cancels", test_dropping_a_call_cancels);
  return g_test_run ();
}
