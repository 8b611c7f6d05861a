/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "model/muster-person.h"
#include "muster-http-test-util.h"

#define UUID "01890a5d-ac96-774b-bcce-b302099a8057"
#define JSON "Content-Type: application/json\r\n"
#define TOKEN "Authorization: Bearer right\r\n"

/* --- a small API --- */

static unsigned n_made;

static DexFuture *
handle_echo (MusterRequest *request, gpointer user_data)
{
  const MusterValue *n = muster_request_get_param (request, "n");
  GString           *json = g_string_new (NULL);

  g_string_printf (json,
                   "{\"id\":\"%s\",\"n\":%" G_GINT64_FORMAT
                   ",\"text\":\"%s\",\"actor\":\"%s\",\"remote\":\"%s\"}",
                   muster_request_get_path_param (request, "id"), n->is_null ? -1 : n->integer,
                   muster_request_get_param_text (request, "text") != NULL
                     ? muster_request_get_param_text (request, "text")
                     : "",
                   muster_actor_to_string (muster_request_get_actor (request)),
                   muster_request_get_remote (request));
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
handle_slow_fiber (gpointer user_data)
{
  muster_test_sleep (150);
  n_made++;
  return muster_response_resolve (muster_response_new_json (200, g_string_new ("{\"slow\":true}")));
}

static DexFuture *
handle_slow (MusterRequest *request, gpointer user_data)
{
  return dex_scheduler_spawn (NULL, 0, handle_slow_fiber, g_object_ref (request), g_object_unref);
}

static DexFuture *
handle_make (MusterRequest *request, gpointer user_data)
{
  JsonObject *object = json_node_get_object (muster_request_get_json (request));
  GString    *json = g_string_new (NULL);

  n_made++;
  g_string_printf (json, "{\"name\":\"%s\",\"made\":%u}",
                   json_object_get_string_member (object, "name"), n_made);
  return muster_response_resolve (muster_response_new_json (201, json));
}

static DexFuture *
handle_change (MusterRequest *request, gpointer user_data)
{
  GString        *json = g_string_new (NULL);
  MusterResponse *response;

  g_string_printf (json, "{\"expected\":%" G_GINT64_FORMAT "}",
                   muster_request_get_expected_revision (request));
  response = muster_response_new_json (200, json);
  muster_response_set_revision (response, 8);
  return muster_response_resolve (response);
}

static DexFuture *
handle_big (MusterRequest *request, gpointer user_data)
{
  GString        *json = g_string_new ("[");
  MusterResponse *response;

  for (unsigned i = 0; i < 1000; i++)
    g_string_append (json, "\"0123456789\",");
  g_string_append (json, "0]");
  response = muster_response_new_json (200, json);
  muster_response_set_revision (response, 7);
  return muster_response_resolve (response);
}

static DexFuture *
handle_fail (MusterRequest *request, gpointer user_data)
{
  const char *how = muster_request_get_path_param (request, "how");

  if (strcmp (how, "inner") == 0)
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_FAILED, "the password is swordfish");
  if (strcmp (how, "timeout") == 0)
    return dex_future_new_reject (DEX_ERROR, DEX_ERROR_TIMED_OUT, "timed out");
  if (strcmp (how, "limited") == 0)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_RATE_LIMITED, "too many attempts");
  if (strcmp (how, "odd") == 0)
    return dex_future_new_true ();
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "it is sold");
}

static DexFuture *
handle_raw (MusterRequest *request, gpointer user_data)
{
  GString *json = g_string_new (NULL);

  g_string_printf (json, "{\"bytes\":%" G_GSIZE_FORMAT "}",
                   g_bytes_get_size (muster_request_get_body (request)));
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
handle_page (MusterRequest *request, gpointer user_data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("<p>hello", 8);

  return muster_response_resolve (
    muster_response_new_bytes (200, "text/html; charset=utf-8", bytes));
}

static const MusterField echo_query[] = {
  { "n", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 9, .doc = "A number." },
  { "text", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 10, .doc = "A text." },
};
static const MusterField thing_fields[] = {
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 10, .doc = "Its name." },
  { "count", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 5, .doc = "How many." },
  { "made", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .doc = "When." },
};
static const MusterShape thing = { .schema = "Thing",
                                   .doc = "A thing.",
                                   .fields = thing_fields,
                                   .n_fields = 3 };
static const MusterShape blob = { .schema = "Blob",
                                  .doc = "Bytes.",
                                  .media_type = "application/octet-stream" };
static const MusterShape json_shape = { .schema = "Anything", .doc = "Anything." };
static const MusterRoute routes[] = {
  { "GET", "/echo/{id:uuid}", "echo", "test", "Echoes.", handle_echo, MUSTER_ROUTE_PLAIN,
    echo_query, 2, NULL, &json_shape },
  { "GET", "/slow", "slow", "test", "Takes its time.", handle_slow, MUSTER_ROUTE_PLAIN, NULL, 0,
    NULL, &json_shape },
  { "DELETE", "/slow", "slowDelete", "test", "Takes its time.", handle_slow, MUSTER_ROUTE_PLAIN,
    NULL, 0, NULL, &json_shape },
  { "POST", "/slow", "slowPost", "test", "Takes its time.", handle_slow, MUSTER_ROUTE_PLAIN, NULL,
    0, NULL, &json_shape },
  { "POST", "/things/", "makeThing", "test", "Makes one.", handle_make, MUSTER_ROUTE_PLAIN, NULL, 0,
    &thing, &thing, 201 },
  { "PUT", "/things/{id:uuid}", "changeThing", "test", "Changes one.", handle_change,
    MUSTER_ROUTE_UPDATE, NULL, 0, &thing, &thing },
  { "GET", "/big", "big", "test", "Much.", handle_big, MUSTER_ROUTE_PLAIN, NULL, 0, NULL,
    &json_shape },
  { "GET", "/fail/{how}", "fail", "test", "Fails.", handle_fail, MUSTER_ROUTE_PLAIN, NULL, 0, NULL,
    &json_shape },
  { "POST", "/raw", "raw", "test", "Takes bytes.", handle_raw, MUSTER_ROUTE_RAW, NULL, 0, &blob,
    &json_shape, 200, 100000 },
  { "GET", "/page", "page", "test", "A page.", handle_page, MUSTER_ROUTE_PUBLIC, NULL, 0, NULL,
    &json_shape },
  { "GET", "/device", "device", "test", "For devices.", handle_page, MUSTER_ROUTE_DEVICE, NULL, 0,
    NULL, &json_shape },
};

/* --- the server under test --- */

typedef struct
{
  MusterTestDir    *dir;
  char             *path;
  MusterHttpServer *server;
} Fixture;

static DexFuture *
slow_token_fiber (gpointer user_data)
{
  muster_test_sleep (20);
  return dex_future_new_take_boxed (MUSTER_TYPE_ACTOR,
                                    muster_actor_new (MUSTER_ACTOR_TOKEN, "token", "token", 0));
}

static DexFuture *
authenticate (const char *token, gpointer user_data)
{
  if (strcmp (token, "right") == 0)
    return dex_future_new_take_boxed (MUSTER_TYPE_ACTOR,
                                      muster_actor_new (MUSTER_ACTOR_TOKEN, "token", "token", 0));
  if (strcmp (token, "slow") == 0)
    return dex_scheduler_spawn (NULL, 0, slow_token_fiber, NULL, NULL);
  if (strcmp (token, "device") == 0)
    return dex_future_new_take_boxed (MUSTER_TYPE_ACTOR,
                                      muster_actor_new (MUSTER_ACTOR_DEVICE, UUID, "lamp",
                                                        MUSTER_ROLE_DEVICE));
  if (strcmp (token, "viewer") == 0)
    return dex_future_new_take_boxed (MUSTER_TYPE_ACTOR,
                                      muster_actor_new (MUSTER_ACTOR_PERSON, UUID, "Vera",
                                                        muster_enum_parse (&muster_role_enum,
                                                                           "viewer")));
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED, "the token is not known");
}

static void
fixture_init (Fixture *fixture)
{
  g_autoptr (MusterRouter) router = muster_router_new ();
  g_autoptr (MusterBus) bus = muster_bus_new ();

  n_made = 0;
  fixture->dir = muster_test_dir_new ();
  fixture->path = muster_test_dir_build (fixture->dir, "api.sock");
  muster_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
  fixture->server = muster_http_server_new (router, bus, NULL);
  muster_http_server_set_unix_path (fixture->server, fixture->path);
  muster_http_server_add_tcp (fixture->server, "127.0.0.1", 0, NULL);
  muster_http_server_set_authenticate (fixture->server, authenticate, NULL, NULL);
  muster_test_await (muster_service_start (MUSTER_SERVICE (fixture->server)));
}

static void
fixture_clear (Fixture *fixture)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (fixture->server)));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_finalize_object (fixture->server);
  g_free (fixture->path);
  muster_test_dir_free (fixture->dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
assert_problem (MusterTestAnswer *answer, unsigned status, const char *name)
{
  g_autofree char *type = muster_test_answer_dup_member (answer, "type");
  g_autofree char *expected = g_strdup_printf ("/docs#problem-%s", name);
  g_autofree char *status_text = muster_test_answer_dup_member (answer, "status");
  g_autofree char *title = muster_test_answer_dup_member (answer, "title");
  g_autofree char *instance = muster_test_answer_dup_member (answer, "instance");

  g_assert_cmpuint (answer->status, ==, status);
  g_assert_cmpstr (muster_test_answer_get_header (answer, "content-type"), ==,
                   "application/problem+json");
  g_assert_cmpstr (type, ==, expected);
  g_assert_cmpint (atoi (status_text), ==, status);
  g_assert_nonnull (title);
  g_assert_cmpstr (instance, ==, muster_test_answer_get_header (answer, "x-request-id"));
}

/* --- tests --- */

static void
test_unix_socket (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (MusterTestAnswer) answer = NULL, again = NULL;
  g_autofree char *expected = NULL, *actor = NULL, *remote = NULL;
  GStatBuf         buffer;

  fixture_init (&fixture);
  g_assert_cmpint (g_stat (fixture.path, &buffer), ==, 0);
  g_assert_cmpint (buffer.st_mode & 0777, ==, 0600);
  stream = muster_test_connect_unix (fixture.path);
  answer = muster_test_ask (stream, "GET", "/echo/" UUID "?n=3&text=a%20b", "", NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  expected = g_strdup_printf ("local:%s", g_get_user_name ());
  actor = muster_test_answer_dup_member (answer, "actor");
  remote = muster_test_answer_dup_member (answer, "remote");
  g_assert_cmpstr (actor, ==, expected);
  g_assert_cmpstr (remote, ==, "unix");
  g_assert_cmpstr (muster_test_answer_get_header (answer, "x-content-type-options"), ==, "nosniff");
  g_assert_cmpstr (muster_test_answer_get_header (answer, "content-type"), ==, "application/json");
  /* The connection is kept. */
  again = muster_test_ask (stream, "GET", "/echo/" UUID, "", NULL);
  g_assert_cmpuint (again->status, ==, 200);
}

typedef struct
{
  const char *method;
  const char *path;
  const char *headers;
  const char *body;
  unsigned    status;
  const char *problem; /* or NULL */
  const char *contains;
} AskCase;

static const AskCase ask_cases[] = {
  { "GET", "/nothing", "", NULL, 404, "not-found" },
  { "GET", "/echo/x", "", NULL, 404, "not-found" },
  { "DELETE", "/echo/" UUID, "", NULL, 405, "method", "this path takes GET, HEAD, OPTIONS" },
  { "OPTIONS", "/slow", "", NULL, 204 },
  { "GET", "/echo/" UUID "?n=0", "", NULL, 422, "invalid",
    "{\"pointer\":\"n\",\"detail\":\"must be at least 1\"}" },
  { "GET", "/echo/" UUID "?n=x&m=1", "", NULL, 422, "invalid",
    "{\"pointer\":\"m\",\"detail\":\"is not a parameter of this operation\"}" },
  { "GET", "/echo/" UUID "?n=1&n=2", "", NULL, 422, "invalid", "is given twice" },
  { "GET", "/echo/%ff", "", NULL, 400, "malformed" },
  { "GET", "/slow?a=1", "", NULL, 422, "invalid", "is not a parameter of this operation" },
  { "GET", "/slow", "", NULL, 200, NULL, "{\"slow\":true}" },
  { "POST", "/things/", JSON, "{\"name\":\"lamp\"}", 201, NULL, "{\"name\":\"lamp\",\"made\":2}" },
  { "POST", "/things", "Content-Type: application/json; charset=utf-8\r\n",
    "{\"name\":\"lamp\",\"count\":5}", 201 },
  { "POST", "/things/", JSON, "{\"name\":\"\",\"count\":6,\"x\":1}", 422, "invalid",
    "\"errors\":[{\"pointer\":\"/name\",\"detail\":\"must not be empty\"},{\"pointer\":\"/count\",\"detail\":\"must be at most 5\"},{\"pointer\":\"/x\",\"detail\":\"is not a field of Thing\"}]" },
  { "POST", "/things/", JSON, "{\"count\":\"1\",\"name\":\"12345678901\"}", 422, "invalid",
    "must have at most 10 characters" },
  { "POST", "/things/", JSON, "{\"name\":\"a\",\"made\":1}", 422, "invalid",
    "{\"pointer\":\"/made\",\"detail\":\"is read-only: leave it out\"}" },
  { "POST", "/things/", JSON, "{}", 422, "invalid",
    "{\"pointer\":\"/name\",\"detail\":\"is required\"}" },
  { "POST", "/things/", "", NULL, 422, "invalid",
    "{\"pointer\":\"/name\",\"detail\":\"is required\"}" },
  { "POST", "/things/", JSON, "[]", 422, "invalid",
    "{\"pointer\":\"\",\"detail\":\"must be an object\"}" },
  { "POST", "/things/", JSON, "{\"name\":\n  \"lamp\",}", 400, "malformed", "line 2" },
  { "POST", "/things/", JSON, "{\"name\":\"\xff\"}", 400, "malformed", "UTF-8" },
  { "POST", "/things/", JSON,
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", 400, "malformed",
    "nested deeper than 32" },
  { "POST", "/things/", JSON, "{\"name\":\"a\\u0000b\"}", 400, "malformed", "zero byte" },
  { "POST", "/things/", JSON, "{\"a\\\\u0000\":1}", 422, "invalid", "is not a field" },
  { "POST", "/things/", "Content-Type: text/plain\r\n", "{\"name\":\"lamp\"}", 415, "unsupported",
    "application/json" },
  { "POST", "/things/", "", "{\"name\":\"lamp\"}", 415, "unsupported" },
  { "DELETE", "/slow", JSON, "{}", 415, "unsupported", "takes no body" },
  { "PUT", "/things/" UUID, JSON "If-Match: \"7\"\r\n", "{\"name\":\"a\"}", 200, NULL,
    "{\"expected\":7}" },
  { "PUT", "/things/" UUID, JSON "If-Match: *\r\n", "{\"name\":\"a\"}", 200, NULL,
    "{\"expected\":0}" },
  { "PUT", "/things/" UUID, JSON "If-Match: W/\"7\"\r\n", "{\"name\":\"a\"}", 200, NULL,
    "{\"expected\":7}" },
  { "PUT", "/things/" UUID, JSON "If-Match: seven\r\n", "{\"name\":\"a\"}", 412, "precondition" },
  { "POST", "/raw", "Content-Type: application/octet-stream\r\n", "not json", 200, NULL,
    "{\"bytes\":8}" },
  { "GET", "/fail/inner", "", NULL, 500, "failed", "an internal error" },
  { "GET", "/fail/odd", "", NULL, 500, "failed" },
  { "GET", "/fail/timeout", "", NULL, 504, "timed-out" },
  { "GET", "/fail/limited", "", NULL, 429, "rate-limited" },
  { "GET", "/fail/conflict", "", NULL, 409, "conflict", "it is sold" },
};

/* All on one connection: whatever is refused, the next request is answered. */
static void
test_ask (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) stream = NULL;

  fixture_init (&fixture);
  stream = muster_test_connect_unix (fixture.path);
  for (guint i = 0; i < G_N_ELEMENTS (ask_cases); i++)
    {
      const AskCase *ask = &ask_cases[i];
      g_autoptr (MusterTestAnswer) answer =
                  muster_test_ask (stream, ask->method, ask->path, ask->headers, ask->body);

      g_test_message ("%s %s: %u %s", ask->method, ask->path, answer->status, answer->body);
      g_assert_cmpuint (answer->status, ==, ask->status);
      if (ask->problem != NULL)
        assert_problem (answer, ask->status, ask->problem);
      if (ask->contains != NULL)
        g_assert_nonnull (strstr (answer->body, ask->contains));
      g_assert_null (answer->body != NULL ? strstr (answer->body, "swordfish") : NULL);
      if (answer->status == 405 || strcmp (ask->method, "OPTIONS") == 0)
        g_assert_nonnull (muster_test_answer_get_header (answer, "allow"));
      if (answer->status == 429)
        g_assert_nonnull (muster_test_answer_get_header (answer, "retry-after"));
    }
}

static void
test_tokens (void)
{
  static const AskCase cases[] = {
    { "GET", "/big", "", NULL, 401, "unauthorized" },
    { "GET", "/big", "Authorization: Basic cmlnaHQ=\r\n", NULL, 401, "unauthorized" },
    { "GET", "/big", "Authorization: Bearer wrong\r\n", NULL, 401, "unauthorized" },
    { "GET", "/big", TOKEN, NULL, 200 },
    { "GET", "/big", "Authorization: Bearer slow\r\n", NULL, 200 },
    { "POST", "/things/", "Authorization: Bearer slow\r\n" JSON, "{\"name\":\"a\"}", 201 },
    { "GET", "/page", "", NULL, 200 },
    { "GET", "/big", "Authorization: Bearer device\r\n", NULL, 403, "forbidden" },
    { "GET", "/device", "Authorization: Bearer device\r\n", NULL, 200 },
    { "GET", "/big", "Authorization: Bearer viewer\r\n", NULL, 200 },
    { "POST", "/things/", "Authorization: Bearer viewer\r\n" JSON, "{\"name\":\"a\"}", 403,
      "forbidden" },
  };
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) stream = NULL;

  fixture_init (&fixture);
  stream = muster_test_connect_tcp (fixture.server);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterTestAnswer) answer = muster_test_ask (stream, cases[i].method, cases[i].path,
                                                            cases[i].headers, cases[i].body);

      g_assert_cmpuint (answer->status, ==, cases[i].status);
      if (cases[i].problem != NULL)
        assert_problem (answer, cases[i].status, cases[i].problem);
      if (cases[i].status == 401)
        g_assert_nonnull (muster_test_answer_get_header (answer, "www-authenticate"));
    }
}

static void
test_request_id (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (MusterTestAnswer) given = NULL, unfit = NULL, made = NULL;

  fixture_init (&fixture);
  stream = muster_test_connect_unix (fixture.path);
  given = muster_test_ask (stream, "GET", "/nothing", "X-Request-Id: mine-1.2\r\n", NULL);
  g_assert_cmpstr (muster_test_answer_get_header (given, "x-request-id"), ==, "mine-1.2");
  unfit = muster_test_ask (stream, "GET", "/nothing", "X-Request-Id: \"><script>\r\n", NULL);
  made = muster_test_ask (stream, "GET", "/nothing", "", NULL);
  g_assert_null (strchr (muster_test_answer_get_header (unfit, "x-request-id"), '<'));
  g_assert_cmpstr (muster_test_answer_get_header (unfit, "x-request-id"), !=,
                   muster_test_answer_get_header (made, "x-request-id"));
}

static void
test_entity_tags (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (MusterTestAnswer) full = NULL, same = NULL, other = NULL, head = NULL;

  fixture_init (&fixture);
  stream = muster_test_connect_unix (fixture.path);
  full = muster_test_ask (stream, "GET", "/big", "", NULL);
  g_assert_cmpstr (muster_test_answer_get_header (full, "etag"), ==, "\"7\"");
  same = muster_test_ask (stream, "GET", "/big", "If-None-Match: \"6\", W/\"7\"\r\n", NULL);
  g_assert_cmpuint (same->status, ==, 304);
  g_assert_cmpstr (muster_test_answer_get_header (same, "etag"), ==, "\"7\"");
  g_assert_cmpuint (same->length, ==, 0);
  other = muster_test_ask (stream, "GET", "/big", "If-None-Match: \"8\"\r\n", NULL);
  g_assert_cmpuint (other->status, ==, 200);
  muster_test_write (stream, "HEAD /big HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", -1);
  head = muster_test_read_answer (stream);
  g_assert_cmpuint (head->status, ==, 200);
  g_assert_cmpstr (muster_test_answer_get_header (head, "content-length"), ==,
                   muster_test_answer_get_header (full, "content-length"));
  g_assert_cmpuint (head->length, ==, 0);
}

static void
test_gzip (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (MusterTestAnswer) plain = NULL, packed = NULL, refused = NULL, small = NULL;
  g_autoptr (GConverter) inflate =
              G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autoptr (GBytes) bytes = NULL, text = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture);
  stream = muster_test_connect_tcp (fixture.server);
  plain = muster_test_ask (stream, "GET", "/big", TOKEN, NULL);
  packed =
    muster_test_ask (stream, "GET", "/big", TOKEN "Accept-Encoding: br;q=1, gzip;q=0.5\r\n", NULL);
  g_assert_cmpstr (muster_test_answer_get_header (packed, "content-encoding"), ==, "gzip");
  g_assert_cmpstr (muster_test_answer_get_header (packed, "etag"), ==, "W/\"7\"");
  g_assert_cmpstr (muster_test_answer_get_header (plain, "vary"), ==, "Accept-Encoding");
  g_assert_cmpuint (packed->length, <, plain->length / 4);
  bytes = g_bytes_new (packed->body, packed->length);
  text = g_converter_convert_bytes (inflate, bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (text, NULL), g_bytes_get_size (text), plain->body,
                   plain->length);
  refused = muster_test_ask (stream, "GET", "/big", TOKEN "Accept-Encoding: gzip;q=0\r\n", NULL);
  g_assert_null (muster_test_answer_get_header (refused, "content-encoding"));
  small = muster_test_ask (stream, "GET", "/echo/" UUID, TOKEN "Accept-Encoding: gzip\r\n", NULL);
  g_assert_null (muster_test_answer_get_header (small, "content-encoding"));
}

static void
test_page_headers (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (MusterTestAnswer) answer = NULL;

  fixture_init (&fixture);
  stream = muster_test_connect_tcp (fixture.server);
  answer = muster_test_ask (stream, "GET", "/page", "", NULL);
  g_assert_nonnull (strstr (muster_test_answer_get_header (answer, "content-security-policy"),
                            "default-src 'none'"));
  g_assert_cmpstr (muster_test_answer_get_header (answer, "x-frame-options"), ==, "DENY");
}

/* A body too large is refused from its announcement, before a byte of it is sent. */
static void
test_body_announced_too_large (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (MusterTestAnswer) answer = NULL, end = NULL;

  fixture_init (&fixture);
  stream = muster_test_connect_unix (fixture.path);
  muster_test_write (
    stream,
    "POST /raw HTTP/1.1\r\nHost: test\r\nContent-Type: application/octet-stream\r\nContent-Length: 100000000\r\n\r\n",
    -1);
  answer = muster_test_read_answer (stream);
  assert_problem (answer, 413, "too-large");
  g_assert_cmpstr (muster_test_answer_get_header (answer, "connection"), ==, "close");
  end = muster_test_read_answer (stream);
  g_assert_cmpuint (end->status, ==, 0);
}

static void
test_body_of_negative_length (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (MusterTestAnswer) answer = NULL;

  fixture_init (&fixture);
  stream = muster_test_connect_unix (fixture.path);
  muster_test_write (stream, "GET /big HTTP/1.1\r\nHost: test\r\nContent-Length: -1\r\n\r\n", -1);
  answer = muster_test_read_answer (stream);
  assert_problem (answer, 400, "malformed");
}

/* One that does not say its length is refused when it passes the limit. */
static void
test_body_streamed_too_large (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (MusterTestAnswer) answer = NULL;
  g_autofree char *data = g_strnfill (0x1000, 'x');
  g_autofree char *chunk = g_strdup_printf ("1000\r\n%s\r\n", data);

  fixture_init (&fixture);
  stream = muster_test_connect_unix (fixture.path);
  muster_test_write (
    stream,
    "POST /raw HTTP/1.1\r\nHost: test\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
    -1);
  for (unsigned i = 0; i < 30; i++)
    muster_test_write (stream, chunk, -1);
  answer = muster_test_read_answer (stream);
  assert_problem (answer, 413, "too-large");
}

static void
test_expect_continue (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (MusterTestAnswer) interim = NULL, answer = NULL, refused = NULL;

  fixture_init (&fixture);
  stream = muster_test_connect_unix (fixture.path);
  muster_test_write (
    stream,
    "POST /raw HTTP/1.1\r\nHost: test\r\nContent-Type: application/octet-stream\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
    -1);
  interim = muster_test_read_answer (stream);
  g_assert_cmpuint (interim->status, ==, 100);
  muster_test_write (stream, "abc", -1);
  answer = muster_test_read_answer (stream);
  g_assert_cmpuint (answer->status, ==, 200);
  muster_test_write (
    stream,
    "POST /raw HTTP/1.1\r\nHost: test\r\nContent-Type: application/octet-stream\r\nExpect: 100-continue\r\nContent-Length: 100001\r\n\r\n",
    -1);
  refused = muster_test_read_answer (stream);
  assert_problem (refused, 413, "too-large");
}

/* Not even a request: refused, and the connection with it. */
static void
test_unreadable (void)
{
  static const char *const requests[] = { "GET /echo/%zz HTTP/1.1\r\nHost: test\r\n\r\n",
                                          "GET /big HTTP/1.1\r\n\r\n",
                                          "GET /big HTTP/1.0\r\n\r\n" };
  g_auto (Fixture) fixture = { NULL };

  fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (GIOStream) stream = muster_test_connect_unix (fixture.path);
      g_autoptr (MusterTestAnswer) answer = NULL;

      muster_test_write (stream, requests[i], -1);
      answer = muster_test_read_answer (stream);
      if (g_str_has_suffix (requests[i], "HTTP/1.0\r\n\r\n"))
        g_assert_cmpuint (answer->status, ==, 200);
      else
        {
          g_assert_cmpuint (answer->status, ==, 400);
          g_assert_cmpstr (muster_test_answer_get_header (answer, "content-type"), ==,
                           "application/problem+json");
          g_assert_nonnull (strstr (answer->body, "not well-formed"));
        }
    }
}

static void
test_too_many_headers (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GString) headers = g_string_new (NULL);
  g_autoptr (MusterTestAnswer) answer = NULL;

  fixture_init (&fixture);
  stream = muster_test_connect_unix (fixture.path);
  for (unsigned i = 0; i < 120; i++)
    g_string_append_printf (headers, "X-%u: 1\r\n", i);
  answer = muster_test_ask (stream, "GET", "/big", headers->str, NULL);
  assert_problem (answer, 413, "too-large");
}

/* What a client has begun goes on to its end when it leaves, and nobody minds that there is nobody
 * to tell. */
static void
test_client_leaves (void)
{
  static const char *const methods[] = { "GET", "DELETE" };

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_auto (Fixture) fixture = { NULL };
      g_autoptr (GIOStream) stream = NULL;
      g_autofree char *text =
        g_strdup_printf ("%s /slow HTTP/1.1\r\nHost: test\r\n\r\n", methods[i]);

      fixture_init (&fixture);
      stream = muster_test_connect_unix (fixture.path);
      muster_test_write (stream, text, -1);
      muster_test_sleep (30);
      g_io_stream_close (stream, NULL, NULL);
      muster_test_sleep (250);
      g_assert_cmpuint (n_made, ==, 1);
    }
}

/* Who is being served gets the answer; newcomers are not let in. */
static void
test_drain (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) busy = NULL, idle = NULL;
  g_autoptr (DexFuture) stopped = NULL;
  g_autoptr (MusterTestAnswer) answer = NULL, end = NULL, ended = NULL;

  fixture_init (&fixture);
  busy = muster_test_connect_unix (fixture.path);
  idle = muster_test_connect_unix (fixture.path);
  muster_test_write (busy, "GET /slow HTTP/1.1\r\nHost: test\r\n\r\n", -1);
  muster_test_sleep (30);
  stopped = muster_service_stop (MUSTER_SERVICE (fixture.server));
  g_assert_true (dex_future_is_pending (stopped));
  g_assert_false (g_file_test (fixture.path, G_FILE_TEST_EXISTS));
  ended = muster_test_read_answer (idle);
  g_assert_cmpuint (ended->status, ==, 0);
  answer = muster_test_read_answer (busy);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (muster_test_answer_get_header (answer, "connection"), ==, "close");
  end = muster_test_read_answer (busy);
  g_assert_cmpuint (end->status, ==, 0);
  muster_test_await (g_steal_pointer (&stopped));
}

static void
assert_made (GIOStream  *stream,
             const char *headers,
             const char *body,
             unsigned    status,
             const char *problem,
             unsigned    expected_made)
{
  g_autoptr (MusterTestAnswer) answer = muster_test_ask (stream, "POST", "/things/", headers, body);

  if (problem != NULL)
    assert_problem (answer, status, problem);
  g_assert_cmpuint (answer->status, ==, status);
  g_assert_cmpuint (n_made, ==, expected_made);
}

/* The same key makes a thing once, before and after a restart. */
static void
test_idempotency (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (MusterDatabase) database = NULL;
  g_autoptr (MusterHttpServer) server = NULL;
  g_autofree char *path = NULL;

  fixture_init (&fixture);
  database = muster_test_database_new (fixture.dir, NULL, NULL);
  path = muster_test_dir_build (fixture.dir, "other.sock");
  for (unsigned run = 0; run < 2; run++)
    {
      g_autoptr (MusterRouter) again = muster_router_new ();
      g_autoptr (GIOStream) stream = NULL;
      g_autoptr (MusterTestAnswer) answer = NULL;

      muster_router_add (again, routes, G_N_ELEMENTS (routes), NULL);
      server = muster_http_server_new (again, NULL, database);
      muster_http_server_set_unix_path (server, path);
      muster_test_await (muster_service_start (MUSTER_SERVICE (server)));
      stream = muster_test_connect_unix (path);
      assert_made (stream, JSON "Idempotency-Key: k1\r\n", "{\"name\":\"lamp\"}", 201, NULL, 1);
      answer = muster_test_ask (stream, "POST", "/things/", JSON "Idempotency-Key: k1\r\n",
                                "{\"name\":\"lamp\"}");
      g_assert_cmpstr (answer->body, ==, "{\"name\":\"lamp\",\"made\":1}");
      g_assert_cmpstr (muster_test_answer_get_header (answer, "idempotent-replayed"), ==, "true");
      g_assert_cmpstr (muster_test_answer_get_header (answer, "content-type"), ==,
                       "application/json");
      assert_made (stream, JSON "Idempotency-Key: k1\r\n", "{\"name\":\"other\"}", 422, "invalid",
                   1);
      assert_made (stream, JSON "Idempotency-Key: k2\r\n", "{\"name\":\"\"}", 422, "invalid", 1);
      assert_made (stream, JSON "Idempotency-Key: \x7f\r\n", "{\"name\":\"x\"}", 400, "malformed",
                   1);
      muster_test_await (muster_service_stop (MUSTER_SERVICE (server)));
      g_assert_finalize_object (g_steal_pointer (&server));
    }
  muster_test_database_free (g_steal_pointer (&database));
}

/* While the first is under way the second is told to wait. */
static void
test_idempotency_under_way (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GIOStream) first = NULL, second = NULL;
  g_autoptr (MusterTestAnswer) busy = NULL, done = NULL, replayed = NULL;

  fixture_init (&fixture);
  first = muster_test_connect_unix (fixture.path);
  second = muster_test_connect_unix (fixture.path);
  muster_test_write (first, "POST /slow HTTP/1.1\r\nHost: test\r\nIdempotency-Key: k\r\n\r\n", -1);
  muster_test_sleep (30);
  busy = muster_test_ask (second, "POST", "/slow", "Idempotency-Key: k\r\n", NULL);
  assert_problem (busy, 409, "conflict");
  done = muster_test_read_answer (first);
  g_assert_cmpuint (done->status, ==, 200);
  replayed = muster_test_ask (second, "POST", "/slow", "Idempotency-Key: k\r\n", NULL);
  g_assert_cmpuint (replayed->status, ==, 200);
  g_assert_cmpuint (n_made, ==, 1);
}

static MusterHttpServer *
new_server_at (const char *path)
{
  g_autoptr (MusterRouter) router = muster_router_new ();
  MusterHttpServer *server = muster_http_server_new (router, NULL, NULL);

  if (path != NULL)
    muster_http_server_set_unix_path (server, path);
  return server;
}

static void
test_socket_path (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (MusterHttpServer) second = NULL, third = NULL, fourth = NULL;
  g_autofree char *stale = NULL, *file = NULL;
  g_autoptr (GError) busy = NULL, in_the_way = NULL;
  g_autoptr (GSocket) left = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);
  g_autoptr (GSocketAddress) address = NULL;

  fixture_init (&fixture);
  second = new_server_at (fixture.path);
  busy =
    muster_test_await_error (muster_service_start (MUSTER_SERVICE (second)), MUSTER_ERROR_CONFLICT);
  g_assert_true (g_file_test (fixture.path, G_FILE_TEST_EXISTS));

  stale = muster_test_dir_build (fixture.dir, "stale.sock");
  address = g_unix_socket_address_new (stale);
  g_assert_true (g_socket_bind (left, address, TRUE, NULL));
  g_socket_close (left, NULL);
  third = new_server_at (stale);
  muster_test_await (muster_service_start (MUSTER_SERVICE (third)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (third)));

  file = muster_test_dir_build (fixture.dir, "file");
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  fourth = new_server_at (file);
  in_the_way =
    muster_test_await_error (muster_service_start (MUSTER_SERVICE (fourth)), MUSTER_ERROR_CONFLICT);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
}

static void
test_plain_beyond_loopback (void)
{
  g_autoptr (MusterHttpServer) server = new_server_at (NULL), odd = new_server_at (NULL);
  g_autoptr (GError) error = NULL, not_an_address = NULL;

  muster_http_server_add_tcp (server, "0.0.0.0", 0, NULL);
  error =
    muster_test_await_error (muster_service_start (MUSTER_SERVICE (server)), MUSTER_ERROR_INVALID);
  muster_http_server_add_tcp (odd, "localhost", 0, NULL);
  not_an_address =
    muster_test_await_error (muster_service_start (MUSTER_SERVICE (odd)), MUSTER_ERROR_INVALID);
}

int
main (int argc, char *argv[])
{
  dex_init ();
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/http-server/unix-socket", test_unix_socket);
  muster_test_add_fiber ("/http-server/ask", test_ask);
  muster_test_add_fiber ("/http-server/tokens", test_tokens);
  muster_test_add_fiber ("/http-server/request-id", test_request_id);
  muster_test_add_fiber ("/http-server/entity-tags", test_entity_tags);
  muster_test_add_fiber ("/http-server/gzip", test_gzip);
  muster_test_add_fiber ("/http-server/page-headers", test_page_headers);
  muster_test_add_fiber ("/http-server/body/announced-too-large", test_body_announced_too_large);
  muster_test_add_fiber ("/http-server/body/streamed-too-large", test_body_streamed_too_large);
  muster_test_add_fiber ("/http-server/body/negative-length", test_body_of_negative_length);
  muster_test_add_fiber ("/http-server/body/expect-continue", test_expect_continue);
  muster_test_add_fiber ("/http-server/unreadable", test_unreadable);
  muster_test_add_fiber ("/http-server/too-many-headers", test_too_many_headers);
  muster_test_add_fiber ("/http-server/client-leaves", test_client_leaves);
  muster_test_add_fiber ("/http-server/idempotency", test_idempotency);
  muster_test_add_fiber ("/http-server/idempotency/under-way", test_idempotency_under_way);
  muster_test_add_fiber ("/http-server/drain", test_drain);
  muster_test_add_fiber ("/http-server/socket-path", test_socket_path);
  muster_test_add_fiber ("/http-server/plain-beyond-loopback", test_plain_beyond_loopback);
  return g_test_run ();
}
