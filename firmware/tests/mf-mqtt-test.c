/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>

#include "mf_mqtt.h"

/* The client at a stream in memory: what it says byte by byte as MQTT 3.1.1 has it, and what it
 * makes of what brokers say. */

typedef struct
{
  struct mf_mqtt mqtt;
  guint8         rx[MF_MQTT_RX_LEAST];
  GByteArray    *said;
  GString       *events;
  gsize          room;
  gboolean       refuse;
} Fixture;

static bool
open_stream (void *user, const struct mf_connect *how)
{
  g_assert_cmpstr (how->host, ==, "broker");
  return !((Fixture *)user)->refuse;
}

static size_t
get_room (void *user)
{
  return ((Fixture *)user)->room;
}

static void
write_stream (void *user, const uint8_t *bytes, size_t size)
{
  g_byte_array_append (((Fixture *)user)->said, bytes, (guint)size);
}

static void
close_stream (void *user)
{
  g_string_append (((Fixture *)user)->events, "close ");
}

static void
connected (void *user)
{
  g_string_append (((Fixture *)user)->events, "connected ");
}

static void
disconnected (void *user)
{
  g_string_append (((Fixture *)user)->events, "disconnected ");
}

static void
subscribed (void *user, bool granted)
{
  g_string_append (((Fixture *)user)->events, granted ? "granted " : "refused ");
}

static void
message (void *user, const char *topic, struct mf_bytes payload)
{
  g_string_append_printf (((Fixture *)user)->events, "%s=%.*s ", topic, (int)payload.size,
                          (const char *)payload.data);
}

static const struct mf_mqtt_ops ops = {
  open_stream, get_room, write_stream, close_stream, connected, disconnected, subscribed, message,
};

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->said = g_byte_array_new ();
  self->events = g_string_new (NULL);
  self->room = 4096;
  mf_mqtt_init (&self->mqtt, &ops, self, self->rx, sizeof self->rx);
  return self;
}

static void
fixture_free (Fixture *self)
{
  g_byte_array_unref (self->said);
  g_string_free (self->events, TRUE);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static bool
connect_to_broker (Fixture *self, guint32 now_ms)
{
  const struct mf_connect how = {
    .host = "broker",
    .port = 8883,
    .client_id = "id",
    .username = "u",
    .password = "pw",
    .keepalive_s = 30,
    .will_topic = "w",
    .will = { (const guint8 *)"bye", 3 },
  };

  return mf_mqtt_connect (&self->mqtt, now_ms, &how);
}

/* Byte by byte, as a stream may break it. */
static void
hear (Fixture *self, guint32 now_ms, const void *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++)
    mf_mqtt_bytes (&self->mqtt, now_ms, (const guint8 *)bytes + i, 1);
}
#define HEAR(self, now, text) hear (self, now, text, sizeof (text) - 1)

#define assert_said(self, text)                                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_cmpmem ((self)->said->data, (self)->said->len, text, sizeof (text) - 1);              \
    g_byte_array_set_size ((self)->said, 0);                                                       \
  }                                                                                                \
  G_STMT_END

#define assert_events(self, text)                                                                  \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_cmpstr ((self)->events->str, ==, text);                                               \
    g_string_truncate ((self)->events, 0);                                                         \
  }                                                                                                \
  G_STMT_END

static void
enter_session (Fixture *self)
{
  g_assert_true (connect_to_broker (self, 0));
  HEAR (self, 0, "\x20\x02\0\0");
  assert_events (self, "connected ");
  g_byte_array_set_size (self->said, 0);
}

static void
test_connect (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  g_assert_true (connect_to_broker (self, 0));
  assert_said (self, "\x10\x1D\0\4MQTT\4\xCE\0\x1E\0\2id\0\1w\0\3bye\0\1u\0\2pw");
  g_assert_false (connect_to_broker (self, 0));
  g_assert_false (mf_mqtt_subscribe (&self->mqtt, 0, "t", 1));
  HEAR (self, 0, "\x20\x02\0\0");
  assert_events (self, "connected ");
  g_assert_true (mf_mqtt_subscribe (&self->mqtt, 0, "a/+", 1));
  assert_said (self, "\x82\x08\0\1\0\3a/+\1");
  HEAR (self, 0, "\x90\x03\0\1\1\x90\x03\0\2\x80");
  assert_events (self, "granted refused ");
  mf_mqtt_disconnect (&self->mqtt);
  assert_said (self, "\xE0\0");
  assert_events (self, "close ");
  /* What still comes is for nobody. */
  HEAR (self, 0, "\x30\x04\0\1tx");
  mf_mqtt_closed (&self->mqtt);
  assert_events (self, "");
}

static void
test_refused (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  self->refuse = TRUE;
  g_assert_false (connect_to_broker (self, 0));
  assert_events (self, "");
  self->refuse = FALSE;
  self->room = 20; /* not all of it would fit */
  g_assert_false (connect_to_broker (self, 0));
  assert_said (self, "");
  assert_events (self, "close ");
  self->room = 4096;
  g_assert_true (connect_to_broker (self, 0));
  HEAR (self, 0, "\x20\x02\0\5"); /* not authorised */
  assert_events (self, "close disconnected ");
  g_assert_true (connect_to_broker (self, 0));
  HEAR (self, 0, "\x30\x04\0\1tx"); /* before CONNACK */
  assert_events (self, "close disconnected ");
  g_assert_true (connect_to_broker (self, 0));
  mf_mqtt_closed (&self->mqtt);
  assert_events (self, "disconnected ");
}

static void
test_messages (void)
{
  static const guint8 large[300];
  g_autoptr (Fixture) self = fixture_new ();
  const struct mf_bytes payload = { large, sizeof large };

  enter_session (self);
  HEAR (self, 0, "\x30\x05\0\3a/b");
  HEAR (self, 0, "\x32\x07\0\1t\1\2hi");
  assert_said (self, "\x40\2\1\2");
  assert_events (self, "a/b= t=hi ");
  /* One that is too long is passed over; the next is heard. */
  HEAR (self, 0, "\x30\xAC\x02");
  hear (self, 0, large, sizeof large);
  HEAR (self, 0, "\x30\x04\0\1tx");
  assert_events (self, "t=x ");
  g_assert_cmpuint (self->mqtt.too_long, ==, 1);
  g_assert_true (mf_mqtt_publish (&self->mqtt, 0, "t", payload, 1, true));
  g_assert_cmpmem (self->said->data, 9, "\x33\xB1\x02\0\1t\0\1\0", 9);
  g_assert_cmpuint (self->said->len, ==, 3 + 5 + sizeof large);
  HEAR (self, 0, "\x40\2\0\1");
  /* There is room for all of it, or nothing is said. */
  g_byte_array_set_size (self->said, 0);
  self->room = 304;
  g_assert_false (mf_mqtt_publish (&self->mqtt, 0, "t", payload, 0, false));
  assert_said (self, "");
  self->room = 308;
  g_assert_true (mf_mqtt_publish (&self->mqtt, 0, "t", payload, 0, false));
  assert_events (self, "");
}

static void
test_nonsense (void)
{
  static const struct
  {
    const char *bytes;
    gsize       size;
  } wrong[] = {
    { "\x30\xFF\xFF\xFF\xFF\x01", 6 }, /* a length of five bytes */
    { "\x30\x01\0", 3 },               /* no topic */
    { "\x30\x04\0\5ab", 6 },           /* a topic beyond the end */
    { "\x30\x04\0\2a\0", 6 },          /* NUL in it */
    { "\x32\x04\0\1tx", 6 },           /* no number, with QoS 1 */
    { "\x34\x05\0\1t\0\1", 7 },        /* QoS 2, which nobody asked for */
    { "\x90\x02\0\1", 4 },             /* SUBACK without an answer */
    { "\x20\x02\0\0", 4 },             /* a second CONNACK */
    { "\0\0", 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (Fixture) self = fixture_new ();

      enter_session (self);
      hear (self, 0, wrong[i].bytes, wrong[i].size);
      assert_events (self, "close disconnected ");
    }
}

static void
test_keep_alive (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  enter_session (self);
  g_assert_cmpuint (mf_mqtt_step (&self->mqtt, 14000), <=, 15000);
  assert_said (self, "");
  mf_mqtt_step (&self->mqtt, 15000);
  assert_said (self, "\xC0\0");
  HEAR (self, 15100, "\xD0\0");
  mf_mqtt_step (&self->mqtt, 29000);
  assert_said (self, "");
  mf_mqtt_step (&self->mqtt, 30000);
  assert_said (self, "\xC0\0");
  mf_mqtt_step (&self->mqtt, 39000);
  assert_events (self, "");
  mf_mqtt_step (&self->mqtt, 40000);
  assert_events (self, "close disconnected ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mqtt/connect", test_connect);
  g_test_add_func ("/mqtt/refused", test_refused);
  g_test_add_func ("/mqtt/messages", test_messages);
  g_test_add_func ("/mqtt/nonsense", test_nonsense);
  g_test_add_func ("/mqtt/keep-alive", test_keep_alive);
  return g_test_run ();
}
