/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-prober-test"

#include "config.h"

#include <gio/gio.h>

#include "core/muster-core-test-util.h"
#include "muster-prober.h"

#define START (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

/* Answers every HTTP request as it is told. */
#define TYPE_ANSWERER (answerer_get_type ())
G_DECLARE_FINAL_TYPE (Answerer, answerer, TEST, ANSWERER, MusterHttpFetch)

struct _Answerer
{
  MusterHttpFetch parent_instance;
  gboolean        is_dead;
  gboolean        is_slow;
  GPtrArray      *held; /* (element-type DexPromise): answers that a slow device owes */
  unsigned        n_asked;
};

G_DEFINE_FINAL_TYPE (Answerer, answerer, MUSTER_TYPE_HTTP_FETCH)

static DexFuture *
answerer_send (MusterHttpFetch *fetch,
               const char      *method,
               const char      *uri,
               GBytes          *body,
               const char      *content_type,
               gsize            max_size,
               unsigned         timeout_ms)
{
  Answerer *self = TEST_ANSWERER (fetch);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);

  self->n_asked++;
  g_assert_cmpstr (method, ==, "HEAD");
  if (self->is_slow)
    {
      DexPromise *promise = dex_promise_new ();

      g_ptr_array_add (self->held, dex_ref (promise));
      return DEX_FUTURE (promise);
    }
  if (self->is_dead)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT, "no answer");
  return dex_future_new_take_boxed (MUSTER_TYPE_HTTP_REPLY,
                                    muster_http_reply_new (404, empty, NULL, -1, 1000));
}

static void
answerer_release (Answerer *self)
{
  for (guint i = 0; i < self->held->len; i++)
    dex_promise_resolve_boolean (self->held->pdata[i], TRUE);
  g_ptr_array_set_size (self->held, 0);
}

static void
answerer_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_ANSWERER (object)->held);
  G_OBJECT_CLASS (answerer_parent_class)->finalize (object);
}

static void
answerer_class_init (AnswererClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = answerer_finalize;
  MUSTER_HTTP_FETCH_CLASS (klass)->send = answerer_send;
}

static void
answerer_init (Answerer *self)
{
  self->held = g_ptr_array_new_with_free_func (dex_unref);
}

typedef struct
{
  Answerer          *fetch;
  MusterClock       *clock;
  MusterProber      *prober;
  MusterTestCounter *alive;
} Fixture;

static void
fixture_init (Fixture *self)
{
  self->fetch = g_object_new (TYPE_ANSWERER, NULL);
  self->clock = muster_manual_clock_new (START);
  self->prober = muster_prober_new (MUSTER_HTTP_FETCH (self->fetch), self->clock);
  self->alive = muster_test_counter_new (self->prober, "alive");
}

static void
fixture_clear (Fixture *self)
{
  muster_test_counter_free (self->alive);
  g_object_unref (self->prober);
  g_object_unref (self->clock);
  g_object_unref (self->fetch);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* SECONDS later, with every question answered. */
static void
pass (Fixture *self, unsigned seconds)
{
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (self->clock), seconds * G_TIME_SPAN_SECOND);
  muster_prober_tick (self->prober);
  muster_test_sleep (5);
}

static void
test_rhythm (void)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture);
  muster_prober_set (fixture.prober, "a", MUSTER_PROBE_HTTP, "192.0.2.7", 80, FALSE);
  pass (&fixture, 0);
  g_assert_cmpuint (muster_test_counter_take (fixture.alive), ==, 1);
  pass (&fixture, 29);
  g_assert_cmpuint (fixture.fetch->n_asked, ==, 1);
  pass (&fixture, 1);
  g_assert_cmpuint (fixture.fetch->n_asked, ==, 2);
  /* The same again changes nothing; another address is asked at once. */
  muster_prober_set (fixture.prober, "a", MUSTER_PROBE_HTTP, "192.0.2.7", 80, FALSE);
  pass (&fixture, 1);
  g_assert_cmpuint (fixture.fetch->n_asked, ==, 2);
  muster_prober_set (fixture.prober, "a", MUSTER_PROBE_HTTP, "192.0.2.8", 80, FALSE);
  pass (&fixture, 0);
  g_assert_cmpuint (fixture.fetch->n_asked, ==, 3);
}

static void
test_seldom (void)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture);
  muster_prober_set (fixture.prober, "a", MUSTER_PROBE_HTTP, "192.0.2.7", 80, TRUE);
  pass (&fixture, 0);
  pass (&fixture, 149);
  g_assert_cmpuint (fixture.fetch->n_asked, ==, 1);
  pass (&fixture, 1);
  g_assert_cmpuint (fixture.fetch->n_asked, ==, 2);
}

static void
test_back_off (void)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture);
  fixture.fetch->is_dead = TRUE;
  muster_prober_set (fixture.prober, "a", MUSTER_PROBE_HTTP, "192.0.2.7", 80, FALSE);
  for (unsigned second = 0; second < 3600; second += 10)
    pass (&fixture, 10);
  /* 0, 1, 3, 7, 15 minutes, then every 10. */
  g_assert_cmpuint (fixture.fetch->n_asked, <=, 11);
  g_assert_cmpuint (fixture.fetch->n_asked, >=, 8);
  g_assert_cmpuint (muster_test_counter_take (fixture.alive), ==, 0);
  fixture.fetch->is_dead = FALSE;
  pass (&fixture, 600);
  g_assert_cmpuint (muster_test_counter_take (fixture.alive), ==, 1);
  pass (&fixture, 30);
  g_assert_cmpuint (muster_test_counter_take (fixture.alive), ==, 1);
}

static void
test_concurrency (void)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture);
  fixture.fetch->is_slow = TRUE;
  for (unsigned i = 0; i < 100; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);

      muster_prober_set (fixture.prober, key, MUSTER_PROBE_HTTP, "192.0.2.7", 80, FALSE);
    }
  pass (&fixture, 0);
  pass (&fixture, 60);
  g_assert_cmpuint (fixture.fetch->n_asked, ==, 16);
  g_assert_cmpuint (muster_prober_get_count (fixture.prober), ==, 100);
  /* Those that waited come as soon as others are done. */
  answerer_release (fixture.fetch);
  pass (&fixture, 1);
  g_assert_cmpuint (fixture.fetch->n_asked, ==, 32);
  answerer_release (fixture.fetch);
}

static void
test_removed (void)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture);
  fixture.fetch->is_slow = TRUE;
  muster_prober_set (fixture.prober, "a", MUSTER_PROBE_HTTP, "192.0.2.7", 80, FALSE);
  muster_prober_tick (fixture.prober);
  muster_prober_remove (fixture.prober, "a");
  answerer_release (fixture.fetch);
  muster_test_sleep (5);
  g_assert_cmpuint (muster_test_counter_take (fixture.alive), ==, 0);
  pass (&fixture, 60);
  g_assert_cmpuint (fixture.fetch->n_asked, ==, 1);
}

static void
alive_cb (MusterProber *prober, const char *key, gboolean by_http, const char *detail, char **said)
{
  g_free (*said);
  *said = g_strdup_printf ("%s %d %s", key, by_http, detail);
}

static void
test_tcp (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree char *said = NULL;
  g_autofree char *expected = NULL;
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  fixture_init (&fixture);
  g_signal_connect (fixture.prober, "alive", G_CALLBACK (alive_cb), &said);
  muster_prober_set (fixture.prober, "a", MUSTER_PROBE_TCP, "127.0.0.1", port, FALSE);
  pass (&fixture, 0);
  for (unsigned i = 0; i < 200 && said == NULL; i++)
    muster_test_sleep (10);
  expected = g_strdup_printf ("a 0 127.0.0.1:%u in 0 ms", port);
  g_assert_cmpstr (said, ==, expected);
  muster_test_counter_take (fixture.alive);
  g_socket_listener_close (listener);
  pass (&fixture, 30);
  muster_test_sleep (50);
  g_assert_cmpuint (muster_test_counter_take (fixture.alive), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  muster_test_add_fiber ("/prober/rhythm", test_rhythm);
  muster_test_add_fiber ("/prober/seldom", test_seldom);
  muster_test_add_fiber ("/prober/back-off", test_back_off);
  muster_test_add_fiber ("/prober/concurrency", test_concurrency);
  muster_test_add_fiber ("/prober/removed", test_removed);
  muster_test_add_fiber ("/prober/tcp", test_tcp);
  return g_test_run ();
}
