/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-fiber-test"

#include "config.h"

#include "muster-fiber.h"

/* Microseconds in which a thread that is done has told so. */
#define SETTLED 50000

typedef struct
{
  GThread *thread;
  int      may_end; /* what is done before it is waited for is known at once */
  int      done;
  gboolean fails;
} Work;

static DexFuture *
work_fiber (gpointer data)
{
  Work *work = data;

  work->thread = g_thread_self ();
  while (!g_atomic_int_get (&work->may_end))
    g_usleep (1000);
  g_atomic_int_set (&work->done, 1);
  return work->fails ? dex_future_new_for_error (g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "no"))
                     : dex_future_new_for_int (7);
}

static DexFuture *
count_cb (DexFuture *future, gpointer calls)
{
  ++*(int *)calls;
  return NULL;
}

/* The work is done by another thread while this one does not turn its loop. */
static void
wait_without_loop (Work *work)
{
  g_atomic_int_set (&work->may_end, 1);
  while (!g_atomic_int_get (&work->done))
    g_usleep (1000);
  g_usleep (SETTLED);
}

static void
turn_until (DexFuture *future)
{
  while (dex_future_get_status (future) == DEX_FUTURE_STATUS_PENDING)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_result (void)
{
  Work work = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DexFuture) future = muster_fiber_spawn_in_pool (work_fiber, &work, NULL);

  wait_without_loop (&work);
  g_assert_cmpint (dex_future_get_status (future), ==, DEX_FUTURE_STATUS_PENDING);
  turn_until (future);
  g_assert_cmpint (g_value_get_int (dex_future_get_value (future, &error)), ==, 7);
  g_assert_no_error (error);
  g_assert_true (work.thread != g_thread_self ());
}

static void
test_error (void)
{
  Work work = { .may_end = 1, .fails = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (DexFuture) future = muster_fiber_spawn_in_pool (work_fiber, &work, NULL);

  turn_until (future);
  g_assert_null (dex_future_get_value (future, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

/* A page that is closed after its answer has come, and before the loop has turned, hears nothing.
 */
static void
test_given_up (void)
{
  Work work = { 0 };
  int  calls = 0;
  g_autoptr (DexFuture) work_done = muster_fiber_spawn_in_pool (work_fiber, &work, NULL);
  DexFuture *waiting = dex_future_finally (dex_ref (work_done), count_cb, &calls, NULL);

  wait_without_loop (&work);
  dex_clear (&waiting);
  turn_until (work_done);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (calls, ==, 0);
}

/* The same for one that waits for a future that waits for the work, as pages do. */
static DexFuture *
work_cb (DexFuture *future, gpointer work)
{
  return muster_fiber_spawn_in_pool (work_fiber, work, NULL);
}

static void
test_given_up_behind (void)
{
  Work work = { 0 };
  int  calls = 0;
  g_autoptr (DexFuture) answer = dex_future_then (dex_future_new_true (), work_cb, &work, NULL);
  DexFuture *waiting = dex_future_finally (dex_ref (answer), count_cb, &calls, NULL);

  wait_without_loop (&work);
  dex_clear (&waiting);
  turn_until (answer);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (calls, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/fiber/pool/result", test_result);
  g_test_add_func ("/fiber/pool/error", test_error);
  g_test_add_func ("/fiber/pool/given-up", test_given_up);
  g_test_add_func ("/fiber/pool/given-up-behind", test_given_up_behind);
  return g_test_run ();
}
