/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "core/muster-journal-many.h"
#include "core/muster-repository.h"
#include "model/muster-device.h"
#include "muster-http-test-util.h"
#include "muster-live-message.h"
#include "muster-live-queue.h"

/* --- events --- */

static gboolean
encode_test (MusterEvent *event, GHashTable *details, GString *json)
{
  const char *text = g_object_get_data (muster_event_get_payload (event), "text");
  const char *detail = g_object_get_data (muster_event_get_payload (event), "detail");

  if (details != NULL && !g_hash_table_contains (details, detail))
    return FALSE;
  g_string_append_printf (json, "{\"%s\":\"%s\"}", detail, text);
  return TRUE;
}

static MusterEvent *
new_event (const char *topic,
           const char *subject,
           const char *key,
           gint64      sequence,
           const char *detail,
           const char *text)
{
  g_autoptr (GObject) payload = g_object_new (G_TYPE_OBJECT, NULL);

  g_object_set_data_full (payload, "detail", g_strdup (detail), g_free);
  g_object_set_data_full (payload, "text", g_strdup (text), g_free);
  return muster_event_new (topic, subject, key, sequence, payload, encode_test);
}

static void
publish (MusterBus  *bus,
         const char *topic,
         const char *subject,
         const char *key,
         const char *detail,
         const char *text)
{
  g_autoptr (MusterEvent) event = new_event (topic, subject, key, 0, detail, text);

  muster_bus_publish (bus, event);
}

/* --- what clients say --- */

typedef struct
{
  const char *text;
  int         code; /* of MUSTER_ERROR, or -1 */
  const char *pointer;
} MessageCase;

static const MessageCase message_cases[] = {
  { "{\"op\":\"ping\"}", -1 },
  { "{\"op\":\"subscribe\",\"id\":\"s1\",\"topic\":\"journal\",\"since\":0}", -1 },
  { "{\"op\":\"subscribe\",\"id\":\"s1\",\"topic\":\"telemetry\",\"subjects\":[\"a\"],\"details\":[\"t\"]}",
    -1 },
  { "{\"op\":\"subscribe\",\"id\":\"s1\",\"topic\":\"live\",\"subjects\":null,\"since\":null}",
    -1 },
  { "{\"op\":\"unsubscribe\",\"id\":\"s1\"}", -1 },
  { "", MUSTER_ERROR_MALFORMED },
  { "{", MUSTER_ERROR_MALFORMED },
  { "[]", MUSTER_ERROR_MALFORMED },
  { "{}", MUSTER_ERROR_INVALID, "/op" },
  { "{\"op\":7}", MUSTER_ERROR_INVALID, "/op" },
  { "{\"op\":\"dance\"}", MUSTER_ERROR_INVALID, "/op" },
  { "{\"op\":\"unsubscribe\"}", MUSTER_ERROR_INVALID, "/id" },
  { "{\"op\":\"unsubscribe\",\"id\":\"\"}", MUSTER_ERROR_INVALID, "/id" },
  { "{\"op\":\"subscribe\",\"id\":\"s\",\"topic\":\"gossip\"}", MUSTER_ERROR_INVALID, "/topic" },
  { "{\"op\":\"subscribe\",\"id\":\"s\",\"topic\":\"live\",\"since\":1}", MUSTER_ERROR_INVALID,
    "/since" },
  { "{\"op\":\"subscribe\",\"id\":\"s\",\"topic\":\"journal\",\"since\":-1}", MUSTER_ERROR_INVALID,
    "/since" },
  { "{\"op\":\"subscribe\",\"id\":\"s\",\"topic\":\"journal\",\"since\":1.5}", MUSTER_ERROR_INVALID,
    "/since" },
  { "{\"op\":\"subscribe\",\"id\":\"s\",\"topic\":\"live\",\"subjects\":[]}", MUSTER_ERROR_INVALID,
    "/subjects" },
  { "{\"op\":\"subscribe\",\"id\":\"s\",\"topic\":\"live\",\"subjects\":[1]}", MUSTER_ERROR_INVALID,
    "/subjects" },
  { "{\"op\":\"subscribe\",\"id\":\"s\",\"topic\":\"live\",\"details\":\"x\"}",
    MUSTER_ERROR_INVALID, "/details" },
  { "{\"op\":\"ping\",\"extra\":1}", MUSTER_ERROR_INVALID, "/extra" },
};

static void
test_messages (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (message_cases); i++)
    {
      const MessageCase *message_case = &message_cases[i];
      g_autoptr (GBytes) frame = g_bytes_new (message_case->text, strlen (message_case->text));
      g_autofree char *id = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterLiveMessage) message = muster_live_message_parse (frame, &id, &error);

      g_test_message ("%s", message_case->text);
      if (message_case->code < 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, MUSTER_ERROR, message_case->code);
      if (message_case->pointer != NULL)
        g_assert_cmpstr (((MusterFieldError *)muster_error_get_fields (error)->pdata[0])->pointer,
                         ==, message_case->pointer);
    }
}

static void
test_message_limits (void)
{
  g_autoptr (GString) json = g_string_new (
    "{\"op\":\"subscribe\",\"id\":\"s\",\"topic\":\"live\",\"subjects\":[\"0\"");
  g_autoptr (GBytes) frame = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterLiveMessage) message = NULL;

  for (unsigned i = 1; i <= MUSTER_LIVE_MAX_SUBJECTS; i++)
    g_string_append_printf (json, ",\"%u\"", i);
  g_string_append (json, "]}");
  frame = g_bytes_new (json->str, json->len);
  message = muster_live_message_parse (frame, &id, &error);
  g_assert_null (message);
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  g_assert_cmpstr (id, ==, "s");
}

/* Whatever bytes come, reading ends, and what it takes is within the limits. */
static void
test_message_mutations (void)
{
  for (unsigned i = 0; i < 20000; i++)
    {
      const char      *seed = message_cases[i % 5].text;
      gsize            length = strlen (seed);
      g_autofree char *text = g_strdup (seed);
      g_autoptr (GBytes) frame = NULL;
      g_autofree char *id = NULL;
      g_autoptr (MusterLiveMessage) message = NULL;

      for (unsigned n = g_test_rand_int_range (1, 5); n > 0; n--)
        text[g_test_rand_int_range (0, length)] = g_test_rand_bit ()
                                                    ? "{}[]\",:0\\"[g_test_rand_int_range (0, 9)]
                                                    : g_test_rand_int_range (0, 256);
      frame = g_bytes_new (text, length);
      message = muster_live_message_parse (frame, &id, NULL);
      if (message != NULL && message->op != MUSTER_LIVE_PING)
        g_assert_cmpuint (strlen (message->id), >, 0);
    }
}

/* --- the queue --- */

static void
push (MusterLiveQueue *queue,
      const char      *key,
      gint64           sequence,
      const char      *text,
      gboolean         expected,
      const char      *expected_displaced)
{
  g_autoptr (MusterEvent) event = new_event (sequence > 0 ? MUSTER_TOPIC_JOURNAL : MUSTER_TOPIC_LIVE,
                                            "s", key, sequence, "d", text);
  g_autofree char *displaced = NULL;

  g_assert_cmpint (muster_live_queue_push_event (queue, "s1", event, &displaced), ==, expected);
  g_assert_cmpstr (displaced, ==, expected_displaced);
}

static char *
pop_text (MusterLiveQueue *queue)
{
  g_autoptr (MusterLiveItem) item = muster_live_queue_pop (queue);

  if (item == NULL)
    return NULL;
  return g_strdup (item->text != NULL
                     ? item->text
                     : g_object_get_data (muster_event_get_payload (item->event), "text"));
}

static void
assert_pops (MusterLiveQueue *queue, const char *expected)
{
  g_autoptr (GString) all = g_string_new (NULL);
  char *text;

  while ((text = pop_text (queue)) != NULL)
    {
      g_string_append (all, text);
      g_free (text);
    }
  g_assert_cmpstr (all->str, ==, expected);
}

static void
test_queue (void)
{
  MusterLiveQueue *queue = muster_live_queue_new (3);

  push (queue, "k1", 0, "a", TRUE, NULL);
  push (queue, NULL, 0, "b", TRUE, NULL);
  push (queue, "k1", 0, "A", TRUE, NULL); /* in the place of a */
  push (queue, NULL, 7, "j", TRUE, NULL);
  push (queue, NULL, 0, "c", TRUE, "s1"); /* A goes */
  assert_pops (queue, "bjc");
  push (queue, "k1", 0, "x", TRUE, NULL);
  muster_live_queue_forget (queue, "s1");
  push (queue, "k1", 0, "y", TRUE, NULL);
  assert_pops (queue, "y");
  /* Full of what may not be left out: the live one goes, the journal's is refused, a text is taken.
   */
  for (unsigned i = 1; i <= 3; i++)
    push (queue, NULL, i, "j", TRUE, NULL);
  push (queue, NULL, 0, "z", TRUE, "s1");
  push (queue, NULL, 4, "k", FALSE, NULL);
  muster_live_queue_push_text (queue, g_strdup ("t"));
  assert_pops (queue, "jjjt");
  muster_live_queue_free (queue);
}

/* --- over a socket --- */

typedef struct
{
  MusterTestDir    *dir;
  char             *path;
  MusterBus        *bus;
  MusterDatabase   *database;
  MusterRepository *repository;
  MusterHttpServer *server;
} Fixture;

static void
fixture_init (Fixture *fixture, gboolean with_database)
{
  g_autoptr (MusterRouter) router = muster_router_new ();

  fixture->dir = muster_test_dir_new ();
  fixture->path = muster_test_dir_build (fixture->dir, "api.sock");
  fixture->bus = muster_bus_new ();
  if (with_database)
    {
      fixture->database = muster_test_database_new (fixture->dir, NULL, fixture->bus);
      fixture->repository = muster_repository_new (fixture->database);
    }
  fixture->server = muster_http_server_new (router, fixture->bus, fixture->database);
  muster_http_server_set_unix_path (fixture->server, fixture->path);
  muster_test_await (muster_service_start (MUSTER_SERVICE (fixture->server)));
}

static void
fixture_clear (Fixture *fixture)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (fixture->server)));
  g_assert_finalize_object (fixture->server);
  g_clear_object (&fixture->repository);
  if (fixture->database != NULL)
    muster_test_database_free (fixture->database);
  g_assert_finalize_object (fixture->bus);
  g_free (fixture->path);
  muster_test_dir_free (fixture->dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* A client that keeps what it hears. */
typedef struct
{
  SoupWebsocketConnection *connection;
  GPtrArray               *frames;
} Listener;

static void
heard_cb (Listener *listener, int type, GBytes *bytes)
{
  g_ptr_array_add (listener->frames,
                   g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
}

static GIOStream *
open_stream (const char *path)
{
  GIOStream *stream = muster_test_connect_unix (path);
  g_autoptr (MusterTestAnswer) answer =
      muster_test_ask (stream, "GET", "/ws/monitoring",
                       "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       "Sec-WebSocket-Extensions: permessage-deflate\r\n",
                       NULL);

  g_assert_cmpuint (answer->status, ==, 101);
  g_assert_null (muster_test_answer_get_header (answer, "sec-websocket-extensions"));
  return stream;
}

static Listener *
listener_new (const char *path)
{
  Listener *self = g_new0 (Listener, 1);
  g_autoptr (GIOStream) stream = open_stream (path);
  g_autoptr (GUri) uri = g_uri_parse ("ws://localhost/ws/monitoring", G_URI_FLAGS_NONE, NULL);

  self->frames = g_ptr_array_new_with_free_func (g_free);
  self->connection =
    soup_websocket_connection_new (stream, uri, SOUP_WEBSOCKET_CONNECTION_CLIENT, NULL, NULL, NULL);
  g_signal_connect_swapped (self->connection, "message", G_CALLBACK (heard_cb), self);
  return self;
}

static void
listener_free (Listener *self)
{
  g_signal_handlers_disconnect_by_data (self->connection, self);
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  muster_test_sleep (30);
  g_object_unref (self->connection);
  g_ptr_array_unref (self->frames);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listener, listener_free)

/* Waits until N frames were heard, and gives the last of them. */
static const char *
listener_await (Listener *self, guint n)
{
  for (unsigned i = 0; i < 400 && self->frames->len < n; i++)
    muster_test_sleep (5);
  g_assert_cmpuint (self->frames->len, >=, n);
  return self->frames->pdata[n - 1];
}

static void
listener_say (Listener *self, const char *text)
{
  soup_websocket_connection_send_text (self->connection, text);
}

static void
test_subscriptions (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (Listener) listener = NULL;

  fixture_init (&fixture, FALSE);
  listener = listener_new (fixture.path);
  listener_say (listener, "{\"op\":\"ping\"}");
  g_assert_cmpstr (listener_await (listener, 1), ==, "{\"op\":\"pong\"}");
  g_assert_false (muster_bus_has_subscribers (fixture.bus, MUSTER_TOPIC_LIVE));
  listener_say (listener,
                "{\"op\":\"subscribe\",\"id\":\"s1\",\"topic\":\"live\",\"subjects\":[\"d1\"]}");
  g_assert_cmpstr (listener_await (listener, 2), ==,
                   "{\"op\":\"subscribed\",\"id\":\"s1\",\"sequence\":0}");
  g_assert_true (muster_bus_has_subscribers (fixture.bus, MUSTER_TOPIC_LIVE));
  publish (fixture.bus, MUSTER_TOPIC_LIVE, "d2", NULL, "x", "no");
  publish (fixture.bus, MUSTER_TOPIC_EVENTS, "d1", NULL, "x", "no");
  publish (fixture.bus, MUSTER_TOPIC_LIVE, "d1", NULL, "x", "yes");
  g_assert_cmpstr (
    listener_await (listener, 3), ==,
    "{\"op\":\"event\",\"id\":\"s1\",\"topic\":\"live\",\"subject\":\"d1\",\"data\":{\"x\":\"yes\"}}");
  listener_say (listener,
                "{\"op\":\"subscribe\",\"id\":\"s2\",\"topic\":\"telemetry\",\"details\":[\"t\"]}");
  listener_await (listener, 4);
  publish (fixture.bus, MUSTER_TOPIC_TELEMETRY, "d1", NULL, "u", "no");
  publish (fixture.bus, MUSTER_TOPIC_TELEMETRY, "d1", NULL, "t", "1");
  g_assert_cmpstr (
    listener_await (listener, 5), ==,
    "{\"op\":\"event\",\"id\":\"s2\",\"topic\":\"telemetry\",\"subject\":\"d1\",\"data\":{\"t\":\"1\"}}");
  listener_say (listener, "{\"op\":\"unsubscribe\",\"id\":\"s1\"}");
  listener_say (listener, "{\"op\":\"ping\"}");
  listener_await (listener, 6);
  g_assert_false (muster_bus_has_subscribers (fixture.bus, MUSTER_TOPIC_LIVE));
  g_clear_pointer (&listener, listener_free);
  g_assert_false (muster_bus_has_subscribers (fixture.bus, MUSTER_TOPIC_TELEMETRY));
}

static void
test_refusals (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (Listener) listener = NULL;
  g_autoptr (GIOStream) plain = NULL;
  g_autoptr (MusterTestAnswer) answer = NULL;

  fixture_init (&fixture, FALSE);
  plain = muster_test_connect_unix (fixture.path);
  answer = muster_test_ask (plain, "GET", "/ws/monitoring", "", NULL);
  g_assert_cmpuint (answer->status, ==, 400);
  listener = listener_new (fixture.path);
  listener_say (listener, "nonsense");
  g_assert_nonnull (strstr (listener_await (listener, 1),
                            "\"op\":\"error\",\"problem\":{\"type\":\"/docs#problem-malformed\""));
  listener_say (listener, "{\"op\":\"subscribe\",\"id\":\"a\",\"topic\":\"journal\",\"since\":3}");
  g_assert_nonnull (
    strstr (listener_await (listener, 2),
            "\"op\":\"error\",\"id\":\"a\",\"problem\":{\"type\":\"/docs#problem-unavailable\""));
  for (unsigned i = 0; i < 65; i++)
    {
      g_autofree char *text =
        g_strdup_printf ("{\"op\":\"subscribe\",\"id\":\"s%u\",\"topic\":\"live\"}", i);

      listener_say (listener, text);
    }
  g_assert_nonnull (strstr (
    listener_await (listener, 67),
    "\"op\":\"error\",\"id\":\"s64\",\"problem\":{\"type\":\"/docs#problem-rate-limited\""));
}

static void
insert_devices (Fixture *fixture, unsigned first, unsigned n)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");

  for (unsigned i = first; i < first + n; i++)
    {
      g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
      g_autofree char *name = g_strdup_printf ("Device %u", i);

      muster_entity_set_string (device, "name", name);
      muster_test_await (muster_repository_insert (fixture->repository, actor, "Add", device));
    }
}

/* The sequences of all events heard, as "1 2 3 ". */
static char *
listener_list_sequences (Listener *self)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < self->frames->len; i++)
    {
      const char *at = strstr (self->frames->pdata[i], "\"op\":\"event\"")
                         ? strstr (self->frames->pdata[i], "\"sequence\":")
                         : NULL;

      if (at != NULL)
        g_string_append_printf (list, "%d ", atoi (at + strlen ("\"sequence\":")));
    }
  return g_string_free_and_steal (list);
}

/* Entries made before, during and after the replay come once each, in order. */
static void
test_resume (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (Listener) listener = NULL, other = NULL;
  g_autofree char *sequences = NULL, *none = NULL;

  fixture_init (&fixture, TRUE);
  insert_devices (&fixture, 0, 5);
  listener = listener_new (fixture.path);
  listener_say (listener, "{\"op\":\"subscribe\",\"id\":\"j\",\"topic\":\"journal\",\"since\":2}");
  insert_devices (&fixture, 5, 5);
  listener_await (listener, 1 + 8);
  insert_devices (&fixture, 10, 2);
  listener_await (listener, 1 + 10);
  muster_test_sleep (30);
  sequences = listener_list_sequences (listener);
  g_assert_cmpstr (sequences, ==, "3 4 5 6 7 8 9 10 11 12 ");
  other = listener_new (fixture.path);
  listener_say (
    other,
    "{\"op\":\"subscribe\",\"id\":\"j\",\"topic\":\"journal\",\"since\":0,\"details\":[\"metric\"]}");
  listener_say (other, "{\"op\":\"subscribe\",\"id\":\"k\",\"topic\":\"journal\",\"since\":99}");
  g_assert_nonnull (strstr (listener_await (other, 2), "/docs#problem-conflict"));
  insert_devices (&fixture, 12, 1);
  muster_test_sleep (30);
  none = listener_list_sequences (other);
  g_assert_cmpstr (none, ==, "");
}

static gboolean
insert_many_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  for (unsigned i = 0; i <= MUSTER_JOURNAL_TELLS_EACH; i++)
    {
      g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

      muster_entity_set_string (device, "name", "One of many");
      if (!muster_transaction_insert (transaction, device, error))
        return FALSE;
    }
  return TRUE;
}

/* How many events LISTENER has heard for its subscription ID. */
static unsigned
listener_count (Listener *self, const char *id)
{
  g_autofree char *begin = g_strdup_printf ("{\"op\":\"event\",\"id\":\"%s\"", id);
  unsigned         n = 0;

  for (guint i = 0; i < self->frames->len; i++)
    n += g_str_has_prefix (self->frames->pdata[i], begin);
  return n;
}

/* Many entries at once are one message to each whom they may concern, also to who asked for one
 * record, for which they were is not told; few after them are told one by one again. */
static void
test_many (void)
{
  static const char many[] =
    "{\"op\":\"event\",\"id\":\"d\",\"topic\":\"journal\",\"sequence\":101,"
    "\"data\":{\"many\":{\"first\":1,\"last\":101,\"changes\":{\"device\":101}}}}";
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (Listener) listener = NULL;
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");
  gboolean is_told = FALSE;

  fixture_init (&fixture, TRUE);
  listener = listener_new (fixture.path);
  listener_say (
    listener, "{\"op\":\"subscribe\",\"id\":\"d\",\"topic\":\"journal\",\"details\":[\"device\"]}");
  listener_say (listener,
                "{\"op\":\"subscribe\",\"id\":\"s\",\"topic\":\"journal\",\"subjects\":[\"x\"]}");
  listener_say (
    listener,
    "{\"op\":\"subscribe\",\"id\":\"p\",\"topic\":\"journal\",\"details\":[\"product\"]}");
  listener_say (listener, "{\"op\":\"subscribe\",\"id\":\"l\",\"topic\":\"live\"}");
  listener_await (listener, 4);
  muster_test_await (
    muster_database_write (fixture.database, actor, "Import", insert_many_job, NULL, NULL));
  listener_await (listener, 4 + 2);
  insert_devices (&fixture, 0, 1);
  listener_await (listener, 4 + 2 + 1);
  muster_test_sleep (30);
  g_assert_cmpuint (listener->frames->len, ==, 4 + 2 + 1);
  g_assert_cmpuint (listener_count (listener, "d"), ==, 2);
  g_assert_cmpuint (listener_count (listener, "s"), ==, 1);
  g_assert_cmpuint (listener_count (listener, "p"), ==, 0);
  for (guint i = 0; i < listener->frames->len; i++)
    is_told = is_told || g_str_equal (listener->frames->pdata[i], many);
  g_assert_true (is_told);
}

static char *
make_filler (void)
{
  return g_strnfill (4000, 'x');
}

/* One that does not read: what it is told stays bounded; by key the newest is kept, without one the
 * rest is counted. */
static void
test_slow_client (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (Listener) listener = NULL;
  g_autofree char *filler = make_filler ();
  guint64          dropped = 0;
  unsigned         n_live = 0;

  fixture_init (&fixture, FALSE);
  listener = listener_new (fixture.path);
  listener_say (listener, "{\"op\":\"subscribe\",\"id\":\"t\",\"topic\":\"telemetry\"}");
  listener_say (listener, "{\"op\":\"subscribe\",\"id\":\"l\",\"topic\":\"live\"}");
  listener_await (listener, 2);
  /* Without a turn of the main loop nothing is read. */
  for (unsigned i = 0; i < 3000; i++)
    publish (fixture.bus, MUSTER_TOPIC_TELEMETRY, "d", NULL, "t", filler);
  for (unsigned i = 0; i < 3000; i++)
    publish (fixture.bus, MUSTER_TOPIC_LIVE, "d", "live:d", "l", i == 2999 ? "newest" : "older");
  for (unsigned i = 0; i < 200; i++)
    {
      muster_test_sleep (5);
      if (strstr (listener->frames->pdata[listener->frames->len - 1], "lagged"))
        break;
    }
  for (guint i = 2; i < listener->frames->len; i++)
    {
      const char *frame = listener->frames->pdata[i];

      if (g_str_has_prefix (frame, "{\"op\":\"lagged\",\"id\":\"t\",\"dropped\":"))
        dropped +=
          g_ascii_strtoull (strstr (frame, "\"dropped\":") + strlen ("\"dropped\":"), NULL, 10);
      n_live += strstr (frame, "\"id\":\"l\"") != NULL;
    }
  g_assert_cmpuint (n_live, ==, 1);
  g_assert_cmpuint (listener->frames->len, <, 1100);
  /* Nothing vanishes without a word. */
  g_assert_cmpuint (listener->frames->len - 2 - n_live - 1 + dropped, ==, 3000);
}

/* A journal that cannot be told is broken off, and taken up again from where it was. */
static void
test_slow_journal (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (Listener) listener = NULL;
  g_autofree char *filler = make_filler ();
  unsigned         n_events = 0;
  gint64           resume = -1;

  fixture_init (&fixture, FALSE);
  listener = listener_new (fixture.path);
  listener_say (listener, "{\"op\":\"subscribe\",\"id\":\"j\",\"topic\":\"journal\"}");
  listener_await (listener, 1);
  for (gint64 i = 1; i <= 3000; i++)
    {
      g_autoptr (MusterEvent) event = new_event (MUSTER_TOPIC_JOURNAL, "d", NULL, i, "j", filler);

      muster_bus_publish (fixture.bus, event);
    }
  g_assert_false (muster_bus_has_subscribers (fixture.bus, MUSTER_TOPIC_JOURNAL));
  for (unsigned i = 0; i < 400 && resume < 0; i++)
    {
      const char *last = listener->frames->pdata[listener->frames->len - 1];

      muster_test_sleep (5);
      if (g_str_has_prefix (last, "{\"op\":\"lagged\",\"id\":\"j\",\"dropped\":1,\"sequence\":"))
        resume = atoi (strstr (last, "\"sequence\":") + strlen ("\"sequence\":"));
    }
  for (guint i = 1; i < listener->frames->len; i++)
    if (strstr (listener->frames->pdata[i], "\"op\":\"event\""))
      {
        g_autofree char *expected = g_strdup_printf ("\"sequence\":%u,", ++n_events);

        g_assert_nonnull (strstr (listener->frames->pdata[i], expected));
      }
  g_assert_cmpint (resume, ==, n_events);
  g_assert_cmpuint (n_events, >, 10);
  g_assert_cmpuint (n_events, <, 100);
}

static void
test_going_away (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (Listener) listener = NULL;

  fixture_init (&fixture, FALSE);
  listener = listener_new (fixture.path);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (fixture.server)));
  for (unsigned i = 0; i < 200 && soup_websocket_connection_get_state (listener->connection) !=
                                    SOUP_WEBSOCKET_STATE_CLOSED;
       i++)
    muster_test_sleep (5);
  g_assert_cmpuint (soup_websocket_connection_get_close_code (listener->connection), ==,
                    SOUP_WEBSOCKET_CLOSE_GOING_AWAY);
}

int
main (int argc, char *argv[])
{
  dex_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/messages", test_messages);
  g_test_add_func ("/live/messages/limits", test_message_limits);
  g_test_add_func ("/live/messages/mutations", test_message_mutations);
  g_test_add_func ("/live/queue", test_queue);
  muster_test_add_fiber ("/live/subscriptions", test_subscriptions);
  muster_test_add_fiber ("/live/refusals", test_refusals);
  muster_test_add_fiber ("/live/resume", test_resume);
  muster_test_add_fiber ("/live/many", test_many);
  muster_test_add_fiber ("/live/slow-client", test_slow_client);
  muster_test_add_fiber ("/live/slow-journal", test_slow_journal);
  muster_test_add_fiber ("/live/going-away", test_going_away);
  return g_test_run ();
}
