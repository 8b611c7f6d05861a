/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>

#include "mf_at.h"

/* A modem that the test speaks for: which commands it is given, in which order, and what becomes of
 * its answers. */

#define TX 64u

typedef struct
{
  struct mf_at modem;
  guint8       tx[TX];
  GString     *said, *received;
  guint        closed;
  guint32      now_ms;
} Fixture;

static void
send_bytes (void *user, const uint8_t *bytes, size_t size)
{
  g_string_append_len (((Fixture *)user)->said, (const char *)bytes, (gssize)size);
}

static void
receive (void *user, struct mf_bytes piece)
{
  g_assert_cmpuint (piece.size, >, 0);
  g_string_append_len (((Fixture *)user)->received, (const char *)piece.data, (gssize)piece.size);
}

static void
be_closed (void *user)
{
  ((Fixture *)user)->closed++;
}

static const struct mf_at_ops ops = { send_bytes, receive, be_closed };

static Fixture *
fixture_new (const char *ssid)
{
  const struct mf_at_network network = { ssid, "p\"w", true };
  Fixture                   *self = g_new0 (Fixture, 1);

  self->said = g_string_new (NULL);
  self->received = g_string_new (NULL);
  self->now_ms = G_MAXUINT32 - 1000; /* wraps on the way */
  mf_at_init (&self->modem, &ops, self, &network, self->tx, sizeof self->tx);
  self->modem.entered_ms = self->now_ms - 60000;
  return self;
}

static void
fixture_free (Fixture *self)
{
  g_string_free (self->said, TRUE);
  g_string_free (self->received, TRUE);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
pass (Fixture *self, guint32 ms)
{
  self->now_ms += ms;
  mf_at_step (&self->modem, self->now_ms);
}

static void
answer (Fixture *self, const char *text)
{
  mf_at_bytes (&self->modem, self->now_ms, (const guint8 *)text, strlen (text));
  pass (self, 10);
}

#define assert_said(self, text)                                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_cmpstr ((self)->said->str, ==, text);                                                 \
    g_string_truncate ((self)->said, 0);                                                           \
  }                                                                                                \
  G_STMT_END

static bool
want (Fixture *self)
{
  const struct mf_connect how = { .host = "192.0.2.1", .port = 8883, .tls_name = "site" };

  return mf_at_open (&self->modem, &how);
}

static void
make_ready (Fixture *self)
{
  pass (self, 10);
  assert_said (self, "AT+RST\r\n");
  answer (self, "AT+RST\r\n\r\nOK\r\n");
  assert_said (self, "");
  answer (self, "\xFF\xFEnoise of its boot\r\nready\r\n");
  assert_said (self, "ATE0\r\n");
  answer (self, "ATE0\r\n\r\nOK\r\n");
  assert_said (self, "AT+CWMODE=1\r\n");
  answer (self, "\r\nOK\r\n");
  if (self->modem.network.ssid != NULL)
    {
      assert_said (self, "AT+CWJAP=\"a\\,b\\\\\",\"p\\\"w\"\r\n");
      answer (self, "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
    }
  assert_said (self, "AT+CIPMUX=0\r\n");
  answer (self, "\r\nOK\r\n");
  assert_said (self, "AT+CIPSSLCCONF=2,0,0\r\n");
  answer (self, "\r\nOK\r\n");
}

static void
make_open (Fixture *self)
{
  make_ready (self);
  g_assert_true (want (self));
  pass (self, 10);
  assert_said (self, "AT+CIPSSLCSNI=\"site\"\r\n");
  answer (self, "\r\nOK\r\n");
  assert_said (self, "AT+CIPSTART=\"SSL\",\"192.0.2.1\",8883\r\n");
  answer (self, "CONNECT\r\n\r\nOK\r\n");
  g_assert_cmpint (self->modem.state, ==, MF_AT_OPEN);
}

static void
say (Fixture *self, const char *text)
{
  g_assert_cmpuint (mf_at_room (&self->modem), >=, strlen (text));
  mf_at_write (&self->modem, (const guint8 *)text, strlen (text));
}

static void
test_send (void)
{
  g_autoptr (Fixture) self = fixture_new ("a,b\\");

  make_open (self);
  /* What is said while a chunk is on its way goes with the next; the ring goes round. */
  for (guint round = 0; round < 5; round++)
    {
      say (self, "0123456789012345678901234");
      pass (self, 10);
      assert_said (self, "AT+CIPSEND=25\r\n");
      say (self, "abc");
      answer (self, "\r\nOK\r\n\r\n>");
      assert_said (self, "0123456789012345678901234");
      answer (self, "\r\nRecv 25 bytes\r\n\r\nSEND OK\r\n");
      assert_said (self, "AT+CIPSEND=3\r\n");
      answer (self, "\r\nOK\r\n\r\n>");
      assert_said (self, "abc");
      answer (self, "\r\nRecv 3 bytes\r\n\r\nSEND OK\r\n");
    }
  g_assert_cmpuint (mf_at_room (&self->modem), ==, TX);
  /* It closes when all is out. */
  say (self, "bye");
  mf_at_close (&self->modem);
  g_assert_cmpuint (mf_at_room (&self->modem), ==, 0);
  pass (self, 10);
  assert_said (self, "AT+CIPSEND=3\r\n");
  answer (self, "\r\nOK\r\n\r\n>");
  assert_said (self, "bye");
  g_assert_false (want (self));
  answer (self, "\r\nRecv 3 bytes\r\n\r\nSEND OK\r\n");
  assert_said (self, "AT+CIPCLOSE\r\n");
  answer (self, "CLOSED\r\n\r\nOK\r\n");
  g_assert_cmpuint (self->closed, ==, 0);
  g_assert_true (want (self));
}

static void
test_receive (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);

  make_open (self);
  answer (self, "\r\n+IPD,5:ab\r\nc\r\n+IPD,");
  answer (self, "1");
  answer (self, "1:CLOSED\r\nOK\n");
  g_assert_cmpstr (self->received->str, ==, "ab\r\ncCLOSED\r\nOK\n");
  /* In the midst of a chunk. */
  say (self, "x");
  pass (self, 10);
  answer (self, "\r\n+IPD,1:>\r\nOK\r\n\r\n>");
  assert_said (self, "AT+CIPSEND=1\r\nx");
  answer (self, "+IPD,1:!\r\nSEND OK\r\n");
  g_assert_cmpstr (self->received->str, ==, "ab\r\ncCLOSED\r\nOK\n>!");
  /* No such length. */
  answer (self, "+IPD,9999999:\r\n+IPD,x:\r\n+IPD,0:\r\n");
  g_assert_cmpuint (self->modem.data_left, ==, 0);
  answer (self, "CLOSED\r\n");
  g_assert_cmpuint (self->closed, ==, 1);
}

/* Each thing that can go wrong is told once, and ends with a modem that is ready again. */
static void
test_failures (void)
{
  static const char *const ends[] = { "CLOSED\r\n", "WIFI DISCONNECT\r\n", "ready\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autoptr (Fixture) self = fixture_new (NULL);

      make_open (self);
      answer (self, ends[i]);
      g_assert_cmpuint (self->closed, ==, 1);
      g_assert_cmpuint (mf_at_room (&self->modem), ==, 0);
      g_assert_true (want (self));
    }
}

static void
test_refusals (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);

  make_ready (self);
  g_assert_true (want (self));
  g_assert_false (want (self));
  say (self, "kept until it is open");
  pass (self, 10);
  answer (self, "\r\nOK\r\n");
  g_string_truncate (self->said, 0);
  answer (self, "CLOSED\r\n\r\nERROR\r\n");
  g_assert_cmpuint (self->closed, ==, 1);
  assert_said (self, "");
  /* Given up before the name was taken: nothing is opened. */
  g_assert_true (want (self));
  pass (self, 10);
  mf_at_close (&self->modem);
  answer (self, "\r\nOK\r\n");
  assert_said (self, "AT+CIPSSLCSNI=\"site\"\r\n");
  g_assert_cmpint (self->modem.state, ==, MF_AT_READY);
  g_assert_cmpuint (self->closed, ==, 1);
}

static void
test_busy_and_mute (void)
{
  g_autoptr (Fixture) self = fixture_new (NULL);

  make_ready (self);
  g_assert_true (want (self));
  pass (self, 10);
  g_string_truncate (self->said, 0);
  answer (self, "busy p...\r\n");
  assert_said (self, "");
  pass (self, 200);
  assert_said (self, "AT+CIPSSLCSNI=\"site\"\r\n");
  /* It says nothing any more: after its patience the modem is reset. */
  pass (self, 4000);
  g_assert_cmpuint (self->closed, ==, 0);
  pass (self, 1000);
  g_assert_cmpuint (self->closed, ==, 1);
  pass (self, 1900);
  assert_said (self, "");
  pass (self, 100);
  assert_said (self, "AT+RST\r\n");
  pass (self, 5000);
  pass (self, 2000);
  make_ready (self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/at/send", test_send);
  g_test_add_func ("/at/receive", test_receive);
  g_test_add_func ("/at/failures", test_failures);
  g_test_add_func ("/at/refusals", test_refusals);
  g_test_add_func ("/at/busy-and-mute", test_busy_and_mute);
  return g_test_run ();
}
