/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-core-test-util.h"
#include "muster-promise.h"

#define N_ROUNDS 200

static gpointer
resolve_thread (gpointer data)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT64);
  g_value_set_int64 (&value, 7);
  muster_promise_resolve_on_main (data, &value);
  return NULL;
}

static gpointer
resolve_plain_thread (gpointer data)
{
  muster_promise_resolve_on_main (data, NULL);
  return NULL;
}

static gpointer
reject_thread (gpointer data)
{
  muster_promise_reject_on_main (data, g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT,
                                                            "too late"));
  return NULL;
}

static void
test_values (void)
{
  g_autoptr (DexPromise) seven = dex_promise_new ();
  g_autoptr (DexPromise) plain = dex_promise_new ();
  g_autoptr (DexPromise) failing = dex_promise_new ();
  g_autoptr (GError) error = NULL;

  g_thread_join (g_thread_new ("worker", resolve_thread, seven));
  g_assert_cmpint (dex_await_int64 (dex_ref (DEX_FUTURE (seven)), &error), ==, 7);
  g_assert_no_error (error);
  g_thread_join (g_thread_new ("worker", resolve_plain_thread, plain));
  g_assert_true (dex_await_boolean (dex_ref (DEX_FUTURE (plain)), &error));
  g_assert_no_error (error);
  g_thread_join (g_thread_new ("worker", reject_thread, failing));
  error = muster_test_await_error (dex_ref (DEX_FUTURE (failing)), MUSTER_ERROR_TIMED_OUT);
  g_assert_cmpstr (error->message, ==, "too late");
}

static DexFuture *
pass_cb (DexFuture *future, gpointer data)
{
  return dex_ref (future);
}

static void
note_thread_cb (gpointer data)
{
  *(GThread **)data = g_thread_self ();
}

/* What a chained future holds is dropped on the main thread, also when it passes a failure on. */
static void
test_chained_ends_on_main (void)
{
  for (int i = 0; i < N_ROUNDS; i++)
    {
      DexPromise *promise = dex_promise_new ();
      GThread    *where = NULL;
      DexFuture  *chained =
        dex_future_then (dex_ref (DEX_FUTURE (promise)), pass_cb, &where, note_thread_cb);
      GThread *worker = g_thread_new ("worker", i % 2 ? reject_thread : resolve_thread, promise);

      dex_await (chained, NULL);
      g_thread_join (worker);
      dex_unref (promise);
      for (int j = 0; j < 100 && where == NULL; j++)
        muster_test_sleep (1);
      g_assert_true (where == g_thread_self ());
    }
}

static void
test_disowned (void)
{
  DexFuture *failing = dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_FAILED, "no space");

  g_test_expect_message ("muster-other", G_LOG_LEVEL_WARNING, "keeping it: no space");
  muster_disown_logged_as ("muster-other", G_LOG_LEVEL_WARNING, failing, "keeping it");
  muster_disown_logged_as ("muster-other", G_LOG_LEVEL_WARNING, dex_future_new_true (),
                           "keeping it");
  muster_test_sleep (5);
  g_test_assert_expected_messages ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/promise/values", test_values);
  muster_test_add_fiber ("/promise/chained", test_chained_ends_on_main);
  muster_test_add_fiber ("/promise/disowned", test_disowned);
  return g_test_run ();
}
