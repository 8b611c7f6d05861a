/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "model/muster-device.h"
#include "muster-docs.h"

static const MusterField range_query[] = {
  { "from", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .doc = "The begin <of> it." },
  { "points", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 5000, .doc = "How many." },
};
static const MusterField pair_fields[] = {
  { "secret", MUSTER_FIELD_STRING, MUSTER_FIELD_SECRET | MUSTER_FIELD_REQUIRED, 1, 64,
    .doc = "The secret." },
  { "state", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, 1, 64, .doc = "The state." },
};
static const MusterShape device = { .entity = &muster_device_info };
static const MusterShape devices = { .entity = &muster_device_info, .list = TRUE };
static const MusterShape pairing = { .schema = "Pairing",
                                     .doc = "A pairing.",
                                     .fields = pair_fields,
                                     .n_fields = 2 };
static const MusterShape series = { .schema = "Series", .doc = "Anything." };
static const MusterShape text = { .doc = "Prometheus text.", .media_type = "text/plain" };

#define LIST MUSTER_ROUTE_LIST
static const MusterRoute routes[] = {
  { "GET", "/devices/", "listDevices", "devices", "Devices", muster_handle_list, LIST, NULL, 0,
    NULL, &devices },
  { "POST", "/devices/", "createDevice", "devices", "Add a device", muster_handle_create, 0, NULL,
    0, &device, &device, 201 },
  { "GET", "/devices/ids", "listDeviceIds", "devices", "Ids", muster_handle_list_ids,
    MUSTER_ROUTE_IDS, NULL, 0, NULL, &devices },
  { "GET", "/devices/{id:uuid}", "getDevice", "devices", "A device", muster_handle_get, 0, NULL, 0,
    NULL, &device },
  { "PUT", "/devices/{id:uuid}", "updateDevice", "devices", "Change a device", muster_handle_update,
    MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, NULL, 0, &device, &device },
  { "DELETE", "/devices/{id:uuid}", "deleteDevice", "devices", "Delete a device",
    muster_handle_delete, MUSTER_ROUTE_UPDATE },
  { "POST", "/devices/{id:uuid}/pair", "pairDevice", "devices", "Pair", muster_handle_get, 0, NULL,
    0, &pairing, &pairing, 202 },
  { "GET", "/series/{key}", "getSeries", "telemetry", "Samples", muster_handle_get,
    MUSTER_ROUTE_DEVICE, range_query, 2, NULL, &series },
  { "GET", "/metrics", "getMetrics", "operations", "Metrics", muster_handle_get,
    MUSTER_ROUTE_PUBLIC, NULL, 0, NULL, &text },
};

static GBytes *
make_openapi (void)
{
  g_autoptr (MusterRouter) router = muster_router_new ();

  muster_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
  return muster_router_make_openapi (router, "1.2");
}

/* The value at PATH ("paths//devices/.get" by JSONPath) as text. */
static char *
query (const char *path)
{
  g_autoptr (GBytes) bytes = make_openapi ();
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonNode) found = NULL;
  g_autoptr (GError) error = NULL;
  gsize       length;
  const char *data = g_bytes_get_data (bytes, &length);

  json_parser_load_from_data (parser, data, length, &error);
  g_assert_no_error (error);
  found = json_path_query (path, json_parser_get_root (parser), &error);
  g_assert_no_error (error);
  return json_to_string (found, FALSE);
}

static void
test_openapi (void)
{
  static const struct
  {
    const char *path;
    const char *expected;
  } cases[] = {
    { "$.openapi", "[\"3.1.0\"]" },
    { "$.info.version", "[\"1.2\"]" },
    { "$.tags[*].name", "[\"devices\",\"telemetry\",\"operations\"]" },
    { "$.paths['/devices/{id}'].put.operationId", "[\"updateDevice\"]" },
    { "$.paths['/devices/{id}'].put.requestBody.content['application/json'].schema['$ref']",
      "[\"#/components/schemas/DeviceChange\"]" },
    { "$.paths['/devices'].post.responses['201'].content['application/json'].schema['$ref']",
      "[\"#/components/schemas/Device\"]" },
    { "$.paths['/devices'].post.parameters[*].name", "[\"Idempotency-Key\"]" },
    { "$.paths['/devices/{id}'].delete.parameters[*].name", "[\"id\",\"If-Match\"]" },
    { "$.paths['/devices/{id}'].delete.responses['204'].description", "[\"Done.\"]" },
    { "$.paths['/series/{key}'].get.parameters[*].name",
      "[\"key\",\"from\",\"points\",\"as_of\"]" },
    { "$.paths['/series/{key}'].get.parameters[1].required", "[true]" },
    { "$.paths['/metrics'].get.security", "[[]]" },
    { "$.components.schemas.DeviceInput.required", "[[\"name\"]]" },
    { "$.components.schemas.DeviceChange.required", "[]" },
    { "$.components.schemas.PairingInput.properties.state", "[]" },
    { "$.components.schemas.Pairing.properties.secret", "[]" },
    { "$.components.schemas.Series.description", "[\"Anything.\"]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = query (cases[i].path);

      g_test_message ("%s", cases[i].path);
      g_assert_cmpstr (found, ==, cases[i].expected);
    }
}

static void
test_page (void)
{
  g_autoptr (MusterRouter) router = muster_router_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *html = NULL;

  muster_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
  bytes = muster_router_make_page (router, "1.2");
  html = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_nonnull (strstr (html, "id=\"pairDevice\""));
  g_assert_nonnull (strstr (html, "The begin &lt;of&gt; it."));
  g_assert_nonnull (strstr (html, "id=\"schema-Device\""));
  g_assert_nonnull (strstr (html, "id=problem-invalid"));
  /* Whole in itself: it fetches nothing. */
  g_assert_null (strstr (html, "http:"));
  g_assert_null (strstr (html, "https:"));
  g_assert_null (strstr (html, "<script"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/docs/openapi", test_openapi);
  g_test_add_func ("/docs/page", test_page);
  return g_test_run ();
}
