/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-core-test-util.h"
#include "muster-idempotency.h"

typedef struct
{
  MusterTestDir  *dir;
  MusterClock    *clock;
  MusterDatabase *database;
  MusterActor    *actor;
} Fixture;

static void
set_up (Fixture *fixture)
{
  fixture->dir = muster_test_dir_new ();
  fixture->clock = muster_manual_clock_new (G_GINT64_CONSTANT (1767225600000000));
  fixture->database = muster_test_database_new (fixture->dir, fixture->clock, NULL);
  fixture->actor = muster_actor_new (MUSTER_ACTOR_LOCAL, "alice", NULL, 0);
}

static void
tear_down (Fixture *fixture)
{
  muster_test_database_free (fixture->database);
  g_object_unref (fixture->clock);
  muster_actor_unref (fixture->actor);
  muster_test_dir_free (fixture->dir);
}

static void
keep (Fixture *fixture, const char *key, const char *hash, const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (MusterKeptAnswer) answer = muster_kept_answer_new (hash, 201, "ETag: \"1\"", bytes);

  muster_test_await (muster_idempotency_keep (fixture->database, fixture->actor, key, answer));
}

static void
check_kept (Fixture *fixture, const char *key, const char *hash, const char *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterKeptAnswer) answer =
              dex_await_boxed (muster_idempotency_find (fixture->database, "local:alice", key),
                               &error);

  g_assert_no_error (error);
  g_assert_cmpstr (answer->request_hash, ==, hash);
  g_assert_cmpuint (answer->status, ==, 201);
  g_assert_cmpstr (answer->headers, ==, "ETag: \"1\"");
  g_assert_cmpmem (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body), body,
                   strlen (body));
}

static void
check_not_kept (Fixture *fixture, const char *actor, const char *key)
{
  g_autoptr (GError) error =
              muster_test_await_error (muster_idempotency_find (fixture->database, actor, key),
                                       MUSTER_ERROR_NOT_FOUND);

  g_assert_nonnull (error);
}

static void
test_kept (void)
{
  Fixture fixture;

  set_up (&fixture);
  check_not_kept (&fixture, "local:alice", "k1");
  keep (&fixture, "k1", "h1", "{\"id\":1}");
  keep (&fixture, "k2", "h2", "");
  check_kept (&fixture, "k1", "h1", "{\"id\":1}");
  check_kept (&fixture, "k2", "h2", "");
  /* Keys are everybody's own. */
  check_not_kept (&fixture, "local:bob", "k1");
  tear_down (&fixture);
}

static void
test_first_stays (void)
{
  Fixture fixture;

  set_up (&fixture);
  keep (&fixture, "k1", "h1", "first");
  keep (&fixture, "k1", "h2", "second");
  check_kept (&fixture, "k1", "h1", "first");
  tear_down (&fixture);
}

static void
test_forgotten_after_a_day (void)
{
  Fixture fixture;

  set_up (&fixture);
  keep (&fixture, "k1", "h1", "first");
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (fixture.clock),
                               G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC);
  check_kept (&fixture, "k1", "h1", "first");
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (fixture.clock), G_USEC_PER_SEC);
  check_not_kept (&fixture, "local:alice", "k1");
  keep (&fixture, "k1", "h2", "second");
  check_kept (&fixture, "k1", "h2", "second");
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/idempotency/kept", test_kept);
  muster_test_add_fiber ("/idempotency/first-stays", test_first_stays);
  muster_test_add_fiber ("/idempotency/forgotten", test_forgotten_after_a_day);
  return g_test_run ();
}
