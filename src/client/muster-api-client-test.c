/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-client-test"

#include "config.h"

#include "core/muster-core-test-util.h"
#include "muster-api-client.h"
#include "muster-api-error.h"
#include "muster-api-test-util.h"

#define FAST ((MusterApiRetry){ .attempts = 3, .base = 1, .cap = 2000 })

static DexFuture *
send_get (MusterTestApi *api)
{
  g_autoptr (MusterApiRequest) request = muster_api_request_new ("GET", "thing", NULL);

  return muster_api_client_send (api->client, request);
}

static DexFuture *
send_post (MusterTestApi *api)
{
  g_autoptr (MusterApiRequest) request = muster_api_request_new ("POST", "thing", NULL);

  muster_api_request_take_object (request, json_object_new ());
  return muster_api_client_send (api->client, request);
}

static MusterApiResponse *
await_response (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  MusterApiResponse *response = dex_await_object (future, &error);

  g_assert_no_error (error);
  return response;
}

static void
test_success (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiResponse) response = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterTestCounter) changes =
              muster_test_counter_new (api->client, "notify::connection");

  muster_api_client_set_token (api->client, "s3cret");
  muster_test_api_push_json (api, "{\"answer\":42}");
  muster_test_api_set_header (api, "ETag", "\"7\"");
  g_assert_cmpint (muster_api_client_get_connection (api->client), ==,
                   MUSTER_API_CONNECTION_CONNECTING);
  response = await_response (send_get (api));
  g_assert_cmpuint (muster_api_response_get_status (response), ==, 200);
  g_assert_cmpint (muster_api_response_get_revision (response), ==, 7);
  object = muster_api_response_parse_object (response, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (object, "answer"), ==, 42);
  g_assert_cmpstr (muster_test_api_get_request (api, 0), ==, "GET /thing");
  g_assert_cmpstr (soup_message_headers_get_one (api->headers, "Authorization"), ==,
                   "Bearer s3cret");
  g_assert_cmpint (muster_api_client_get_connection (api->client), ==,
                   MUSTER_API_CONNECTION_CONNECTED);
  g_assert_cmpuint (muster_test_counter_take (changes), ==, 1);
}

static void
test_request (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiRequest) request = muster_api_request_new ("PUT", "a b", "c/d", "", NULL);
  g_autoptr (MusterApiResponse) response = NULL;

  muster_api_request_add_query (request, "q", "ü & =");
  muster_api_request_add_query (request, "left-out", NULL);
  muster_api_request_add_query_integer (request, "limit", -5);
  muster_api_request_set_revision (request, 12);
  muster_api_request_set_idempotency_key (request, "key-1");
  muster_api_request_take_json (request, json_from_string ("[1,2]", NULL));
  muster_test_api_push (api, 204, NULL, NULL);
  response = await_response (muster_api_client_send (api->client, request));
  g_assert_cmpuint (muster_api_response_get_status (response), ==, 204);
  g_assert_cmpuint (g_bytes_get_size (muster_api_response_get_body (response)), ==, 0);
  g_assert_cmpstr (muster_test_api_get_request (api, 0), ==,
                   "PUT /a%20b/c%2Fd/?q=%C3%BC%20%26%20%3D&limit=-5");
  g_assert_cmpstr (muster_test_api_get_body (api, 0), ==, "[1,2]");
  g_assert_cmpstr (soup_message_headers_get_one (api->headers, "If-Match"), ==, "\"12\"");
  g_assert_cmpstr (soup_message_headers_get_one (api->headers, "Idempotency-Key"), ==, "key-1");
  g_assert_cmpstr (soup_message_headers_get_content_type (api->headers, NULL), ==,
                   "application/json");
}

typedef struct
{
  const char *name;
  unsigned    status;
  const char *type;
  const char *body;
  int         code;
  const char *message; /* pattern */
} Failure;

static const Failure failures[] = {
  { "not-found", 404, "application/problem+json", "{\"status\":404,\"detail\":\"no such device\"}",
    MUSTER_ERROR_NOT_FOUND, "no such device" },
  { "no-detail", 403, "application/problem+json", "{\"title\":\"Not allowed\"}",
    MUSTER_ERROR_FORBIDDEN, "Not allowed" },
  { "html-bad-gateway", 502, "text/html", "<h1>Bad Gateway</h1>", MUSTER_ERROR_UNAVAILABLE,
    "status 502*" },
  { "html-success", 200, "text/html", "<h1>Welcome</h1>", MUSTER_ERROR_PROTOCOL,
    "the answer is text/html*" },
  { "malformed-problem", 409, "application/problem+json", "{\"detail\":", MUSTER_ERROR_CONFLICT,
    "status 409*" },
  { "problem-is-no-object", 409, "application/problem+json", "[1]", MUSTER_ERROR_CONFLICT,
    "status 409*" },
  { "redirect", 302, NULL, NULL, MUSTER_ERROR_PROTOCOL, "*elsewhere*" },
  { "unauthorized", 401, "application/problem+json", "{\"detail\":\"bad token\"}",
    MUSTER_ERROR_UNAUTHORIZED, "bad token" },
  { "precondition", 412, "application/problem+json", "{\"detail\":\"changed\"}",
    MUSTER_ERROR_PRECONDITION, "changed" },
  { "full", 507, "application/problem+json", "{\"detail\":\"full\"}", MUSTER_ERROR_STORAGE_FULL,
    "full" },
  { "typed", 500, "application/problem+json",
    "{\"type\":\"/docs#problem-corrupt\",\"detail\":\"damaged\"}", MUSTER_ERROR_CORRUPT,
    "damaged" },
};

static void
test_failures (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      const Failure *failure = &failures[i];
      g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", failure->name);
      muster_test_api_push (api, failure->status, failure->type, failure->body);
      error = muster_test_await_error (send_get (api), failure->code);
      g_assert_cmpint (g_pattern_match_simple (failure->message, error->message), ==, TRUE);
      g_assert_cmpint (muster_api_client_get_connection (api->client), ==,
                       failure->status == 401 ? MUSTER_API_CONNECTION_REFUSED
                                              : MUSTER_API_CONNECTION_CONNECTED);
    }
}

static void
test_problem_members (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (GError) conflict = NULL;
  g_autoptr (GError) invalid = NULL;
  const MusterFieldError *row;

  muster_test_api_push (
    api, 409, "application/problem+json",
    "{\"detail\":\"not now\",\"allowed\":[\"sold\",\"retired\"],\"blockers\":[17,\"18\"]}");
  conflict = muster_test_await_error (send_post (api), MUSTER_ERROR_CONFLICT);
  g_assert_cmpstrv (muster_error_get_allowed (conflict),
                    ((const char *[]){ "sold", "retired", NULL }));
  g_assert_cmpstrv (muster_error_get_blockers (conflict), ((const char *[]){ "17", "18", NULL }));
  muster_test_api_push (
    api, 422, "application/problem+json",
    "{\"detail\":\"two fields\",\"errors\":[{\"pointer\":\"/name\",\"detail\":\"is needed\"},{\"pointer\":\"/mac\",\"detail\":\"is no MAC\"},7]}");
  invalid = muster_test_await_error (send_post (api), MUSTER_ERROR_INVALID);
  g_assert_cmpstr (invalid->message, ==, "two fields");
  g_assert_cmpuint (muster_error_get_fields (invalid)->len, ==, 2);
  row = muster_error_get_fields (invalid)->pdata[1];
  g_assert_cmpstr (row->pointer, ==, "/mac");
  g_assert_cmpstr (row->detail, ==, "is no MAC");
}

static void
test_malformed_success (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  muster_test_api_push_json (api, "{\"a\":");
  response = await_response (send_get (api));
  g_assert_null (muster_api_response_parse (response, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL);
}

static void
test_oversized (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiRequest) request = muster_api_request_new ("GET", "thing", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *body = g_strnfill (200000, ' ');

  muster_api_request_set_limit (request, 100000);
  muster_test_api_push_json (api, body);
  error =
    muster_test_await_error (muster_api_client_send (api->client, request), MUSTER_ERROR_PROTOCOL);
  g_assert_cmpstr (error->message, ==, "the answer is longer than 100000 bytes");
}

static void
test_retry_after (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiResponse) response = NULL;
  gint64 before = g_get_monotonic_time ();

  muster_api_client_set_retry (api->client, &FAST);
  muster_test_api_push (api, 429, "application/problem+json", "{}");
  muster_test_api_set_header (api, "Retry-After", "1");
  muster_test_api_push (api, 503, "application/problem+json", "{}");
  muster_test_api_push_json (api, "{}");
  response = await_response (send_get (api));
  g_assert_cmpuint (api->requests->len, ==, 3);
  g_assert_cmpint (g_get_monotonic_time () - before, >=, G_USEC_PER_SEC);
}

static void
test_gives_up (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;

  muster_api_client_set_retry (api->client, &FAST);
  for (unsigned i = 0; i < 3; i++)
    muster_test_api_push (api, 503, "application/problem+json", "{\"detail\":\"starting\"}");
  first = muster_test_await_error (send_get (api), MUSTER_ERROR_UNAVAILABLE);
  g_assert_cmpstr (first->message, ==, "starting");
  g_assert_cmpuint (api->requests->len, ==, 3);
  muster_test_api_push (api, 429, "application/problem+json", "{\"detail\":\"enough\"}");
  muster_test_api_set_header (api, "Retry-After", "3600");
  second = muster_test_await_error (send_get (api), MUSTER_ERROR_RATE_LIMITED);
  g_assert_cmpuint (api->requests->len, ==, 4);
}

static void
test_post_repeats_with_one_key (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiResponse) response = NULL;
  g_autofree char *key = NULL;
  DexFuture       *future;

  muster_api_client_set_retry (api->client,
                               &((MusterApiRetry){ .attempts = 2, .base = 200, .cap = 200 }));
  muster_test_api_push (api, 503, "application/problem+json", "{}");
  muster_test_api_push (api, 201, "application/json", "{}");
  future = send_post (api);
  muster_test_await_count (&api->requests->len, 1);
  key = g_strdup (soup_message_headers_get_one (api->headers, "Idempotency-Key"));
  response = await_response (future);
  g_assert_cmpuint (api->requests->len, ==, 2);
  g_assert_nonnull (key);
  g_assert_cmpstr (soup_message_headers_get_one (api->headers, "Idempotency-Key"), ==, key);
}

static void
test_single_is_not_repeated (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiRequest) request = muster_api_request_new ("GET", "thing", NULL);
  g_autoptr (GError) error = NULL;

  muster_api_client_set_retry (api->client, &FAST);
  muster_api_request_set_single (request, TRUE);
  muster_test_api_push (api, 503, "application/problem+json", "{}");
  error = muster_test_await_error (muster_api_client_send (api->client, request),
                                   MUSTER_ERROR_UNAVAILABLE);
  g_assert_cmpuint (api->requests->len, ==, 1);
}

static void
test_lost_connection (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiResponse) response = NULL;

  muster_api_client_set_retry (api->client, &FAST);
  muster_test_api_push_json (api, "{}");
  muster_test_api_set_broken (api);
  muster_test_api_push_json (api, "{}");
  muster_test_api_push_json (api, "{}");
  response = await_response (send_get (api));
  g_assert_cmpuint (api->requests->len, >=, 2);
}

static void
test_deadline (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiRequest) request = muster_api_request_new ("GET", "thing", NULL);
  g_autoptr (GError) error = NULL;

  muster_api_request_set_deadline (request, 50);
  muster_test_api_push_json (api, "{}");
  muster_test_api_set_delay (api, 30000);
  error =
    muster_test_await_error (muster_api_client_send (api->client, request), MUSTER_ERROR_TIMED_OUT);
  g_assert_cmpstr (error->message, ==, "no answer within 50 ms");
  muster_test_await_count (&api->n_closed, 1);
}

static void
test_dropping_cancels (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  DexFuture *future;

  muster_test_api_push_json (api, "{}");
  muster_test_api_set_delay (api, 30000);
  future = send_get (api);
  muster_test_await_count (&api->requests->len, 1);
  g_assert_cmpuint (api->n_closed, ==, 0);
  dex_unref (future);
  muster_test_await_count (&api->n_closed, 1);
}

static void
test_shared (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiResponse) first = NULL;
  g_autoptr (MusterApiResponse) second = NULL;
  g_autoptr (MusterApiResponse) third = NULL;
  DexFuture *one;
  DexFuture *two;
  DexFuture *dropped;

  muster_test_api_push_json (api, "{}");
  muster_test_api_set_delay (api, 50);
  one = send_get (api);
  dropped = send_get (api);
  two = send_get (api);
  dex_unref (dropped);
  first = await_response (one);
  second = await_response (two);
  g_assert_cmpuint (api->requests->len, ==, 1);
  g_assert_cmpint (first == second, ==, TRUE);
  muster_test_api_push_json (api, "{}");
  third = await_response (send_get (api));
  g_assert_cmpuint (api->requests->len, ==, 2);
}

static void
test_not_shared_after_a_write (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiResponse) old = NULL;
  g_autoptr (MusterApiResponse) write = NULL;
  g_autoptr (MusterApiResponse) new = NULL;
  DexFuture *before;

  muster_test_api_push_json (api, "{\"n\":1}");
  muster_test_api_set_delay (api, 300);
  before = send_get (api);
  muster_test_await_count (&api->requests->len, 1);
  muster_test_api_push_json (api, "{}");
  write = await_response (send_post (api));
  muster_test_api_push_json (api, "{\"n\":2}");
  new = await_response (send_get (api));
  old = await_response (before);
  g_assert_cmpuint (api->requests->len, ==, 3);
  g_assert_cmpint (g_bytes_equal (muster_api_response_get_body (old),
                                  muster_api_response_get_body (new)),
                   ==, FALSE);
}

static void
test_socket (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "api.sock");
  g_autoptr (MusterTestApi) api = muster_test_api_new (path);
  g_autoptr (MusterApiResponse) response = NULL;

  muster_test_api_push_json (api, "{}");
  response = await_response (send_get (api));
  g_assert_cmpint (muster_api_client_is_local (api->client), ==, TRUE);
  g_assert_cmpstr (muster_api_client_get_target (api->client), ==, path);
  g_assert_null (soup_message_headers_get_one (api->headers, "Accept-Encoding"));
}

static void
test_unreachable (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "api.sock");
  g_autoptr (MusterApiClient) client = muster_api_client_new_for_socket (path);
  g_autoptr (MusterApiRequest) request = muster_api_request_new ("GET", "thing", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *start = g_strdup_printf ("cannot reach the daemon at %s: ", path);

  g_assert_cmpint (dex_await (muster_api_client_send (client, request), &error), ==, FALSE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpint (muster_api_error_is_unreachable (error), ==, TRUE);
  g_assert_cmpint (g_str_has_prefix (error->message, start), ==, TRUE);
  g_assert_cmpint (muster_api_client_get_connection (client), ==, MUSTER_API_CONNECTION_CONNECTING);
  g_assert_cmpstr (muster_api_client_get_reason (client), ==, error->message);
}

static void
test_reconnecting (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  muster_test_api_push_json (api, "{}");
  response = await_response (send_get (api));
  soup_server_disconnect (api->server);
  g_assert_cmpint (dex_await (send_get (api), &error), ==, FALSE);
  g_assert_cmpint (muster_api_client_get_connection (api->client), ==,
                   MUSTER_API_CONNECTION_RECONNECTING);
  g_assert_nonnull (muster_api_client_get_reason (api->client));
}

static void
test_addresses (void)
{
  static const char *const refused[] = { "http://192.0.2.1", "ftp://localhost", "site.local",
                                         "https://",         "https://a/path",  "https://u:p@a",
                                         "https://a?x=1",    "https://[::1",    "" };
  static const char *const taken[] = { "https://site.local:8443", "https://[2001:db8::1]/",
                                       "http://localhost:1", "http://127.0.0.1:1",
                                       "http://[::1]:1" };

  for (unsigned i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (muster_api_client_new_for_uri (refused[i], &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
    }
  for (unsigned i = 0; i < G_N_ELEMENTS (taken); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterApiClient) client = muster_api_client_new_for_uri (taken[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (muster_api_client_get_target (client), ==, taken[i]);
    }
}

/* --- sign-ins --- */

#define PROBLEM "application/problem+json"
#define EXPIRED                                                                                    \
  "{\"type\":\"x\",\"title\":\"t\",\"status\":401,\"detail\":\"the token has expired\"}"
#define RENEWED "{\"access_token\":\"access-2\",\"refresh_token\":\"refresh-2\",\"expires_in\":900}"

/* An access token that has ended is exchanged, and what was asked is asked again, once. */
static void
test_renewal (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterTestCounter) changes = muster_test_counter_new (api->client, "sign-in-changed");
  g_autoptr (MusterApiResponse) response = NULL;

  muster_api_client_set_token (api->client, "site");
  muster_api_client_set_sign_in (api->client, "access-1", "refresh-1");
  g_assert_cmpuint (muster_test_counter_take (changes), ==, 1);
  muster_test_api_push (api, 401, PROBLEM, EXPIRED);
  muster_test_api_push_json (api, RENEWED);
  muster_test_api_push_json (api, "{}");
  response = await_response (send_get (api));
  g_assert_cmpstr (muster_test_api_get_request (api, 0), ==, "GET /thing");
  g_assert_cmpstr (muster_test_api_get_request (api, 1), ==, "POST /users/refresh");
  g_assert_cmpstr (muster_test_api_get_body (api, 1), ==, "{\"refresh_token\":\"refresh-1\"}");
  g_assert_cmpstr (muster_test_api_get_request (api, 2), ==, "GET /thing");
  g_assert_cmpstr (soup_message_headers_get_one (api->headers, "Authorization"), ==,
                   "Bearer access-2");
  g_assert_cmpstr (muster_api_client_get_refresh_token (api->client), ==, "refresh-2");
  g_assert_cmpuint (muster_test_counter_take (changes), ==, 1);
  g_assert_cmpint (muster_api_client_get_connection (api->client), ==,
                   MUSTER_API_CONNECTION_CONNECTED);
}

/* A refresh token is good once: those who find out at the same time share the one exchange. */
static void
test_renewal_shared (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (MusterApiRequest) other = muster_api_request_new ("GET", "other", NULL);
  DexFuture *first, *second;
  unsigned   n_renewals = 0;

  muster_api_client_set_sign_in (api->client, "access-1", "refresh-1");
  muster_test_api_push (api, 401, PROBLEM, EXPIRED);
  muster_test_api_push (api, 401, PROBLEM, EXPIRED);
  muster_test_api_push_json (api, RENEWED);
  muster_test_api_push_json (api, "{}");
  muster_test_api_push_json (api, "{}");
  first = send_get (api);
  second = muster_api_client_send (api->client, other);
  muster_test_await (first);
  muster_test_await (second);
  for (unsigned i = 0; i < api->requests->len; i++)
    n_renewals += g_str_equal (api->requests->pdata[i], "POST /users/refresh");
  g_assert_cmpuint (n_renewals, ==, 1);
}

/* Where the sign-in itself has ended, the client speaks as it did before, and what was asked fails:
 * it must not be done by somebody else. */
static void
test_renewal_refused (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);

  muster_api_client_set_token (api->client, "site");
  muster_api_client_set_sign_in (api->client, "access-1", "refresh-1");
  muster_test_api_push (api, 401, PROBLEM, EXPIRED);
  muster_test_api_push (api, 401, PROBLEM, EXPIRED);
  g_error_free (muster_test_await_error (send_get (api), MUSTER_ERROR_UNAUTHORIZED));
  g_assert_cmpuint (api->requests->len, ==, 2);
  g_assert_false (muster_api_client_is_signed_in (api->client));
  muster_test_api_push_json (api, "{}");
  muster_test_await (send_get (api));
  g_assert_cmpstr (soup_message_headers_get_one (api->headers, "Authorization"), ==, "Bearer site");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/api-client/success", test_success);
  muster_test_add_fiber ("/api-client/request", test_request);
  muster_test_add_fiber ("/api-client/failures", test_failures);
  muster_test_add_fiber ("/api-client/problem-members", test_problem_members);
  muster_test_add_fiber ("/api-client/malformed-success", test_malformed_success);
  muster_test_add_fiber ("/api-client/oversized", test_oversized);
  muster_test_add_fiber ("/api-client/retry-after", test_retry_after);
  muster_test_add_fiber ("/api-client/gives-up", test_gives_up);
  muster_test_add_fiber ("/api-client/post-repeats-with-one-key", test_post_repeats_with_one_key);
  muster_test_add_fiber ("/api-client/single-is-not-repeated", test_single_is_not_repeated);
  muster_test_add_fiber ("/api-client/lost-connection", test_lost_connection);
  muster_test_add_fiber ("/api-client/deadline", test_deadline);
  muster_test_add_fiber ("/api-client/dropping-cancels", test_dropping_cancels);
  muster_test_add_fiber ("/api-client/shared", test_shared);
  muster_test_add_fiber ("/api-client/not-shared-after-a-write", test_not_shared_after_a_write);
  muster_test_add_fiber ("/api-client/socket", test_socket);
  muster_test_add_fiber ("/api-client/unreachable", test_unreachable);
  muster_test_add_fiber ("/api-client/reconnecting", test_reconnecting);
  g_test_add_func ("/api-client/addresses", test_addresses);
  muster_test_add_fiber ("/api-client/renewal", test_renewal);
  muster_test_add_fiber ("/api-client/renewal/shared", test_renewal_shared);
  muster_test_add_fiber ("/api-client/renewal/refused", test_renewal_refused);
  return g_test_run ();
}
