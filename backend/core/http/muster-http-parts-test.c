/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "muster-entity-tag.h"
#include "muster-gzip.h"
#include "muster-http-connection.h"
#include "muster-json-body.h"
#include "muster-problem.h"
#include "muster-rate-limit.h"

static void
test_entity_tags (void)
{
  static const struct
  {
    const char *tag;
    gint64      revision;
  } cases[] = {
    { "\"1\"", 1 }, { "W/\"42\"", 42 },    { "\"9223372036854775807\"", G_MAXINT64 },
    { "\"0\"", 0 }, { "\"-1\"", 0 },       { "\"9223372036854775808\"", 0 },
    { "1", 0 },     { "\"\"", 0 },         { "\"", 0 },
    { "", 0 },      { "\"1\", \"2\"", 0 }, { "w/\"1\"", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (muster_entity_tag_parse (cases[i].tag), ==, cases[i].revision);
}

static void
test_entity_tag_lists (void)
{
  static const struct
  {
    const char *list;
    gboolean    is_weak_match;
    gboolean    is_strong_match;
  } cases[] = {
    { "\"7\"", TRUE, TRUE },
    { "W/\"7\"", TRUE, FALSE },
    { "\"1\" , W/\"7\"", TRUE, FALSE },
    { " * ", TRUE, TRUE },
    { "W/\"7\", \"7\"", TRUE, TRUE },
    { "\"a,7\", \"7\"", TRUE, TRUE },
    { ", ,\"7\"", TRUE, TRUE },
    { "\"1\",\"77\"", FALSE, FALSE },
    { "\"a,\"7\",\"", FALSE, FALSE },
    { "\"7", FALSE, FALSE },
    { "7", FALSE, FALSE },
    { "**", FALSE, FALSE },
    { "", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].list);
      g_assert_cmpint (muster_entity_tag_list_has (cases[i].list, "7", FALSE), ==,
                       cases[i].is_weak_match);
      g_assert_cmpint (muster_entity_tag_list_has (cases[i].list, "7", TRUE), ==,
                       cases[i].is_strong_match);
    }
  g_assert_true (muster_entity_tag_list_has ("*", NULL, TRUE));
  g_assert_false (muster_entity_tag_list_has ("\"7\"", NULL, FALSE));
}

static void
test_gzip (void)
{
  g_autoptr (GBytes) tiny = g_bytes_new_static ("ab", 2);

  g_assert_true (muster_gzip_is_accepted ("gzip"));
  g_assert_true (muster_gzip_is_accepted ("br, GZIP ; q=0.1"));
  g_assert_false (muster_gzip_is_accepted ("gzip;q=0"));
  g_assert_false (muster_gzip_is_accepted ("gzip; q=0.0, br"));
  g_assert_false (muster_gzip_is_accepted ("x-gzip-not"));
  g_assert_false (muster_gzip_is_accepted (""));
  g_assert_false (muster_gzip_is_accepted (NULL));
  /* What would grow is left as it is. */
  g_assert_null (muster_gzip_compress (tiny));
}

typedef struct
{
  GQuark      domain;
  int         code;
  unsigned    status;
  const char *name;
} ProblemCase;

static void
test_problem_kinds (void)
{
  const ProblemCase cases[] = {
    { MUSTER_ERROR, MUSTER_ERROR_FAILED, 500, "failed" },
    { MUSTER_ERROR, MUSTER_ERROR_MALFORMED, 400, "malformed" },
    { MUSTER_ERROR, MUSTER_ERROR_INVALID, 422, "invalid" },
    { MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED, 401, "unauthorized" },
    { MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN, 403, "forbidden" },
    { MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, 404, "not-found" },
    { MUSTER_ERROR, MUSTER_ERROR_CONFLICT, 409, "conflict" },
    { MUSTER_ERROR, MUSTER_ERROR_PRECONDITION, 412, "precondition" },
    { MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE, 413, "too-large" },
    { MUSTER_ERROR, MUSTER_ERROR_UNSUPPORTED, 415, "unsupported" },
    { MUSTER_ERROR, MUSTER_ERROR_RATE_LIMITED, 429, "rate-limited" },
    { MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, 503, "unavailable" },
    { MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT, 504, "timed-out" },
    { MUSTER_ERROR, MUSTER_ERROR_STORAGE_FULL, 507, "storage-full" },
    { MUSTER_ERROR, MUSTER_ERROR_CORRUPT, 500, "corrupt" },
    { MUSTER_ERROR, MUSTER_ERROR_SCHEMA_TOO_NEW, 500, "schema-too-new" },
    { MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, 502, "protocol" },
    { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, 504, "timed-out" },
    { G_IO_ERROR, G_IO_ERROR_CANCELLED, 503, "unavailable" },
    { DEX_ERROR, DEX_ERROR_TIMED_OUT, 504, "timed-out" },
    { DEX_ERROR, DEX_ERROR_FIBER_CANCELLED, 503, "unavailable" },
    { G_IO_ERROR, G_IO_ERROR_NOT_FOUND, 500, "failed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (cases[i].domain, cases[i].code, "x");
      const MusterProblemKind *kind = muster_problem_find (error);

      g_assert_cmpuint (kind->status, ==, cases[i].status);
      g_assert_cmpstr (kind->name, ==, cases[i].name);
    }
}

static void
test_problem_document (void)
{
  static const char *const allowed[] = { "sold", "retired", NULL };
  static const char *const blockers[] = { "17", NULL };
  g_autoptr (GError) error =
              g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "it is \"reserved\"");
  g_autoptr (GString) json = g_string_new (NULL);

  muster_error_set_allowed (error, allowed);
  muster_error_set_blockers (error, blockers);
  muster_problem_encode (error, "r-1", json);
  g_assert_cmpstr (
    json->str, ==,
    "{\"type\":\"/docs#problem-conflict\",\"title\":\"Not possible in this state\",\"status\":409,"
    "\"detail\":\"it is \\\"reserved\\\"\",\"instance\":\"r-1\",\"allowed\":[\"sold\",\"retired\"],\"blockers\":[\"17\"]}");
}

static void
test_json_depth (void)
{
  for (unsigned depth = MUSTER_JSON_MAX_DEPTH - 1; depth <= MUSTER_JSON_MAX_DEPTH + 1; depth++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = NULL;

      for (unsigned i = 0; i < depth; i++)
        g_string_append (text, "[\"]\\\"[\",");
      g_string_append_c (text, '1');
      for (unsigned i = 0; i < depth; i++)
        g_string_append_c (text, ']');
      bytes = g_bytes_new (text->str, text->len);
      node = muster_json_body_parse (bytes, &error);
      if (depth <= MUSTER_JSON_MAX_DEPTH)
        g_assert_no_error (error);
      else
        g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
      g_assert_cmpint (node != NULL, ==, depth <= MUSTER_JSON_MAX_DEPTH);
    }
}

/* Every state that waits for the client has an end; those that wait for us have not. */
static void
test_connection (void)
{
  int ends[2];
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;
  MusterHttpConnection *connection;
  char                  byte;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  socket = g_socket_new_from_fd (ends[0], &error);
  g_assert_no_error (error);
  connection = muster_http_connection_new (socket, -1);
  g_assert_true (connection->is_unix);
  g_assert_false (connection->is_refused);
  g_assert_cmpint (muster_actor_get_kind (connection->actor), ==, MUSTER_ACTOR_LOCAL);
  g_assert_cmpint (muster_actor_get_role (connection->actor), ==, 0);
  g_assert_cmpstr (connection->remote, ==, "unix");
  g_assert_true (muster_http_connection_find (connection->address) == connection);
  for (int state = MUSTER_CONNECTION_NEW; state <= MUSTER_CONNECTION_CLOSING; state++)
    {
      gboolean is_ours = state == MUSTER_CONNECTION_HANDLING || state == MUSTER_CONNECTION_UPGRADED;

      muster_http_connection_set_state (connection, state);
      g_assert_cmpint (muster_http_connection_get_patience (connection) == G_MAXINT64, ==, is_ours);
    }
  muster_http_connection_shut (connection);
  g_assert_cmpint (connection->state, ==, MUSTER_CONNECTION_CLOSING);
  g_assert_cmpint (read (ends[1], &byte, 1), ==, 0);
  muster_http_connection_free (connection);
  close (ends[1]);
}

/* As many at once as in a second, and no more; each name for itself. */
static void
test_rate_limit (void)
{
  g_autoptr (MusterRateLimit) limit = muster_rate_limit_new (10);
  gint64 now = 5 * G_USEC_PER_SEC;

  for (unsigned i = 0; i < 10; i++)
    g_assert_true (muster_rate_limit_take (limit, "a", now));
  g_assert_false (muster_rate_limit_take (limit, "a", now));
  g_assert_true (muster_rate_limit_take (limit, "b", now));
  now += G_USEC_PER_SEC / 10;
  g_assert_true (muster_rate_limit_take (limit, "a", now));
  g_assert_false (muster_rate_limit_take (limit, "a", now));
  now += 100 * G_USEC_PER_SEC;
  for (unsigned i = 0; i < 10; i++)
    g_assert_true (muster_rate_limit_take (limit, "a", now));
  g_assert_false (muster_rate_limit_take (limit, "a", now));
  muster_rate_limit_set_rate (limit, 0);
  g_assert_true (muster_rate_limit_take (limit, "a", now));
}

int
main (int argc, char *argv[])
{
  dex_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http-parts/entity-tags", test_entity_tags);
  g_test_add_func ("/http-parts/entity-tags/lists", test_entity_tag_lists);
  g_test_add_func ("/http-parts/gzip", test_gzip);
  g_test_add_func ("/http-parts/problem/kinds", test_problem_kinds);
  g_test_add_func ("/http-parts/problem/document", test_problem_document);
  g_test_add_func ("/http-parts/json-depth", test_json_depth);
  g_test_add_func ("/http-parts/rate-limit", test_rate_limit);
  g_test_add_func ("/http-parts/connection", test_connection);
  return g_test_run ();
}
