/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

#include "muster-file-response.h"
#include "muster-http-test-util.h"
#include "muster-problem.h"

#define SIZE 200000
#define MODIFIED 1764288000 /* Fri, 28 Nov 2025 00:00:00 GMT */
#define DATE "Fri, 28 Nov 2025 00:00:00 GMT"
#define LATER "Fri, 28 Nov 2025 00:00:01 GMT"
#define EARLIER "Thu, 27 Nov 2025 23:59:59 GMT"

static char *file_path;
static char  file_bytes[SIZE];

static DexFuture *
handle_file (MusterRequest *request, gpointer user_data)
{
  MusterFile file = { g_open (file_path, O_RDONLY | O_CLOEXEC, 0), SIZE, "application/octet-stream",
                      "a,b", (gint64)MODIFIED * G_USEC_PER_SEC };

  return muster_response_resolve (muster_response_new_file (request, &file));
}

/* Without anything to know it by, and shorter than it is told. */
static DexFuture *
handle_plain (MusterRequest *request, gpointer user_data)
{
  MusterFile file = { g_open (file_path, O_RDONLY | O_CLOEXEC, 0), SIZE + 1, "text/plain", NULL,
                      0 };

  return muster_response_resolve (muster_response_new_file (request, &file));
}

static DexFuture *
handle_tagged (MusterRequest *request, gpointer user_data)
{
  MusterResponse *response = muster_response_new_json (200, g_string_new ("{}"));

  muster_response_set_tag (response, "0abc");
  return muster_response_resolve (response);
}

static DexFuture *
handle_origin (MusterRequest *request, gpointer user_data)
{
  g_autofree char *origin = muster_request_dup_origin (request);
  GString         *json = g_string_new (NULL);

  g_string_printf (json, "{\"origin\":\"%s\"}", origin);
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
handle_who (MusterRequest *request, gpointer user_data)
{
  GString *json = g_string_new (NULL);

  g_string_printf (json, "{\"actor\":\"%s\"}",
                   muster_actor_to_string (muster_request_get_actor (request)));
  return muster_response_resolve (muster_response_new_json (200, json));
}

/* --- another API's ways --- */

static MusterResponse *
refuse_bare (MusterRequest *request, const GError *error)
{
  return muster_response_new (muster_problem_find (error)->status);
}

static MusterResponse *
refuse_basic (MusterRequest *request, const GError *error)
{
  MusterResponse *response = refuse_bare (request, error);

  muster_response_set_header (response, "WWW-Authenticate", "Basic realm=\"x\"");
  return response;
}

static DexFuture *
authenticate_basic (MusterRequest *request, gpointer user_data)
{
  g_autofree char *user = NULL, *password = NULL;

  if (!muster_request_dup_basic (request, &user, &password) || strcmp (password, "s:w") != 0)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED, "who?");
  return dex_future_new_take_boxed (MUSTER_TYPE_ACTOR,
                                    muster_actor_new (MUSTER_ACTOR_TOKEN, user, user, 0));
}

static DexFuture *
handle_unauthorized (MusterRequest *request, gpointer user_data)
{
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED, "who?");
}

static const MusterDialect bare = { NULL, refuse_bare, "bare" };
static const MusterDialect basic = { authenticate_basic, refuse_basic, "basic" };
static const MusterShape   file_shape = { .schema = "File", .doc = "F.", .media_type = "*/*" };

/* clang-format off */
static const MusterRoute routes[] = {
  { "GET", "/file", "getFile", "test", "A file.", handle_file, MUSTER_ROUTE_PUBLIC, .response = &file_shape },
  { "GET", "/plain", "getPlain", "test", "A file.", handle_plain, MUSTER_ROUTE_PUBLIC, .response = &file_shape },
  { "GET", "/tagged", "getTagged", "test", "JSON.", handle_tagged, MUSTER_ROUTE_PUBLIC, .response = &file_shape },
  { "GET", "/origin", "getOrigin", "test", "JSON.", handle_origin, MUSTER_ROUTE_PUBLIC, .response = &file_shape },
  { "POST", "/bare", "postBare", "test", "Refuses.", handle_unauthorized, MUSTER_ROUTE_PUBLIC | MUSTER_ROUTE_RAW, .request = &file_shape, .dialect = &bare, .body_limit = 10 },
  { "POST", "/basic", "postBasic", "test", "Who.", handle_who, MUSTER_ROUTE_RAW, .request = &file_shape, .response = &file_shape, .dialect = &basic, .body_limit = 1000000 },
};
/* clang-format on */

typedef struct
{
  MusterTestDir    *dir;
  MusterHttpServer *server;
  GIOStream        *stream;
} Fixture;

static void
fixture_init (Fixture *fixture)
{
  g_autoptr (MusterRouter) router = muster_router_new ();
  g_autoptr (MusterBus) bus = muster_bus_new ();

  fixture->dir = muster_test_dir_new ();
  file_path = muster_test_dir_build (fixture->dir, "file");
  for (guint i = 0; i < SIZE; i++)
    file_bytes[i] = (char)(i * 7 + (i >> 8));
  g_assert_true (g_file_set_contents (file_path, file_bytes, SIZE, NULL));
  muster_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
  fixture->server = muster_http_server_new (router, bus, NULL);
  muster_http_server_add_tcp (fixture->server, "127.0.0.1", 0, NULL);
  muster_test_await (muster_service_start (MUSTER_SERVICE (fixture->server)));
  fixture->stream = muster_test_connect_tcp (fixture->server);
}

static void
fixture_clear (Fixture *fixture)
{
  g_clear_object (&fixture->stream);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (fixture->server)));
  g_clear_object (&fixture->server);
  g_clear_pointer (&file_path, g_free);
  muster_test_dir_free (fixture->dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
assert_header (MusterTestAnswer *answer, const char *name, const char *value)
{
  g_assert_cmpstr (muster_test_answer_get_header (answer, name), ==, value);
}

static void
assert_bytes (MusterTestAnswer *answer, gsize first, gsize length)
{
  g_assert_cmpmem (answer->body, answer->length, file_bytes + first, length);
}

static void
test_whole (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (MusterTestAnswer) answer = NULL, head = NULL;

  fixture_init (&fixture);
  answer = muster_test_ask (fixture.stream, "GET", "/file", "", NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  assert_bytes (answer, 0, SIZE);
  assert_header (answer, "etag", "\"a,b\"");
  assert_header (answer, "last-modified", DATE);
  assert_header (answer, "accept-ranges", "bytes");
  assert_header (answer, "content-type", "application/octet-stream");
  head = muster_test_ask (fixture.stream, "HEAD", "/file",
                          "Range: bytes=0-1\r\nConnection: close\r\n", NULL);
  g_assert_cmpuint (head->status, ==, 200);
  assert_header (head, "content-length", G_STRINGIFY (SIZE));
  g_assert_cmpuint (head->length, ==, 0);
}

static void
test_single (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (MusterTestAnswer) answer = NULL, last = NULL, beyond = NULL;

  fixture_init (&fixture);
  answer = muster_test_ask (fixture.stream, "GET", "/file", "Range: bytes=65530-150000\r\n", NULL);
  g_assert_cmpuint (answer->status, ==, 206);
  assert_bytes (answer, 65530, 150001 - 65530);
  assert_header (answer, "content-range", "bytes 65530-150000/" G_STRINGIFY (SIZE));
  assert_header (answer, "etag", "\"a,b\"");
  last = muster_test_ask (fixture.stream, "GET", "/file", "Range: bytes=-3\r\n", NULL);
  g_assert_cmpuint (last->status, ==, 206);
  assert_bytes (last, SIZE - 3, 3);
  beyond = muster_test_ask (fixture.stream, "GET", "/file",
                            "Range: bytes=" G_STRINGIFY (SIZE) "-\r\n", NULL);
  g_assert_cmpuint (beyond->status, ==, 416);
  assert_header (beyond, "content-range", "bytes */" G_STRINGIFY (SIZE));
  g_assert_cmpuint (beyond->length, ==, 0);
}

static void
test_multiple (void)
{
  static const gsize ranges[][2] = { { 100000, 170000 }, { 0, 0 }, { SIZE - 2, SIZE - 1 } };
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (MusterTestAnswer) answer = NULL;
  const char *boundary;
  g_autoptr (GString) expected = g_string_new (NULL);

  fixture_init (&fixture);
  answer = muster_test_ask (fixture.stream, "GET", "/file",
                            "Range: bytes=100000-170000, 0-0, 300000-, -2\r\n", NULL);
  g_assert_cmpuint (answer->status, ==, 206);
  g_assert_null (muster_test_answer_get_header (answer, "content-range"));
  boundary = muster_test_answer_get_header (answer, "content-type");
  g_assert_true (g_str_has_prefix (boundary, "multipart/byteranges; boundary="));
  boundary = strchr (boundary, '=') + 1;
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      g_string_append_printf (expected,
                              "%s--%s\r\nContent-Type: application/octet-stream\r\n"
                              "Content-Range: bytes %zu-%zu/" G_STRINGIFY (SIZE) "\r\n\r\n",
                              i > 0 ? "\r\n" : "", boundary, ranges[i][0], ranges[i][1]);
      g_string_append_len (expected, file_bytes + ranges[i][0], ranges[i][1] - ranges[i][0] + 1);
    }
  g_string_append_printf (expected, "\r\n--%s--\r\n", boundary);
  g_assert_cmpmem (answer->body, answer->length, expected->str, expected->len);
}

static void
test_conditions (void)
{
  static const struct
  {
    const char *headers;
    unsigned    status;
  } cases[] = {
    { "If-None-Match: \"a,b\"\r\n", 304 },
    { "If-None-Match: W/\"a,b\"\r\n", 304 },
    { "If-None-Match: *\r\n", 304 },
    { "If-None-Match: \"a\", \"b\"\r\n", 200 },
    { "If-None-Match: \"c\"\r\nIf-Modified-Since: " LATER "\r\n", 200 },
    { "If-None-Match: \"a,b\"\r\nRange: bytes=0-1\r\n", 304 },
    { "If-Modified-Since: " DATE "\r\n", 304 },
    { "If-Modified-Since: " EARLIER "\r\n", 200 },
    { "If-Modified-Since: yesterday\r\n", 200 },
    { "If-Match: \"a,b\"\r\n", 200 },
    { "If-Match: \"c\", \"a,b\"\r\n", 200 },
    { "If-Match: *\r\n", 200 },
    { "If-Match: W/\"a,b\"\r\n", 412 },
    { "If-Match: \"c\"\r\n", 412 },
    { "If-Match: \"c\"\r\nIf-None-Match: \"a,b\"\r\n", 412 },
    { "If-Match: \"a,b\"\r\nIf-Unmodified-Since: " EARLIER "\r\n", 200 },
    { "If-Unmodified-Since: " EARLIER "\r\n", 412 },
    { "If-Unmodified-Since: " DATE "\r\n", 200 },
    { "Range: bytes=0-1\r\nIf-Range: \"a,b\"\r\n", 206 },
    { "Range: bytes=0-1\r\nIf-Range: W/\"a,b\"\r\n", 200 },
    { "Range: bytes=0-1\r\nIf-Range: \"c\"\r\n", 200 },
    { "Range: bytes=0-1\r\nIf-Range: " DATE "\r\n", 206 },
    { "Range: bytes=0-1\r\nIf-Range: " LATER "\r\n", 200 },
    { "Range: bytes=0-1\r\nIf-Range: *\r\n", 200 },
    { "Range: bytes=300000-\r\nIf-Range: \"c\"\r\n", 200 },
  };
  g_auto (Fixture) fixture = { NULL };

  fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterTestAnswer) answer =
                  muster_test_ask (fixture.stream, "GET", "/file", cases[i].headers, NULL);

      g_test_message ("%s", cases[i].headers);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
      assert_header (answer, "etag", "\"a,b\"");
      g_assert_cmpuint (answer->length, ==,
                        cases[i].status == 200   ? SIZE
                        : cases[i].status == 206 ? 2
                                                 : 0);
    }
}

/* What breaks off is told by the connection's end. */
static void
test_too_short (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (MusterTestAnswer) part = NULL, answer = NULL;

  fixture_init (&fixture);
  part = muster_test_ask (fixture.stream, "GET", "/plain",
                          "Range: bytes=0-1\r\nIf-None-Match: \"a\"\r\n", NULL);
  g_assert_cmpuint (part->status, ==, 206);
  assert_header (part, "etag", NULL);
  assert_header (part, "last-modified", NULL);
  answer = muster_test_ask (fixture.stream, "GET", "/plain", "", NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpuint (answer->length, <=, SIZE);
}

static void
test_tagged (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (MusterTestAnswer) answer = NULL, fresh = NULL;

  fixture_init (&fixture);
  answer = muster_test_ask (fixture.stream, "GET", "/tagged", "If-None-Match: \"0\"\r\n", NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  assert_header (answer, "etag", "\"0abc\"");
  fresh = muster_test_ask (fixture.stream, "GET", "/tagged", "If-None-Match: \"0abc\"\r\n", NULL);
  g_assert_cmpuint (fresh->status, ==, 304);
  g_assert_cmpuint (fresh->length, ==, 0);
}

static void
test_dialects (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autofree char *credentials = g_base64_encode ((const guchar *)"ann:s:w", 7);
  g_autofree char *header = g_strdup_printf ("Authorization: Basic %s\r\n", credentials);
  g_autofree char *actor = NULL;
  g_autoptr (MusterTestAnswer) empty = NULL, large = NULL, fine = NULL, stranger = NULL;
  g_autoptr (GIOStream) other = NULL;

  fixture_init (&fixture);
  empty = muster_test_ask (fixture.stream, "POST", "/bare", "", "{not json");
  g_assert_cmpuint (empty->status, ==, 401);
  g_assert_cmpuint (empty->length, ==, 0);
  assert_header (empty, "www-authenticate", NULL);
  large = muster_test_ask (fixture.stream, "POST", "/bare", "", "01234567890");
  g_assert_cmpuint (large->status, ==, 413);
  g_assert_cmpuint (large->length, ==, 0);
  fine = muster_test_ask (fixture.stream, "POST", "/basic", header, "");
  actor = muster_test_answer_dup_member (fine, "actor");
  g_assert_cmpstr (actor, ==, "token");
  /* Nobody's body is waited for. */
  other = muster_test_connect_tcp (fixture.server);
  muster_test_write (other,
                     "POST /basic HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer right\r\n"
                     "Content-Length: 900000\r\n\r\n",
                     -1);
  stranger = muster_test_read_answer (other);
  g_assert_cmpuint (stranger->status, ==, 401);
  assert_header (stranger, "www-authenticate", "Basic realm=\"x\"");
}

static void
test_origin (void)
{
  static const struct
  {
    const char *headers;
    const char *origin;
  } cases[] = {
    { "", "http://test" },
    { "X-Forwarded-Proto: https\r\nX-Forwarded-Host: muster.example:8443, inner\r\n",
      "https://muster.example:8443" },
    { "X-Forwarded-Proto: gopher\r\nX-Forwarded-Host: a/b\r\n", "http://test" },
    { "X-Forwarded-Host: \"\r\n", "http://test" },
  };
  g_auto (Fixture) fixture = { NULL };

  fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterTestAnswer) answer =
                  muster_test_ask (fixture.stream, "GET", "/origin", cases[i].headers, NULL);
      g_autofree char *origin = muster_test_answer_dup_member (answer, "origin");

      g_assert_cmpstr (origin, ==, cases[i].origin);
    }
}

int
main (int argc, char *argv[])
{
  dex_init ();
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/file-response/whole", test_whole);
  muster_test_add_fiber ("/file-response/single", test_single);
  muster_test_add_fiber ("/file-response/multiple", test_multiple);
  muster_test_add_fiber ("/file-response/conditions", test_conditions);
  muster_test_add_fiber ("/file-response/too-short", test_too_short);
  muster_test_add_fiber ("/file-response/tagged", test_tagged);
  muster_test_add_fiber ("/file-response/dialects", test_dialects);
  muster_test_add_fiber ("/file-response/origin", test_origin);
  return g_test_run ();
}
