/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-storm-test"

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "core/muster-core-test-util.h"
#include "muster-api-client.h"
#include "muster-soup.h"

/* A window asks for much of what it does not wait for: somebody types on, or goes to another page.
 * Whatever is given up at whatever moment, what is asked for next is answered. */
#define ROUNDS 1500
#define SLOTS 24
#define N_PATHS 12

typedef struct
{
  GThread      *thread;
  GMainContext *context;
  GMainLoop    *loop;
  SoupServer   *server;
  char         *folder; /* (owned) */
  char         *path;   /* (owned) */
  GString      *body;
} Daemon;

static gboolean
unpause_cb (gpointer message)
{
  soup_server_message_unpause (message);
  return G_SOURCE_REMOVE;
}

/* Some answers are short and come at once, some are long, some come late. */
static void
handler_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Daemon  *self = user_data;
  guint    number = (guint)g_ascii_strtoull (path + 1, NULL, 10);
  gsize    length = number % 3 == 0 ? self->body->len : 10;
  GSource *source;

  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, self->body->str,
                                    length);
  if (number % 4 != 1)
    return;
  soup_server_message_pause (message);
  source = g_timeout_source_new (number);
  g_source_set_callback (source, unpause_cb, g_object_ref (message), g_object_unref);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

static gpointer
daemon_thread (gpointer data)
{
  Daemon *self = data;
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->path);
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, handler_cb, self, NULL);
  soup_server_listen (self->server, address, 0, &error);
  g_assert_no_error (error);
  g_main_loop_run (self->loop);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static Daemon *
daemon_new (void)
{
  Daemon *self = g_new0 (Daemon, 1);

  self->folder = g_dir_make_tmp ("muster-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "api.sock", NULL);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->body = g_string_new (NULL);
  for (int i = 0; i < 40000; i++)
    g_string_append (self->body, "0123456789");
  self->thread = g_thread_new ("daemon", daemon_thread, self);
  return self;
}

static void
daemon_free (Daemon *self)
{
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
  g_string_free (self->body, TRUE);
  g_free (self);
}

static DexFuture *
ask (MusterApiClient *client, GRand *rand)
{
  g_autofree char *number = g_strdup_printf ("%d", g_rand_int_range (rand, 0, N_PATHS));
  gboolean         posts = g_rand_int_range (rand, 0, 10) == 0;
  g_autoptr (MusterApiRequest) request =
              muster_api_request_new (posts ? "POST" : "GET", number, NULL);

  muster_api_request_set_accept (request, "text/plain");
  if (posts)
    muster_api_request_take_object (request, json_object_new ());
  return muster_api_client_send (client, request);
}

static void
storm (MusterApiClient *client, GRand *rand)
{
  DexFuture *slots[SLOTS] = { NULL };

  for (int i = 0; i < ROUNDS; i++)
    {
      int slot = g_rand_int_range (rand, 0, SLOTS);

      dex_clear (&slots[slot]);
      if (g_rand_int_range (rand, 0, 4) > 0)
        slots[slot] = ask (client, rand);
      if (g_rand_int_range (rand, 0, 3) == 0)
        muster_test_sleep (g_rand_int_range (rand, 0, 4));
    }
  g_test_message ("calm");
  for (int i = 0; i < SLOTS; i++)
    if (slots[i] != NULL && g_rand_boolean (rand))
      {
        g_autoptr (GError) error = NULL;

        dex_await (dex_future_first (dex_ref (slots[i]), dex_timeout_new_seconds (10), NULL),
                   &error);
        g_assert_no_error (error);
      }
  for (int i = 0; i < SLOTS; i++)
    dex_clear (&slots[i]);
}

static void
test_storm (void)
{
  Daemon *daemon = daemon_new ();
  g_autoptr (MusterApiClient) client = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  while (!g_file_test (daemon->path, G_FILE_TEST_EXISTS))
    muster_test_sleep (5);
  client = muster_api_client_new_for_socket (daemon->path);
  storm (client, rand);
  for (int i = 0; i < 100 && muster_api_client_is_busy (client); i++)
    muster_test_sleep (10);
  g_assert_false (muster_api_client_is_busy (client));
  g_clear_object (&client);
  muster_test_sleep (20);
  daemon_free (daemon);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/api-storm/given-up", test_storm);
  return g_test_run ();
}
