/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-stream-test"

#include "config.h"

#include "core/muster-core-test-util.h"
#include "muster-api-stream.h"
#include "muster-api-test-util.h"

typedef struct
{
  MusterApiSubscription *subscription; /* (owned) */
  GString               *heard;        /* "event journal x 7; ready 1; …" */
  unsigned               n_heard;
} Listener;

static void
event_cb (MusterApiSubscription *subscription,
          const char            *topic,
          const char            *subject,
          JsonObject            *data,
          Listener              *self)
{
  g_string_append_printf (self->heard, "event %s %s %" G_GINT64_FORMAT "; ", topic, subject,
                          json_object_get_int_member (data, "n"));
  self->n_heard++;
}

static void
ready_cb (MusterApiSubscription *subscription, gboolean resumed, Listener *self)
{
  g_string_append_printf (self->heard, "ready %d; ", resumed);
  self->n_heard++;
}

static void
lagged_cb (MusterApiSubscription *subscription, gint64 dropped, Listener *self)
{
  g_string_append_printf (self->heard, "lagged %" G_GINT64_FORMAT "; ", dropped);
  self->n_heard++;
}

static void
failed_cb (MusterApiSubscription *subscription, GError *error, Listener *self)
{
  g_string_append_printf (self->heard, "failed %d %s; ", error->code, error->message);
  self->n_heard++;
}

static Listener *
listener_new (MusterTestApi     *api,
              const char        *topic,
              const char *const *subjects,
              const char *const *details,
              gint64             since)
{
  Listener *self = g_new0 (Listener, 1);

  self->heard = g_string_new (NULL);
  self->subscription = muster_api_stream_subscribe (muster_api_client_get_stream (api->client),
                                                    topic, subjects, details, since);
  g_signal_connect (self->subscription, "event", G_CALLBACK (event_cb), self);
  g_signal_connect (self->subscription, "ready", G_CALLBACK (ready_cb), self);
  g_signal_connect (self->subscription, "lagged", G_CALLBACK (lagged_cb), self);
  g_signal_connect (self->subscription, "failed", G_CALLBACK (failed_cb), self);
  return self;
}

static void
listener_free (Listener *self)
{
  g_assert_finalize_object (self->subscription);
  g_string_free (self->heard, TRUE);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listener, listener_free)

static void
test_events (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (Listener) listener = listener_new (api, "telemetry", (const char *[]){ "d1", NULL },
                                               (const char *[]){ "a\"b", NULL }, -1);

  g_assert_cmpstr (
    muster_test_api_await_frame (api, 1), ==,
    "{\"op\":\"subscribe\",\"id\":\"s1\",\"topic\":\"telemetry\",\"subjects\":[\"d1\"],\"details\":[\"a\\\"b\"]}");
  muster_test_api_say (api, "{\"op\":\"subscribed\",\"id\":\"s1\",\"sequence\":3}");
  muster_test_api_say (
    api,
    "{\"op\":\"event\",\"id\":\"s1\",\"topic\":\"telemetry\",\"subject\":\"d1\",\"data\":{\"n\":5}}");
  muster_test_api_say (
    api,
    "{\"op\":\"event\",\"id\":\"s9\",\"topic\":\"telemetry\",\"subject\":\"d1\",\"data\":{\"n\":6}}");
  muster_test_api_say (api, "{\"op\":\"something-new\",\"id\":\"s1\"}");
  muster_test_api_say (api, "{\"op\":\"lagged\",\"id\":\"s1\",\"dropped\":17}");
  muster_test_await_count (&listener->n_heard, 3);
  g_assert_cmpstr (listener->heard->str, ==, "ready 1; event telemetry d1 5; lagged 17; ");
  g_assert_cmpint (muster_api_subscription_is_ready (listener->subscription), ==, TRUE);
  g_assert_cmpint (muster_api_client_get_connection (api->client), ==,
                   MUSTER_API_CONNECTION_CONNECTED);
}

static void
test_unsubscribe (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (Listener) kept = listener_new (api, "live", NULL, NULL, -1);
  Listener *gone = listener_new (api, "events", NULL, NULL, -1);

  muster_test_api_await_frame (api, 2);
  listener_free (gone);
  g_assert_cmpstr (muster_test_api_await_frame (api, 3), ==,
                   "{\"op\":\"unsubscribe\",\"id\":\"s2\"}");
  muster_test_api_say (api,
                       "{\"op\":\"event\",\"id\":\"s2\",\"topic\":\"events\",\"data\":{\"n\":1}}");
  muster_test_api_say (api,
                       "{\"op\":\"event\",\"id\":\"s1\",\"topic\":\"live\",\"data\":{\"n\":2}}");
  muster_test_await_count (&kept->n_heard, 1);
  g_assert_cmpstr (kept->heard->str, ==, "event live (null) 2; ");
  muster_api_subscription_close (kept->subscription);
  g_assert_cmpstr (muster_test_api_await_frame (api, 4), ==,
                   "{\"op\":\"unsubscribe\",\"id\":\"s1\"}");
}

static void
test_refused (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (Listener) listener = listener_new (api, "nonsense", NULL, NULL, -1);

  muster_test_api_await_frame (api, 1);
  muster_test_api_say (
    api,
    "{\"op\":\"error\",\"id\":\"s1\",\"problem\":{\"status\":404,\"detail\":\"no such topic\"}}");
  muster_test_await_count (&listener->n_heard, 1);
  g_assert_cmpstr (listener->heard->str, ==, "failed 5 no such topic; ");
}

static void
test_resume (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (Listener) journal = listener_new (api, "journal", NULL, NULL, -1);
  g_autoptr (Listener) live = listener_new (api, "live", NULL, NULL, -1);

  muster_test_api_await_frame (api, 2);
  muster_test_api_say (api, "{\"op\":\"subscribed\",\"id\":\"s1\",\"sequence\":10}");
  muster_test_api_say (api, "{\"op\":\"subscribed\",\"id\":\"s2\"}");
  muster_test_api_say (
    api,
    "{\"op\":\"event\",\"id\":\"s1\",\"topic\":\"journal\",\"subject\":\"x\",\"sequence\":11,\"data\":{\"n\":1}}");
  muster_test_await_count (&journal->n_heard, 2);
  soup_websocket_connection_close (api->socket, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  g_assert_cmpstr (muster_test_api_await_frame (api, 3), ==,
                   "{\"op\":\"subscribe\",\"id\":\"s3\",\"topic\":\"journal\",\"since\":11}");
  muster_test_api_await_frame (api, 4);
  g_assert_cmpuint (api->n_sockets, ==, 2);
  muster_test_api_say (api, "{\"op\":\"subscribed\",\"id\":\"s4\"}");
  muster_test_api_say (api, "{\"op\":\"subscribed\",\"id\":\"s3\",\"sequence\":12}");
  muster_test_api_say (
    api,
    "{\"op\":\"event\",\"id\":\"s3\",\"topic\":\"journal\",\"subject\":\"x\",\"sequence\":11,\"data\":{\"n\":1}}");
  muster_test_api_say (
    api,
    "{\"op\":\"event\",\"id\":\"s3\",\"topic\":\"journal\",\"subject\":\"x\",\"sequence\":12,\"data\":{\"n\":2}}");
  muster_test_await_count (&journal->n_heard, 4);
  g_assert_cmpstr (journal->heard->str, ==,
                   "ready 1; event journal x 1; ready 1; event journal x 2; ");
  g_assert_cmpstr (live->heard->str, ==, "ready 1; ready 0; ");
  g_assert_cmpint (muster_api_subscription_get_sequence (journal->subscription), ==, 12);
}

/* What is told as many is to be read anew; it is told once, and what came before it is not told
 * after it. */
static void
test_many (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (Listener) journal = listener_new (api, "journal", NULL, NULL, -1);

  muster_test_api_await_frame (api, 1);
  muster_test_api_say (api, "{\"op\":\"subscribed\",\"id\":\"s1\",\"sequence\":10}");
  for (unsigned i = 0; i < 2; i++)
    muster_test_api_say (
      api,
      "{\"op\":\"event\",\"id\":\"s1\",\"topic\":\"journal\",\"sequence\":300,\"data\":{\"many\":{\"first\":11,\"last\":300,\"changes\":{\"device\":290}}}}");
  muster_test_api_say (
    api,
    "{\"op\":\"event\",\"id\":\"s1\",\"topic\":\"journal\",\"subject\":\"x\",\"sequence\":299,\"data\":{\"n\":1}}");
  muster_test_api_say (
    api,
    "{\"op\":\"event\",\"id\":\"s1\",\"topic\":\"journal\",\"subject\":\"x\",\"sequence\":301,\"data\":{\"n\":2}}");
  muster_test_await_count (&journal->n_heard, 3);
  g_assert_cmpstr (journal->heard->str, ==, "ready 1; ready 0; event journal x 2; ");
  g_assert_cmpint (muster_api_subscription_get_sequence (journal->subscription), ==, 301);
}

static void
test_journal_catches_up (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (Listener) journal = listener_new (api, "journal", NULL, NULL, 5);

  g_assert_cmpstr (muster_test_api_await_frame (api, 1), ==,
                   "{\"op\":\"subscribe\",\"id\":\"s1\",\"topic\":\"journal\",\"since\":5}");
  muster_test_api_say (
    api,
    "{\"op\":\"event\",\"id\":\"s1\",\"topic\":\"journal\",\"sequence\":6,\"data\":{\"n\":6}}");
  muster_test_api_say (api, "{\"op\":\"lagged\",\"id\":\"s1\",\"dropped\":2}");
  g_assert_cmpstr (muster_test_api_await_frame (api, 2), ==,
                   "{\"op\":\"unsubscribe\",\"id\":\"s1\"}");
  g_assert_cmpstr (muster_test_api_await_frame (api, 3), ==,
                   "{\"op\":\"subscribe\",\"id\":\"s2\",\"topic\":\"journal\",\"since\":6}");
}

static void
test_nonsense_reconnects (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  g_autoptr (Listener) listener = listener_new (api, "live", NULL, NULL, -1);

  muster_test_api_await_frame (api, 1);
  muster_test_api_say (api, "this is not JSON");
  muster_test_api_await_frame (api, 2);
  g_assert_cmpuint (api->n_sockets, ==, 2);
}

static void
test_slow_start (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "api.sock");
  g_autoptr (MusterApiClient) client = muster_api_client_new_for_socket (path);
  MusterApiStream *stream = muster_api_client_get_stream (client);
  g_autoptr (MusterTestCounter) changes = muster_test_counter_new (stream, "notify::connected");
  g_autoptr (MusterApiSubscription) subscription =
              muster_api_stream_subscribe (stream, "live", NULL, NULL, -1);

  muster_test_sleep (300);
  g_assert_cmpint (muster_api_stream_is_connected (stream), ==, FALSE);
  g_assert_cmpint (muster_api_client_get_connection (client), ==, MUSTER_API_CONNECTION_CONNECTING);
  {
    g_autoptr (MusterTestApi) api = muster_test_api_new (path);

    muster_api_stream_retry_now (stream);
    muster_test_api_await_frame (api, 1);
    g_assert_cmpint (muster_api_stream_is_connected (stream), ==, TRUE);
    g_assert_cmpint (muster_api_client_get_connection (client), ==,
                     MUSTER_API_CONNECTION_CONNECTED);
    g_assert_cmpuint (muster_test_counter_take (changes), ==, 1);
    soup_websocket_connection_close (api->socket, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
    muster_test_sleep (50);
  }
}

/* Whoever may not have the stream is connected all the same, and does not ask again and again; who
 * comes after them has it at once. */
static void
test_forbidden (void)
{
  g_autoptr (MusterTestApi) api = muster_test_api_new (NULL);
  MusterApiStream *stream = muster_api_client_get_stream (api->client);
  g_autoptr (MusterTestCounter) changes =
              muster_test_counter_new (api->client, "notify::connection");
  g_autoptr (MusterApiSubscription) subscription =
              muster_api_stream_subscribe (stream, "journal", NULL, NULL, -1);

  api->forbids_stream = TRUE;
  muster_test_await_count (&api->n_forbidden, 1);
  for (unsigned i = 0; i < 5; i++)
    {
      g_autoptr (MusterApiRequest) request = muster_api_request_new ("GET", "thing", NULL);

      muster_test_api_push_json (api, "{}");
      muster_test_await (muster_api_client_send (api->client, request));
      muster_test_sleep (50);
      g_assert_cmpint (muster_api_client_get_connection (api->client), ==,
                       MUSTER_API_CONNECTION_CONNECTED);
    }
  g_assert_cmpuint (api->n_forbidden, ==, 1);
  g_assert_cmpuint (muster_test_counter_take (changes), ==, 1);
  api->forbids_stream = FALSE;
  muster_api_stream_renew (stream);
  muster_test_api_await_frame (api, 1);
  /* In the middle of an attempt: that one is of somebody else. */
  api->forbids_stream = TRUE;
  muster_api_stream_renew (stream);
  muster_test_await_count (&api->n_forbidden, 2);
  api->forbids_stream = FALSE;
  muster_api_stream_renew (stream);
  muster_test_api_await_frame (api, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/api-stream/events", test_events);
  muster_test_add_fiber ("/api-stream/unsubscribe", test_unsubscribe);
  muster_test_add_fiber ("/api-stream/refused", test_refused);
  muster_test_add_fiber ("/api-stream/resume", test_resume);
  muster_test_add_fiber ("/api-stream/many", test_many);
  muster_test_add_fiber ("/api-stream/journal-catches-up", test_journal_catches_up);
  muster_test_add_fiber ("/api-stream/nonsense-reconnects", test_nonsense_reconnects);
  muster_test_add_fiber ("/api-stream/forbidden", test_forbidden);
  muster_test_add_fiber ("/api-stream/slow-start", test_slow_start);
  return g_test_run ();
}
