/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-engine-packet.h"
#include "muster-socket-filter.h"
#include "muster-socket-packet.h"

#define ROUNDS 20000

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* --- Engine.IO --- */

static void
test_payload (void)
{
  static const char text[] = "4hello\x1e"
                             "2\x1e"
                             "bAQIDBA==\x1e"
                             "4\xe2\x82\xac";
  g_autoptr (GBytes) body = g_bytes_new_static (text, sizeof text - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) packets = muster_engine_payload_parse (body, &error);
  MusterEnginePacket *packet;
  gsize               length;

  g_assert_no_error (error);
  g_assert_cmpuint (packets->len, ==, 4);
  packet = packets->pdata[0];
  g_assert_cmpint (packet->type, ==, MUSTER_ENGINE_MESSAGE);
  g_assert_cmpmem (g_bytes_get_data (packet->data, NULL), g_bytes_get_size (packet->data), "hello",
                   5);
  packet = packets->pdata[1];
  g_assert_cmpint (packet->type, ==, MUSTER_ENGINE_PING);
  g_assert_cmpuint (g_bytes_get_size (packet->data), ==, 0);
  packet = packets->pdata[2];
  g_assert_true (packet->is_binary);
  g_assert_cmpmem (g_bytes_get_data (packet->data, &length), length, "\1\2\3\4", 4);
  packet = packets->pdata[3];
  g_assert_cmpuint (g_bytes_get_size (packet->data), ==, 3);
}

static void
test_bad_payloads (void)
{
  static const char *const bad[] = { "", "\x1e", "4a\x1e", "9", "x", "4\xff", "b###", "hello" };

  for (unsigned i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (bad[i], strlen (bad[i]));
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) packets = muster_engine_payload_parse (body, &error);

      g_test_message ("%u", i);
      g_assert_null (packets);
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
    }
}

static void
test_too_many_packets (void)
{
  g_autoptr (GString) text = g_string_new ("2");
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  for (unsigned i = 0; i < MUSTER_ENGINE_MAX_PACKETS; i++)
    g_string_append (text, "\x1e"
                           "2");
  body = g_bytes_new (text->str, text->len);
  g_assert_null (muster_engine_payload_parse (body, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE);
}

/* --- Socket.IO --- */

static const struct
{
  const char            *text;
  MusterSocketPacketType type;
  unsigned               n_attachments;
  const char *namespace;
  gint64      ack;
  const char *payload; /* (nullable) */
} good[] = {
  { "0", MUSTER_SOCKET_CONNECT, 0, "/", -1, NULL },
  { "0{\"token\":\"x\"}", MUSTER_SOCKET_CONNECT, 0, "/", -1, "{\"token\":\"x\"}" },
  { "0/admin,{\"a\":1}", MUSTER_SOCKET_CONNECT, 0, "/admin", -1, "{\"a\":1}" },
  { "0/admin?x=1,", MUSTER_SOCKET_CONNECT, 0, "/admin", -1, NULL },
  { "1", MUSTER_SOCKET_DISCONNECT, 0, "/", -1, NULL },
  { "1/admin,", MUSTER_SOCKET_DISCONNECT, 0, "/admin", -1, NULL },
  { "2[\"hi\"]", MUSTER_SOCKET_EVENT, 0, "/", -1, "[\"hi\"]" },
  { "212[\"hi\",1]", MUSTER_SOCKET_EVENT, 0, "/", 12, "[\"hi\",1]" },
  { "2/admin,456[\"hi\"]", MUSTER_SOCKET_EVENT, 0, "/admin", 456, "[\"hi\"]" },
  { "37[]", MUSTER_SOCKET_ACK, 0, "/", 7, "[]" },
  { "51-[\"hi\",{\"_placeholder\":true,\"num\":0}]", MUSTER_SOCKET_BINARY_EVENT, 1, "/", -1,
    "[\"hi\",{\"_placeholder\":true,\"num\":0}]" },
  { "52-/a,3[\"x\"]", MUSTER_SOCKET_BINARY_EVENT, 2, "/a", 3, "[\"x\"]" },
  { "61-9[1]", MUSTER_SOCKET_BINARY_ACK, 1, "/", 9, "[1]" },
};

static void
test_good (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GBytes) message = g_bytes_new_static (good[i].text, strlen (good[i].text));
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterSocketPacket) packet = muster_socket_packet_parse (message, &error);
      g_autofree char *payload = NULL;

      g_test_message ("%s", good[i].text);
      g_assert_no_error (error);
      g_assert_cmpint (packet->type, ==, good[i].type);
      g_assert_cmpuint (packet->n_attachments, ==, good[i].n_attachments);
      g_assert_cmpstr (packet->namespace, ==, good[i].namespace);
      g_assert_cmpint (packet->ack, ==, good[i].ack);
      payload = packet->payload != NULL ? json_to_string (packet->payload, FALSE) : NULL;
      g_assert_cmpstr (payload, ==, good[i].payload);
    }
}

static void
test_bad (void)
{
  static const char *const bad[] = {
    "",
    "7",
    "x",
    "2",
    "2{}",
    "2[]",
    "2[1]",
    "2[\"a\"",
    "0[]",
    "1{}",
    "3[]",
    "31{}",
    "4{}",
    "5[\"a\"]",
    "517-[\"a\"]",
    "5-[\"a\"]",
    "2[null]",
    "0\"a\"",
    "299999999999999999[\"a\"]",
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) message = g_bytes_new_static (bad[i], strlen (bad[i]));
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterSocketPacket) packet = muster_socket_packet_parse (message, &error);

      g_test_message ("%s", bad[i]);
      g_assert_null (packet);
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
    }
}

static void
test_begin (void)
{
  g_autoptr (GString) plain = muster_socket_packet_begin (MUSTER_SOCKET_EVENT, "/", -1);
  g_autoptr (GString) full = muster_socket_packet_begin (MUSTER_SOCKET_ACK, "/admin", 13);

  g_assert_cmpstr (plain->str, ==, "42");
  g_assert_cmpstr (full->str, ==, "43/admin,13");
}

/* --- what is asked for --- */

static void
test_filter (void)
{
  g_autoptr (JsonNode) node =
              json_from_string ("{\"token\":\"x\",\"events\":[\"telemetry\"],\"devices\":[\"d\"]}",
                                NULL);
  g_autoptr (JsonNode) wrong = json_from_string ("{\"events\":[\"alert\"],\"metrics\":[1]}", NULL);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  MusterSocketFilter filter;

  muster_socket_filter_init (&filter);
  g_assert_true (muster_socket_filter_listens (&filter, MUSTER_TOPIC_JOURNAL));
  g_assert_true (muster_socket_filter_read (&filter, json_node_get_object (node), &error));
  g_assert_no_error (error);
  g_assert_false (muster_socket_filter_listens (&filter, MUSTER_TOPIC_JOURNAL));
  g_assert_true (muster_socket_filter_listens (&filter, MUSTER_TOPIC_TELEMETRY));
  g_assert_true (g_hash_table_contains (filter.devices, "d"));
  g_assert_false (muster_socket_filter_read (&filter, json_node_get_object (wrong), &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  /* nothing of it was taken */
  muster_socket_filter_append_names (&filter, names);
  g_assert_cmpstr (names->str, ==, "[\"telemetry\"]");
  muster_socket_filter_clear (&filter);
}

/* --- anything --- */

static void
test_mutations (void)
{
  for (unsigned i = 0; i < ROUNDS; i++)
    {
      g_autoptr (GString) text = g_string_new ("4");

      g_string_append (text, good[g_test_rand_int_range (0, G_N_ELEMENTS (good))].text);
      if (g_test_rand_bit ())
        g_string_append_printf (text, "\x1e%s",
                                "bAQID\x1e"
                                "2probe");
      for (int n = g_test_rand_int_range (0, 4); n > 0; n--)
        text->str[g_test_rand_int_range (0, text->len)] = g_test_rand_int_range (0, 256);
      LLVMFuzzerTestOneInput ((const uint8_t *)text->str, g_test_rand_int_range (0, text->len + 1));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/socket-packet/payload", test_payload);
  g_test_add_func ("/socket-packet/bad-payloads", test_bad_payloads);
  g_test_add_func ("/socket-packet/too-many-packets", test_too_many_packets);
  g_test_add_func ("/socket-packet/good", test_good);
  g_test_add_func ("/socket-packet/bad", test_bad);
  g_test_add_func ("/socket-packet/begin", test_begin);
  g_test_add_func ("/socket-packet/filter", test_filter);
  g_test_add_func ("/socket-packet/mutations", test_mutations);
  return g_test_run ();
}
