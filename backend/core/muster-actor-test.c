/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-actor.h"

static void
test_text (void)
{
  static const struct
  {
    MusterActorKind kind;
    const char     *text;
  } cases[] = {
    { MUSTER_ACTOR_SYSTEM, "system:alice" }, { MUSTER_ACTOR_LOCAL, "local:alice" },
    { MUSTER_ACTOR_TOKEN, "token" },         { MUSTER_ACTOR_PERSON, "person:alice" },
    { MUSTER_ACTOR_DEVICE, "device:alice" }, { MUSTER_ACTOR_KEY, "key:alice" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterActor) actor = muster_actor_new (cases[i].kind, "alice", "Alice", 2);

      g_assert_cmpstr (muster_actor_to_string (actor), ==, cases[i].text);
      g_assert_cmpint (muster_actor_get_kind (actor), ==, cases[i].kind);
      g_assert_cmpstr (muster_actor_get_id (actor), ==, "alice");
      g_assert_cmpstr (muster_actor_get_name (actor), ==, "Alice");
      g_assert_cmpint (muster_actor_get_role (actor), ==, 2);
    }
}

static void
test_defaults (void)
{
  g_autoptr (MusterActor) nameless = muster_actor_new (MUSTER_ACTOR_LOCAL, "bob", NULL, 1);
  g_autoptr (MusterActor) token = muster_actor_new (MUSTER_ACTOR_TOKEN, NULL, NULL, 0);
  g_autoptr (MusterActor) system = muster_actor_new_system ("discovery");

  g_assert_cmpstr (muster_actor_get_name (nameless), ==, "bob");
  g_assert_cmpstr (muster_actor_get_id (token), ==, "");
  g_assert_cmpstr (muster_actor_to_string (token), ==, "token");
  g_assert_cmpstr (muster_actor_to_string (system), ==, "system:discovery");
  g_assert_cmpint (muster_actor_get_role (system), ==, 0);
}

static void
test_person (void)
{
  g_autoptr (MusterActor) person = muster_actor_new (MUSTER_ACTOR_PERSON, "p1", "Ann", 4);
  g_autoptr (MusterActor) key = muster_actor_new_key ("k1", "Script", 3, "p1");
  g_autoptr (MusterActor) orphan = muster_actor_new_key ("k2", "Script", 3, NULL);
  g_autoptr (MusterActor) local = muster_actor_new (MUSTER_ACTOR_LOCAL, "ann", NULL, 0);

  g_assert_cmpstr (muster_actor_get_person_id (person), ==, "p1");
  g_assert_cmpstr (muster_actor_get_person_id (key), ==, "p1");
  g_assert_cmpstr (muster_actor_to_string (key), ==, "key:k1");
  g_assert_null (muster_actor_get_person_id (orphan));
  g_assert_null (muster_actor_get_person_id (local));
}

static gpointer
use_thread (gpointer data)
{
  for (unsigned i = 0; i < 10000; i++)
    muster_actor_unref (muster_actor_ref (data));
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("daemon");
  GThread *threads[2];

  for (size_t i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("user", use_thread, actor);
  for (size_t i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpstr (muster_actor_to_string (actor), ==, "system:daemon");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/actor/text", test_text);
  g_test_add_func ("/actor/defaults", test_defaults);
  g_test_add_func ("/actor/person", test_person);
  g_test_add_func ("/actor/threads", test_threads);
  return g_test_run ();
}
