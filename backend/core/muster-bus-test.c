/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-bus.h"

typedef struct
{
  MusterBus *bus;
  GString   *heard; /* "<subscriber><subject> " */
  unsigned   id;
} Fixture;

typedef struct
{
  Fixture *fixture;
  char     name;
} Listener;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->bus = muster_bus_new ();
  fixture->heard = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->bus);
  g_string_free (fixture->heard, TRUE);
}

static void
publish (Fixture *fixture, const char *topic, const char *subject)
{
  g_autoptr (MusterEvent) event = muster_event_new (topic, subject, NULL, 0, NULL, NULL);

  muster_bus_publish (fixture->bus, event);
}

static void
listener_cb (MusterEvent *event, gpointer user_data)
{
  Listener *listener = user_data;

  g_string_append_printf (listener->fixture->heard, "%c%s ", listener->name,
                          muster_event_get_subject (event));
}

static void
test_topics_and_order (Fixture *fixture, gconstpointer data)
{
  Listener a = { fixture, 'a' }, b = { fixture, 'b' }, c = { fixture, 'c' };

  muster_bus_subscribe (fixture->bus, MUSTER_TOPIC_LIVE, NULL, listener_cb, &a);
  muster_bus_subscribe (fixture->bus, NULL, NULL, listener_cb, &b);
  muster_bus_subscribe (fixture->bus, MUSTER_TOPIC_JOURNAL, NULL, listener_cb, &c);
  publish (fixture, MUSTER_TOPIC_JOURNAL, "1");
  publish (fixture, MUSTER_TOPIC_LIVE, "2");
  publish (fixture, MUSTER_TOPIC_JOBS, "3");
  g_assert_cmpstr (fixture->heard->str, ==, "b1 c1 a2 b2 b3 ");
}

static void
test_has_subscribers (Fixture *fixture, gconstpointer data)
{
  Listener a = { fixture, 'a' };
  unsigned live, all;

  g_assert_false (muster_bus_has_subscribers (fixture->bus, MUSTER_TOPIC_LIVE));
  live = muster_bus_subscribe (fixture->bus, MUSTER_TOPIC_LIVE, NULL, listener_cb, &a);
  g_assert_true (muster_bus_has_subscribers (fixture->bus, MUSTER_TOPIC_LIVE));
  g_assert_false (muster_bus_has_subscribers (fixture->bus, MUSTER_TOPIC_JOBS));
  all = muster_bus_subscribe (fixture->bus, NULL, NULL, listener_cb, &a);
  g_assert_cmpuint (all, !=, live);
  g_assert_true (muster_bus_has_subscribers (fixture->bus, MUSTER_TOPIC_JOBS));
  muster_bus_unsubscribe (fixture->bus, all);
  muster_bus_unsubscribe (fixture->bus, live);
  g_assert_false (muster_bus_has_subscribers (fixture->bus, MUSTER_TOPIC_LIVE));
}

static void
test_owner_ends_subscription (Fixture *fixture, gconstpointer data)
{
  Listener a = { fixture, 'a' };
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);

  muster_bus_subscribe (fixture->bus, MUSTER_TOPIC_LIVE, owner, listener_cb, &a);
  publish (fixture, MUSTER_TOPIC_LIVE, "1");
  g_assert_finalize_object (owner);
  publish (fixture, MUSTER_TOPIC_LIVE, "2");
  g_assert_cmpstr (fixture->heard->str, ==, "a1 ");
  g_assert_false (muster_bus_has_subscribers (fixture->bus, MUSTER_TOPIC_LIVE));
}

static void
test_owner_outlives_bus (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  Fixture  fixture = { 0 };
  Listener a = { &fixture, 'a' };

  fixture.bus = muster_bus_new ();
  muster_bus_subscribe (fixture.bus, MUSTER_TOPIC_LIVE, owner, listener_cb, &a);
  g_assert_finalize_object (fixture.bus);
}

static void
unsubscribe_cb (MusterEvent *event, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_c (fixture->heard, '!');
  muster_bus_unsubscribe (fixture->bus, fixture->id);
}

static void
test_unsubscribe_while_delivering (Fixture *fixture, gconstpointer data)
{
  Listener a = { fixture, 'a' };

  fixture->id = muster_bus_subscribe (fixture->bus, NULL, NULL, unsubscribe_cb, fixture);
  muster_bus_subscribe (fixture->bus, NULL, NULL, listener_cb, &a);
  publish (fixture, MUSTER_TOPIC_LIVE, "1");
  publish (fixture, MUSTER_TOPIC_LIVE, "2");
  g_assert_cmpstr (fixture->heard->str, ==, "!a1 a2 ");
}

static void
subscribe_cb (MusterEvent *event, gpointer user_data)
{
  Listener *listener = user_data;

  muster_bus_subscribe (listener->fixture->bus, NULL, NULL, listener_cb, listener);
}

static void
test_subscribe_while_delivering (Fixture *fixture, gconstpointer data)
{
  Listener a = { fixture, 'a' };

  fixture->id = muster_bus_subscribe (fixture->bus, NULL, NULL, subscribe_cb, &a);
  publish (fixture, MUSTER_TOPIC_LIVE, "1");
  muster_bus_unsubscribe (fixture->bus, fixture->id);
  publish (fixture, MUSTER_TOPIC_LIVE, "2");
  g_assert_cmpstr (fixture->heard->str, ==, "a2 ");
}

static void
nested_cb (MusterEvent *event, gpointer user_data)
{
  if (g_str_equal (muster_event_get_topic (event), MUSTER_TOPIC_LIVE))
    publish (user_data, MUSTER_TOPIC_JOBS, "nested");
}

static void
test_publish_while_delivering (Fixture *fixture, gconstpointer data)
{
  Listener a = { fixture, 'a' };

  muster_bus_subscribe (fixture->bus, NULL, NULL, nested_cb, fixture);
  muster_bus_subscribe (fixture->bus, NULL, NULL, listener_cb, &a);
  publish (fixture, MUSTER_TOPIC_LIVE, "outer");
  g_assert_cmpstr (fixture->heard->str, ==, "anested aouter ");
}

static gboolean
encode_subject (MusterEvent *event, GHashTable *details, GString *json)
{
  unsigned *calls = g_object_get_data (muster_event_get_payload (event), "calls");

  (*calls)++;
  if (details != NULL && !g_hash_table_contains (details, "wanted"))
    return FALSE;
  g_string_append_printf (json, "{\"subject\":\"%s\"}", muster_event_get_subject (event));
  return TRUE;
}

static void
test_event (void)
{
  g_autoptr (GObject) payload = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GHashTable) details = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (MusterEvent) event =
              muster_event_new (MUSTER_TOPIC_LIVE, "s", "k", 7, payload, encode_subject);
  g_autoptr (MusterEvent) plain = muster_event_new (MUSTER_TOPIC_JOBS, NULL, NULL, 0, NULL, NULL);
  unsigned calls = 0;

  g_object_set_data (payload, "calls", &calls);
  g_assert_cmpstr (muster_event_get_topic (event), ==, MUSTER_TOPIC_LIVE);
  g_assert_cmpstr (muster_event_get_coalesce_key (event), ==, "k");
  g_assert_cmpint (muster_event_get_sequence (event), ==, 7);
  g_assert_true (muster_event_get_payload (event) == payload);
  for (unsigned i = 0; i < 2; i++)
    g_assert_cmpmem (g_bytes_get_data (muster_event_get_json (event), NULL),
                     g_bytes_get_size (muster_event_get_json (event)), "{\"subject\":\"s\"}", 15);
  g_assert_cmpuint (calls, ==, 1);

  g_assert_false (muster_event_encode (event, details, json));
  g_assert_cmpstr (json->str, ==, "");
  g_hash_table_add (details, (gpointer) "wanted");
  g_assert_true (muster_event_encode (event, details, json));
  g_assert_cmpstr (json->str, ==, "{\"subject\":\"s\"}");
  g_assert_cmpmem (g_bytes_get_data (muster_event_get_json (plain), NULL),
                   g_bytes_get_size (muster_event_get_json (plain)), "{}", 2);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/bus/topics-and-order", test_topics_and_order);
  ADD ("/bus/has-subscribers", test_has_subscribers);
  ADD ("/bus/owner-ends-subscription", test_owner_ends_subscription);
  g_test_add_func ("/bus/owner-outlives-bus", test_owner_outlives_bus);
  ADD ("/bus/unsubscribe-while-delivering", test_unsubscribe_while_delivering);
  ADD ("/bus/subscribe-while-delivering", test_subscribe_while_delivering);
  ADD ("/bus/publish-while-delivering", test_publish_while_delivering);
  g_test_add_func ("/bus/event", test_event);
  return g_test_run ();
}
