/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-core-test-util.h"
#include "muster-service.h"

/* A service that writes what happens to it into a common log. */
#define TEST_TYPE_SERVICE (test_service_get_type ())
G_DECLARE_FINAL_TYPE (TestService, test_service, TEST, SERVICE, MusterService)

struct _TestService
{
  MusterService parent_instance;
  GString      *log;
  char          letter;
  guint         fails_to_start : 1;
  guint         fails_to_stop : 1;
};

G_DEFINE_FINAL_TYPE (TestService, test_service, MUSTER_TYPE_SERVICE)

static DexFuture *
test_service_start_fiber (gpointer data)
{
  TestService *self = data;

  muster_test_sleep (2);
  if (self->fails_to_start)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "no socket");
  g_string_append_printf (self->log, "+%c", self->letter);
  return dex_future_new_true ();
}

static DexFuture *
test_service_start (MusterService *service)
{
  return dex_scheduler_spawn (NULL, 0, test_service_start_fiber, g_object_ref (service),
                              g_object_unref);
}

static DexFuture *
test_service_stop (MusterService *service)
{
  TestService *self = TEST_SERVICE (service);

  g_string_append_printf (self->log, "-%c", self->letter);
  if (self->fails_to_stop)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_FAILED, "stuck");
  return NULL;
}

static void
test_service_class_init (TestServiceClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  service_class->name = "test";
  service_class->start = test_service_start;
  service_class->stop = test_service_stop;
}

static void
test_service_init (TestService *self)
{
}

static TestService *
test_service_new (GString *log, char letter)
{
  TestService *self = g_object_new (TEST_TYPE_SERVICE, NULL);

  self->log = log;
  self->letter = letter;
  return self;
}

static void
test_life (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  TestService   *test = test_service_new (log, 'a');
  MusterService *service = MUSTER_SERVICE (test);

  g_assert_cmpstr (muster_service_get_name (service), ==, "test");
  g_assert_false (muster_service_is_running (service));
  muster_test_await (muster_service_stop (service));
  g_assert_cmpstr (log->str, ==, "");
  muster_test_await (muster_service_start (service));
  g_assert_true (muster_service_is_running (service));
  muster_test_await (muster_service_stop (service));
  g_assert_false (muster_service_is_running (service));
  muster_test_await (muster_service_stop (service));
  g_assert_cmpstr (log->str, ==, "+a-a");
  g_assert_finalize_object (test);
}

static void
test_starts_once (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (TestService) service = test_service_new (log, 'a');
  g_autoptr (GError) error = NULL;

  muster_test_await (muster_service_start (MUSTER_SERVICE (service)));
  error = muster_test_await_error (muster_service_start (MUSTER_SERVICE (service)),
                                   MUSTER_ERROR_CONFLICT);
  g_assert_cmpstr (error->message, ==, "test was started before");
  g_assert_cmpstr (log->str, ==, "+a");
}

static void
test_stop_failure_is_logged (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (TestService) service = test_service_new (log, 'a');

  service->fails_to_stop = TRUE;
  muster_test_await (muster_service_start (MUSTER_SERVICE (service)));
  g_test_expect_message ("muster-service", G_LOG_LEVEL_WARNING, "*stuck*");
  muster_test_await (muster_service_stop (MUSTER_SERVICE (service)));
  g_test_assert_expected_messages ();
}

static void
test_trouble (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (TestService) service = test_service_new (log, 'a');
  g_autoptr (MusterTestCounter) notified = muster_test_counter_new (service, "notify::trouble");

  muster_service_set_trouble (MUSTER_SERVICE (service), "no network");
  muster_service_set_trouble (MUSTER_SERVICE (service), "no network");
  g_assert_cmpuint (muster_test_counter_take (notified), ==, 1);
  g_assert_cmpstr (muster_service_get_trouble (MUSTER_SERVICE (service)), ==, "no network");
  muster_service_set_trouble (MUSTER_SERVICE (service), NULL);
  g_assert_cmpuint (muster_test_counter_take (notified), ==, 1);
  g_assert_null (muster_service_get_trouble (MUSTER_SERVICE (service)));
}

static GPtrArray *
make_services (GString *log)
{
  GPtrArray *services = g_ptr_array_new_with_free_func (g_object_unref);

  for (char letter = 'a'; letter <= 'c'; letter++)
    g_ptr_array_add (services, test_service_new (log, letter));
  return services;
}

static void
test_order (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GPtrArray) services = make_services (log);

  muster_test_await (muster_services_start (services));
  muster_test_await (muster_services_stop (services));
  g_assert_cmpstr (log->str, ==, "+a+b+c-c-b-a");
}

static void
test_failure_stops_the_started (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GPtrArray) services = make_services (log);
  g_autoptr (GError) error = NULL;

  TEST_SERVICE (services->pdata[2])->fails_to_start = TRUE;
  error = muster_test_await_error (muster_services_start (services), MUSTER_ERROR_UNAVAILABLE);
  g_assert_cmpstr (error->message, ==, "test: no socket");
  g_assert_cmpstr (log->str, ==, "+a+b-b-a");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/service/life", test_life);
  muster_test_add_fiber ("/service/starts-once", test_starts_once);
  muster_test_add_fiber ("/service/stop-failure", test_stop_failure_is_logged);
  muster_test_add_fiber ("/service/trouble", test_trouble);
  muster_test_add_fiber ("/service/order", test_order);
  muster_test_add_fiber ("/service/failure-stops-the-started", test_failure_stops_the_started);
  return g_test_run ();
}
