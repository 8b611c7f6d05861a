/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>

#include "mf_http.h"

/* The client at a stream in memory: what it asks byte by byte as HTTP/1.1 has it, and what it makes
 * of what servers say. */

typedef struct
{
  struct mf_http        http;
  struct mf_http_server server;
  GString              *said;
  GString              *events;
  gsize                 room;
  gboolean              refuse;
  gboolean              stops;
} Fixture;

static bool
open_stream (void *user, const struct mf_connect *how)
{
  Fixture *self = user;

  if (self->refuse)
    return false;
  g_string_append_printf (self->events, "open=%s:%u,%s ", how->host, how->port, how->tls_name);
  return true;
}

static size_t
get_room (void *user)
{
  return ((Fixture *)user)->room;
}

static void
write_stream (void *user, const uint8_t *bytes, size_t size)
{
  g_string_append_len (((Fixture *)user)->said, (const char *)bytes, (gssize)size);
}

static void
close_stream (void *user)
{
  g_string_append (((Fixture *)user)->events, "close ");
}

static void
take_piece (void *user, struct mf_bytes piece)
{
  Fixture *self = user;

  g_string_append_len (self->events, (const char *)piece.data, (gssize)piece.size);
  if (self->stops)
    mf_http_stop (&self->http);
}

static void
be_done (void *user, enum mf_fetch_result result)
{
  static const char *const names[] = { "whole", "broken", "refused", "impossible" };

  g_string_append_printf (((Fixture *)user)->events, " %s ", names[result]);
}

static const struct mf_http_ops ops = { open_stream,  get_room,   write_stream,
                                        close_stream, take_piece, be_done };

static Fixture *
fixture_new (bool tls)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->said = g_string_new (NULL);
  self->events = g_string_new (NULL);
  self->room = 4096;
  self->server.tls = tls;
  self->server.name = "site.example";
  mf_http_init (&self->http, &ops, self, &self->server);
  return self;
}

static void
fixture_free (Fixture *self)
{
  g_string_free (self->said, TRUE);
  g_string_free (self->events, TRUE);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
hear (Fixture *self, const char *text)
{
  mf_http_bytes (&self->http, 1, (const guint8 *)text, strlen (text));
}

static void
assert_events (Fixture *self, const char *text)
{
  g_assert_cmpstr (self->events->str, ==, text);
  g_string_truncate (self->events, 0);
}

static void
assert_said (Fixture *self, const char *text)
{
  g_assert_cmpstr (self->said->str, ==, text);
  g_string_truncate (self->said, 0);
}

/* A request for five bytes from the tenth on, or from the first. */
static void
ask (Fixture *self, guint32 offset)
{
  g_assert_true (mf_http_fetch (&self->http, 0, "https://10.0.0.1:8443/f/x", offset, 5));
  mf_http_step (&self->http, 0);
  g_string_truncate (self->events, 0);
  g_string_truncate (self->said, 0);
}

static void
test_request (void)
{
  g_autoptr (Fixture) self = fixture_new (true);
  g_autoptr (Fixture) plain = fixture_new (false);

  g_assert_true (mf_http_fetch (&self->http, 0, "https://10.0.0.1:8443/f/x?y", 10, 5));
  g_assert_false (mf_http_fetch (&self->http, 0, "https://10.0.0.1:8443/f/x?y", 10, 5));
  assert_events (self, "");
  self->refuse = TRUE; /* the connection before is not at its end */
  mf_http_step (&self->http, 1);
  self->refuse = FALSE;
  self->room = MF_HTTP_REQUEST_MAX - 1;
  mf_http_step (&self->http, 2);
  assert_events (self, "open=10.0.0.1:8443,site.example ");
  assert_said (self, "");
  self->room = MF_HTTP_REQUEST_MAX;
  mf_http_step (&self->http, 3);
  assert_said (self, "GET /f/x?y HTTP/1.1\r\nHost: site.example:8443\r\nUser-Agent: "
                     "muster-board\r\nAccept-Encoding: identity\r\nRange: bytes=10-14\r\n\r\n");
  g_assert_true (mf_http_fetch (&plain->http, 0, "http://plant", 0, 4294967295u));
  mf_http_step (&plain->http, 0);
  assert_events (plain, "open=plant:80,site.example ");
  assert_said (plain, "GET / HTTP/1.1\r\nHost: plant\r\nUser-Agent: muster-board\r\n"
                      "Accept-Encoding: identity\r\nRange: bytes=0-4294967294\r\n\r\n");
}

static void
test_addresses (void)
{
  static const char *const wrong[] = {
    "http://h/",
    "https:/h/",
    "https://",
    "https://:80/",
    "https://h:0/",
    "https://h:/",
    "https://u@h/",
    "https://h:65536/",
    "https://[::1]/",
    "https://h/a b",
    "https://h/#f",
    "https://h/\r\nX: y",
    "https://h/\xC3\xA4",
    "https://h?x",
    "HTTPS://h/",
    "https://h:8x/",
    "https://a234567890123456789012345678901234567890123456789012345678901234/",
  };
  g_autofree char *longest = g_strnfill (MF_HTTP_URL_SIZE, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (Fixture) self = fixture_new (true);

      g_assert_true (mf_http_fetch (&self->http, 0, wrong[i], 0, 1));
      mf_http_step (&self->http, 0);
      assert_events (self, " impossible ");
      g_assert_cmpuint (self->said->len, ==, 0);
    }
  {
    g_autoptr (Fixture) self = fixture_new (true);

    g_assert_false (mf_http_fetch (&self->http, 0, longest, 0, 1));
    g_assert_false (mf_http_fetch (&self->http, 0, "https://h/", 0, 0));
    g_assert_false (mf_http_fetch (&self->http, 0, "https://h/", 4294967295u, 2));
    g_assert_true (mf_http_fetch (&self->http, 0, "https://h/", 4294967295u, 1));
  }
}

/* What the server says to a request for bytes 10 to 14, or 0 to 4, and what becomes of it; however
 * it comes in pieces. */
typedef struct
{
  guint32     offset;
  const char *said;
  const char *events;
} Answer;

static void
check_answers (const Answer *answers, gsize n)
{
  for (gsize i = 0; i < n; i++)
    for (gsize piece = 1; piece < 500; piece = piece < 4 ? piece + 1 : piece * 3)
      {
        g_autoptr (Fixture) self = fixture_new (true);
        gsize size = strlen (answers[i].said);

        ask (self, answers[i].offset);
        for (gsize at = 0; at < size; at += piece)
          mf_http_bytes (&self->http, 1, (const guint8 *)answers[i].said + at,
                         MIN (piece, size - at));
        assert_events (self, answers[i].events);
      }
}

#define OK(fields) "HTTP/1.1 206 Partial Content\r\n" fields "\r\n"
#define RANGE "Content-Range: bytes 10-14/20\r\n"

static void
test_whole (void)
{
  static const Answer answers[] = {
    { 10, OK (RANGE "Content-Length: 5\r\n") "hello", "hello whole " },
    { 10, OK ("content-LENGTH:5 \t\r\nX:\r\nContent-Range:\tBytes 10-14/*\r\n") "hello",
      "hello whole " },
    { 10, OK (RANGE "Connection: x, Close\r\nContent-Length: 5\r\n") "hello",
      "helloclose  whole " },
    { 10, OK (RANGE) "hello", "helloclose  whole " }, /* it says not how long the response is */
    { 10, "HTTP/1.0 206 x\r\n" RANGE "Content-Length: 5\r\n\r\nhello", "helloclose  whole " },
    { 10,
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 x\r\nA: b\r\n\r\n" OK (
        RANGE "Content-Length: 5\r\n") "hello",
      "hello whole " },
    { 10,
      OK (RANGE
          "Transfer-Encoding: chunked\r\n") "2\r\nhe\r\n03 ;x=\"y\"\r\nllo\r\n0\r\nT: u\r\n\r\n",
      "hello whole " },
    { 10, "HTTP/1.1 206\r\n" RANGE "Content-Length: 5\r\n\r\nhello", "hello whole " },
    { 0, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello whole " },
    { 0, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello world", "helloclose  whole " },
    { 0, "HTTP/1.1 200 OK\r\n\r\nhello", "helloclose  whole " },
    { 0, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n",
      "helloclose  whole " },
    /* What comes behind a response was not asked for. */
    { 10, OK (RANGE "Content-Length: 5\r\n") "hello!", "hello whole close " },
  };

  check_answers (answers, G_N_ELEMENTS (answers));
}

static void
test_refused (void)
{
  static const Answer answers[] = {
    { 10, "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno\n", "close  refused " },
    { 10, "HTTP/1.1 410\r\n\r\n", "close  refused " },
    { 10, "HTTP/1.1 416 x\r\nContent-Range: bytes */20\r\n\r\n", "close  refused " },
    { 10, "HTTP/1.1 408 x\r\n\r\n", "close  broken " },
    { 10, "HTTP/1.1 425 x\r\n\r\n", "close  broken " },
    { 10, "HTTP/1.1 429 x\r\n\r\n", "close  broken " },
    { 10, "HTTP/1.1 503 x\r\n\r\n", "close  broken " },
    { 10, "HTTP/1.1 302 x\r\nLocation: https://elsewhere/\r\n\r\n", "close  broken " },
    { 10, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n", "close  broken " },
    { 10, "HTTP/1.1 204 x\r\n\r\n", "close  broken " },
  };

  check_answers (answers, G_N_ELEMENTS (answers));
}

static void
test_nonsense (void)
{
  g_autofree char *many = g_strnfill (MF_HTTP_HEAD_MAX, 'y');
  g_autofree char *endless = g_strconcat ("HTTP/1.1 206 x\r\nX: ", many, "\r\n\r\n", NULL);
  g_autofree char *spaces = g_strnfill (MF_HTTP_LINE_MAX - 28, ' ');
  g_autofree char *wide =
    g_strconcat ("HTTP/1.1 206 x\r\nContent-Range:", spaces, "bytes 10-14/200\r\n\r\n", NULL);
  g_autoptr (GString) fields = g_string_new ("HTTP/1.1 206 x\r\n");
  const Answer built[] = { { 10, endless, "close  broken " }, { 10, wide, "close  broken " } };
  static const Answer answers[] = {
    { 10, "HTTP/2 206 x\r\n", "close  broken " },
    { 10, "ICY 200 OK\r\n", "close  broken " },
    { 10, "HTTP/1.1 2066 x\r\n", "close  broken " },
    { 10, "HTTP/1.1  206 x\r\n", "close  broken " },
    { 10, "HTTP/1.1 99 x\r\n", "close  broken " },
    { 10, "HTTP/1.1 101 Switching\r\n\r\n", "close  broken " },
    { 10, "\r\n", "close  broken " },
    { 10, "HTTP/1.1 206 x\n", "close  broken " },
    { 10, "HTTP/1.1 206 x\rX", "close  broken " },
    { 10, "HTTP/1.1 206 x\r\n\x01", "close  broken " },
    { 10, OK (RANGE " folded\r\n"), "close  broken " },
    { 10, OK ("Content-Range : bytes 10-14/20\r\n"), "close  broken " },
    { 10, OK ("no colon\r\n"), "close  broken " },
    { 10, OK (": x\r\n"), "close  broken " },
    { 10, OK (""), "close  broken " }, /* which range? */
    { 10, OK (RANGE RANGE), "close  broken " },
    { 10, OK ("Content-Range: bytes 9-14/20\r\n"), "close  broken " },
    { 10, OK ("Content-Range: bytes 11-14/20\r\n"), "close  broken " },
    { 10, OK ("Content-Range: bytes 10-15/20\r\n"), "close  broken " },
    { 10, OK ("Content-Range: bytes 14-10/20\r\n"), "close  broken " },
    { 10, OK ("Content-Range: bytes 10-14/14\r\n"), "close  broken " },
    { 10, OK ("Content-Range: bytes 10-14/20,\r\n"), "close  broken " },
    { 10, OK ("Content-Range: bytes 10-14\r\n"), "close  broken " },
    { 10, OK ("Content-Range: bytes */20\r\n"), "close  broken " },
    { 10, OK ("Content-Range: lines 10-14/20\r\n"), "close  broken " },
    { 10, OK ("Content-Range: byte\r\n"), "close  broken " },
    { 10, OK ("Content-Range: bytes 10-99999999999999999999/*\r\n"), "close  broken " },
    { 10, OK (RANGE "Content-Length: 6\r\n"), "close  broken " },
    { 10, OK (RANGE "Content-Length: +5\r\n"), "close  broken " },
    { 10, OK (RANGE "Content-Length: 5, 5\r\n"), "close  broken " },
    { 10, OK (RANGE "Content-Length: 5\r\nContent-Length: 5\r\n"), "close  broken " },
    { 10, OK (RANGE "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), "close  broken " },
    { 10, OK (RANGE "Transfer-Encoding: gzip, chunked\r\n"), "close  broken " },
    { 10, OK (RANGE "Content-Encoding: gzip\r\n"), "close  broken " },
    { 10, OK (RANGE "Transfer-Encoding: chunked\r\n") "6\r\n", "close  broken " },
    { 10, OK (RANGE "Transfer-Encoding: chunked\r\n") "\r\n", "close  broken " },
    { 10, OK (RANGE "Transfer-Encoding: chunked\r\n") "x\r\n", "close  broken " },
    { 10, OK (RANGE "Transfer-Encoding: chunked\r\n") "-1\r\n", "close  broken " },
    { 10, OK (RANGE "Transfer-Encoding: chunked\r\n") "1000000000000001\r\n", "close  broken " },
    { 10, OK (RANGE "Transfer-Encoding: chunked\r\n") "2\r\nhex\r\n", "heclose  broken " },
    { 10, OK (RANGE "Transfer-Encoding: chunked\r\n") "2\r\nhe\r\n0\r\n\r\n", "he broken " },
    { 10, OK ("Content-Range: bytes 10-12/13\r\nContent-Length: 3\r\n") "hel", "hel broken " },
    { 0, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", "close  broken " },
  };

  check_answers (built, G_N_ELEMENTS (built));
  check_answers (answers, G_N_ELEMENTS (answers));
  for (guint i = 0; i <= MF_HTTP_FIELDS_MAX; i++)
    g_string_append (fields, "X: y\r\n");
  check_answers (&(const Answer){ 10, fields->str, "close  broken " }, 1);
}

/* Of fields that it has no use for it passes over any length that a head may have. */
static void
test_long_field (void)
{
  g_autoptr (Fixture) self = fixture_new (true);
  g_autofree char *value = g_strnfill (4000, 'y');

  ask (self, 10);
  hear (self, "HTTP/1.1 206 a very ");
  hear (self, value);
  hear (self, "\r\nX-Long: ");
  hear (self, value);
  hear (self, "\r\n" RANGE "\r\nhello");
  assert_events (self, "helloclose  whole ");
}

static void
test_kept (void)
{
  g_autoptr (Fixture) self = fixture_new (true);

  ask (self, 10);
  hear (self, OK (RANGE "Content-Length: 5\r\n") "hello");
  assert_events (self, "hello whole ");
  /* The next range by the same connection. */
  g_assert_true (mf_http_fetch (&self->http, 100, "https://10.0.0.1:8443/f/x", 10, 5));
  mf_http_step (&self->http, 100);
  assert_events (self, "");
  g_assert_cmpuint (self->said->len, >, 0);
  /* The server had just closed it: the same once more, by a new one; but not for ever. */
  mf_http_closed (&self->http);
  assert_events (self, "");
  mf_http_step (&self->http, 100);
  assert_events (self, "open=10.0.0.1:8443,site.example ");
  mf_http_closed (&self->http);
  assert_events (self, " broken ");
  /* Somewhere else by another. */
  ask (self, 10);
  hear (self, OK (RANGE "Content-Length: 5\r\n") "hello");
  g_string_truncate (self->events, 0);
  g_assert_true (mf_http_fetch (&self->http, 100, "https://10.0.0.1:8444/f/x", 10, 5));
  mf_http_step (&self->http, 100);
  assert_events (self, "close open=10.0.0.1:8444,site.example ");
  hear (self, OK (RANGE "Content-Length: 5\r\n") "hello");
  g_string_truncate (self->events, 0);
  mf_http_step (&self->http, 5000);
  assert_events (self, "");
  mf_http_step (&self->http, 5001);
  assert_events (self, "close ");
  mf_http_step (&self->http, 9000);
  assert_events (self, "");
}

static void
test_cut (void)
{
  g_autoptr (Fixture) self = fixture_new (true);

  ask (self, 10);
  hear (self, OK (RANGE "Content-Length: 5\r\n") "hel");
  mf_http_closed (&self->http);
  assert_events (self, "hel broken ");
  ask (self, 10);
  mf_http_closed (&self->http);
  assert_events (self, " broken ");
  ask (self, 10);
  hear (self, "HTTP/1.1 206");
  mf_http_closed (&self->http);
  assert_events (self, " broken ");
  /* A server that says no more. */
  ask (self, 10);
  hear (self, OK (RANGE "Content-Length: 5\r\n") "hel");
  mf_http_step (&self->http, 30000);
  assert_events (self, "hel");
  mf_http_step (&self->http, 30001);
  assert_events (self, "close  broken ");
  /* One that cannot be reached. */
  self->refuse = TRUE;
  g_assert_true (mf_http_fetch (&self->http, 0, "https://h/", 0, 1));
  mf_http_step (&self->http, 29999);
  assert_events (self, "");
  mf_http_step (&self->http, 30000);
  assert_events (self, " broken ");
}

static void
test_stop (void)
{
  g_autoptr (Fixture) self = fixture_new (true);

  ask (self, 10);
  mf_http_stop (&self->http);
  assert_events (self, "close ");
  mf_http_closed (&self->http);
  hear (self, "HTTP/1.1 404\r\n\r\n");
  assert_events (self, "");
  ask (self, 10);
  self->stops = TRUE;
  hear (self, OK (RANGE "Content-Length: 5\r\n") "hello!");
  assert_events (self, "helloclose ");
  self->stops = FALSE;
  g_assert_true (mf_http_fetch (&self->http, 0, "https://h/", 0, 1));
  mf_http_stop (&self->http);
  mf_http_step (&self->http, 1);
  assert_events (self, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/request", test_request);
  g_test_add_func ("/http/addresses", test_addresses);
  g_test_add_func ("/http/whole", test_whole);
  g_test_add_func ("/http/refused", test_refused);
  g_test_add_func ("/http/nonsense", test_nonsense);
  g_test_add_func ("/http/long-field", test_long_field);
  g_test_add_func ("/http/kept", test_kept);
  g_test_add_func ("/http/cut", test_cut);
  g_test_add_func ("/http/stop", test_stop);
  return g_test_run ();
}
