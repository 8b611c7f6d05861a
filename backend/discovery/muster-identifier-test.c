/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-identifier-test"

#include "config.h"

#include <string.h>

#include "core/muster-core-test-util.h"
#include "muster-discovery-test-util.h"
#include "muster-families.h"
#include "muster-identifier.h"

#define HOST "lamp.lan"
#define IP "192.0.2.7"

static const struct
{
  const char *path, *json, *family, *mac, *serial, *name, *model, *version;
} answers[] = {
  { "/pair",
    "{\"serial\":\"S1\",\"mac\":\"24a160b1c2d3\",\"model\":\"node-1\",\"firmware\":\"1.2\",\"hardware\":\"B\",\"name\":\"Lamp\",\"pairing\":1,\"state\":\"new\"}",
    "muster", "24:a1:60:b1:c2:d3", "S1", "Lamp", "node-1", "1.2" },
  { "/shelly",
    "{\"name\":null,\"id\":\"shellyplus1-a8032ab12345\",\"mac\":\"A8032AB12345\",\"model\":\"SNSW-001X16EU\",\"gen\":2,\"ver\":\"1.0.8\",\"app\":\"Plus1\",\"auth_en\":false}",
    "shelly", "a8:03:2a:b1:23:45", NULL, "shellyplus1-a8032ab12345", "Plus1", "1.0.8" },
  { "/shelly",
    "{\"type\":\"SHSW-25\",\"mac\":\"E098068D0123\",\"auth\":false,\"fw\":\"20230913-112003/v1.14.0\"}",
    "shelly", "e0:98:06:8d:01:23", NULL, HOST, "SHSW-25", "20230913-112003/v1.14.0" },
  { "/json/info",
    "{\"ver\":\"0.14.0\",\"name\":\"Desk\",\"mac\":\"e8db84e1b2c3\",\"brand\":\"WLED\",\"product\":\"FOSS\",\"leds\":{\"count\":30}}",
    "wled", "e8:db:84:e1:b2:c3", NULL, "Desk", "FOSS", "0.14.0" },
  { "/cm?cmnd=Status%200",
    "{\"Status\":{\"Module\":1,\"DeviceName\":\"Heater\"},\"StatusFWR\":{\"Version\":\"13.1.0(tasmota)\",\"Hardware\":\"ESP8266EX\"},\"StatusNET\":{\"Hostname\":\"heater\",\"Mac\":\"5C:CF:7F:01:02:03\"}}",
    "tasmota", "5c:cf:7f:01:02:03", NULL, "Heater", "ESP8266EX", "13.1.0(tasmota)" },
};

static void
test_answers (void)
{
  g_autoptr (MusterFamilies) families = muster_families_new ();

  for (unsigned i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (MusterMdnsRecord) record =
                  muster_identify_answer (answers[i].path, answers[i].json, -1, HOST, IP, 80);
      g_autoptr (MusterClassification) result = NULL;

      g_test_message ("%s", answers[i].json);
      g_assert_nonnull (record);
      g_assert_cmpint (record->source, ==, MUSTER_MDNS_ASKED);
      g_assert_cmpstr (record->address, ==, IP);
      result = muster_families_classify (families, record);
      g_assert_cmpstr (result->family->family, ==, answers[i].family);
      g_assert_cmpstr (result->mac, ==, answers[i].mac);
      g_assert_cmpstr (result->serial, ==, answers[i].serial);
      g_assert_cmpstr (result->name, ==, answers[i].name);
      g_assert_cmpstr (result->model, ==, answers[i].model);
      g_assert_cmpstr (result->version, ==, answers[i].version);
    }
}

static void
test_not_an_answer (void)
{
  static const char *const bodies[] = { "",
                                        "<html>",
                                        "[]",
                                        "{}",
                                        "7",
                                        "{\"mac\":null}",
                                        "{\"mac\":{}}",
                                        "{\"StatusNET\":[]}",
                                        "{\"StatusNET\":{\"Mac\":[]}}",
                                        "{\"pairing\":true}" };
  static const char *const paths[] = { "/pair", "/shelly", "/json/info", "/cm?cmnd=Status%200" };

  for (unsigned i = 0; i < G_N_ELEMENTS (bodies); i++)
    for (unsigned j = 0; j < G_N_ELEMENTS (paths); j++)
      g_assert_null (muster_identify_answer (paths[j], bodies[i], -1, HOST, IP, 80));
}

/* Whatever comes, it is read or refused. */
static void
test_mutations (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20260131);

  for (unsigned round = 0; round < 5000; round++)
    {
      unsigned         i = round % G_N_ELEMENTS (answers);
      g_autofree char *json = g_strdup (answers[i].json);
      gsize            length = strlen (json);

      for (int n = g_rand_int_range (random, 1, 6); n > 0; n--)
        json[g_rand_int_range (random, 0, length)] = g_rand_int (random);
      {
        g_autoptr (MusterMdnsRecord) record =
                    muster_identify_answer (answers[i].path, json, length, HOST, IP, 80);

        if (record != NULL)
          g_assert_true (g_utf8_validate (record->name, -1, NULL));
      }
    }
}

/* --- a device that answers one path --- */

#define TYPE_ONE_PATH (one_path_get_type ())
G_DECLARE_FINAL_TYPE (OnePath, one_path, TEST, ONE_PATH, MusterHttpFetch)

struct _OnePath
{
  MusterHttpFetch parent_instance;
  const char     *path; /* NULL: every request is refused */
  const char     *json;
  unsigned        n_asked;
};

G_DEFINE_FINAL_TYPE (OnePath, one_path, MUSTER_TYPE_HTTP_FETCH)

static DexFuture *
one_path_send (MusterHttpFetch *fetch,
               const char      *method,
               const char      *uri,
               GBytes          *body,
               const char      *content_type,
               gsize            max_size,
               unsigned         timeout_ms)
{
  OnePath *self = TEST_ONE_PATH (fetch);
  gboolean is_it;
  g_autoptr (GBytes) answer = NULL;

  self->n_asked++;
  g_assert_cmpstr (method, ==, "GET");
  g_assert_true (g_str_has_prefix (uri, "http://127.0.0.1:8080/"));
  if (self->path == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "no connection");
  is_it = g_str_has_suffix (uri, self->path);
  answer = g_bytes_new_static (is_it ? self->json : "not found",
                               strlen (is_it ? self->json : "not found"));
  return dex_future_new_take_boxed (MUSTER_TYPE_HTTP_REPLY,
                                    muster_http_reply_new (is_it ? 200 : 404, answer, NULL, -1,
                                                           1000));
}

static void
one_path_class_init (OnePathClass *klass)
{
  MUSTER_HTTP_FETCH_CLASS (klass)->send = one_path_send;
}

static void
one_path_init (OnePath *self)
{
}

static void
test_asks_in_turn (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (OnePath) fetch = g_object_new (TYPE_ONE_PATH, NULL);
      g_autoptr (MusterMdnsRecord) record = NULL;
      g_autoptr (GError) error = NULL;

      fetch->path = answers[i].path;
      fetch->json = answers[i].json;
      record =
        dex_await_boxed (muster_identify_address (MUSTER_HTTP_FETCH (fetch), "127.0.0.1:8080"),
                         &error);
      g_assert_no_error (error);
      g_assert_cmpstr (record->host, ==, "127.0.0.1:8080");
      g_assert_cmpuint (record->port, ==, 8080);
      g_assert_cmpstr (muster_txt_get_text (record->txt, "mac") != NULL ? "mac" : "", ==, "mac");
    }
}

static void
test_silent_web_server (void)
{
  g_autoptr (OnePath) fetch = g_object_new (TYPE_ONE_PATH, NULL);
  g_autoptr (MusterMdnsRecord) record = NULL;
  g_autoptr (GError) error = NULL;

  fetch->path = "/nothing";
  record =
    dex_await_boxed (muster_identify_address (MUSTER_HTTP_FETCH (fetch), "127.0.0.1:8080"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (record->type, ==, "_http._tcp");
  g_assert_cmpuint (fetch->n_asked, ==, 4);
}

static void
test_nobody (void)
{
  g_autoptr (OnePath) fetch = g_object_new (TYPE_ONE_PATH, NULL);

  g_error_free (
    muster_test_await_error (muster_identify_address (MUSTER_HTTP_FETCH (fetch), "127.0.0.1:8080"),
                             MUSTER_ERROR_UNAVAILABLE));
  g_assert_cmpuint (fetch->n_asked, ==, 1);
}

static void
test_refused_addresses (void)
{
  static const struct
  {
    const char *address;
    int         code;
  } cases[] = {
    { "224.0.0.251", MUSTER_ERROR_INVALID },
    { "[ff02::fb]:80", MUSTER_ERROR_INVALID },
    { "0.0.0.0", MUSTER_ERROR_INVALID },
    { "host:port", MUSTER_ERROR_INVALID },
    { "no-such-host.invalid", MUSTER_ERROR_NOT_FOUND },
  };
  g_autoptr (OnePath) fetch = g_object_new (TYPE_ONE_PATH, NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    g_error_free (muster_test_await_error (muster_identify_address (MUSTER_HTTP_FETCH (fetch),
                                                                    cases[i].address),
                                           cases[i].code));
  g_assert_cmpuint (fetch->n_asked, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/identifier/answers", test_answers);
  g_test_add_func ("/identifier/not-an-answer", test_not_an_answer);
  g_test_add_func ("/identifier/mutations", test_mutations);
  muster_test_add_fiber ("/identifier/asks-in-turn", test_asks_in_turn);
  muster_test_add_fiber ("/identifier/silent-web-server", test_silent_web_server);
  muster_test_add_fiber ("/identifier/nobody", test_nobody);
  muster_test_add_fiber ("/identifier/refused-addresses", test_refused_addresses);
  return g_test_run ();
}
