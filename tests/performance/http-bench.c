/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /devices/{id} of a record in the repository's cache, asked for by wrk over loopback TCP; also
 * the same answer by libsoup alone. */
#define G_LOG_DOMAIN "http-bench"

#include "config.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <stdio.h>
#include <unistd.h>

#include "core/http/muster-http-server.h"
#include "core/muster-journal.h"
#include "core/muster-repository.h"
#include "model/muster-device.h"

#define BAR 12000

static int   seconds = 5;
static char *serve; /* "muster" or "libsoup": only serve, until killed */

static const GOptionEntry options[] = {
  { "seconds", 's', 0, G_OPTION_ARG_INT, &seconds, "How long each run takes", "N" },
  { "serve", 0, 0, G_OPTION_ARG_STRING, &serve, "Serve until killed, for a profiler",
    "muster|libsoup" },
  { NULL },
};

static const MusterEntityInfo *const entities[] = { &muster_device_info, NULL };

typedef struct
{
  MusterDatabase   *database;
  MusterRepository *repository;
  char             *id;       /* of the one device */
  GBytes           *document; /* what it is answered as */
} Site;

/* In a fiber. */
static gboolean
site_fill (Site *site, const char *path, GError **error)
{
  g_autoptr (MusterClock) clock = muster_clock_new ();
  g_autoptr (MusterActor) actor = muster_actor_new_system ("bench");
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  g_autoptr (MusterEntity) stored = NULL;
  GString *json = g_string_new (NULL);

  site->database = muster_database_new (path, clock, NULL);
  muster_database_register_entities (site->database, entities);
  if (!dex_await (muster_service_start (MUSTER_SERVICE (site->database)), error))
    return FALSE;
  site->repository = muster_repository_new (site->database);
  muster_entity_set_string (device, "name", "Thermometer in the cold store");
  muster_entity_set_string (device, "serial", "TH-2291-0042");
  muster_entity_set_string (device, "location", "Cold store, shelf 4");
  stored =
    dex_await_object (muster_repository_insert (site->repository, actor, "Add", device), error);
  if (stored == NULL)
    return FALSE;
  site->id = g_strdup (muster_entity_get_id (stored));
  muster_entity_encode (stored, json);
  site->document = g_string_free_to_bytes (json);
  return TRUE;
}

static const MusterShape shape = { .entity = &muster_device_info };
static const MusterRoute routes[] = {
  { "GET", "/devices/{id:uuid}", "getDevice", "devices", "One device", muster_handle_get,
    MUSTER_ROUTE_PLAIN, .response = &shape },
};

static DexFuture *
authenticate (const char *token, gpointer user_data)
{
  return dex_future_new_take_boxed (MUSTER_TYPE_ACTOR, muster_actor_ref (user_data));
}

static MusterHttpServer *
serve_muster (Site *site)
{
  g_autoptr (MusterRouter) router = muster_router_new ();
  MusterHttpServer *server;

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (site->repository));
  server = muster_http_server_new (router, NULL, site->database);
  muster_http_server_add_tcp (server, "127.0.0.1", 0, NULL);
  muster_http_server_set_authenticate (server, authenticate,
                                       muster_actor_new (MUSTER_ACTOR_TOKEN, "token", "token", 0),
                                       (GDestroyNotify)muster_actor_unref);
  dex_future_disown (muster_service_start (MUSTER_SERVICE (server)));
  return server;
}

static void
constant_cb (SoupServer        *server,
             SoupServerMessage *msg,
             const char        *path,
             GHashTable        *query,
             gpointer           user_data)
{
  soup_server_message_set_status (msg, 200, NULL);
  soup_message_headers_append (soup_server_message_get_response_headers (msg), "Content-Type",
                               "application/json");
  soup_message_body_append_bytes (soup_server_message_get_response_body (msg), user_data);
}

static SoupServer *
serve_libsoup (GBytes *document)
{
  SoupServer *server = soup_server_new (NULL, NULL);

  soup_server_add_handler (server, NULL, constant_cb, document, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL);
  return server;
}

typedef struct
{
  GMainLoop *loop;
  char      *output;
} Run;

static void
finished_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_subprocess_communicate_utf8_finish (G_SUBPROCESS (object), result, &run->output, NULL,
                                             &error))
    g_printerr ("%s\n", error->message);
  g_main_loop_quit (run->loop);
}

/* The figure behind LABEL in wrk's output: (transfer full). */
static char *
find_figure (const char *output, const char *label)
{
  const char *at = output != NULL ? strstr (output, label) : NULL;
  char        figure[32] = "?";

  if (at != NULL)
    sscanf (at + strlen (label), " %31s", figure);
  return g_strdup (figure);
}

static double
measure (const char *name, const char *uri, const char *id)
{
  g_autofree char *url = g_strdup_printf ("%s/devices/%s", uri, id);
  g_autofree char *duration = g_strdup_printf ("-d%ds", seconds);
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSubprocess) wrk =
              g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "wrk", "-t1", "-c16",
                                duration, "--latency", "-H", "Authorization: Bearer x", url, NULL);
  Run              run = { loop, NULL };
  g_autofree char *rate = NULL, *median = NULL, *p99 = NULL;

  if (wrk == NULL)
    {
      g_printerr ("wrk: %s\n", error->message);
      return 0;
    }
  g_subprocess_communicate_utf8_async (wrk, NULL, NULL, finished_cb, &run);
  g_main_loop_run (loop);
  rate = find_figure (run.output, "Requests/sec:");
  median = find_figure (run.output, "     50%");
  p99 = find_figure (run.output, "     99%");
  g_print ("# %-8s %s requests/s, p50 %s, p99 %s%s\n", name, rate, median, p99,
           run.output != NULL && strstr (run.output, "Non-2xx") ? " (with refusals!)" : "");
  g_free (run.output);
  return g_ascii_strtod (rate, NULL);
}

static double
get_rss_mb (void)
{
  g_autofree char *text = NULL;
  unsigned long    size = 0, resident = 0;

  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    sscanf (text, "%lu %lu", &size, &resident);
  return resident * (double)sysconf (_SC_PAGESIZE) / 1e6;
}

static char *
get_soup_uri (SoupServer *soup)
{
  GSList *uris = soup_server_get_uris (soup);
  char   *uri = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));

  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  return uri;
}

static void
compare (Site *site)
{
  g_autoptr (MusterHttpServer) server = serve_muster (site);
  g_autoptr (SoupServer) soup = serve_libsoup (site->document);
  g_auto (GStrv) uris = muster_http_server_list_uris (server);
  g_autofree char *soup_uri = get_soup_uri (soup);
  double           rate;

  if (serve != NULL)
    {
      g_print ("%s/devices/%s\n", g_str_equal (serve, "libsoup") ? soup_uri : uris[0], site->id);
      g_main_loop_run (g_main_loop_new (NULL, FALSE));
    }
  rate = measure ("muster", uris[0], site->id);
  g_print ("# memory   %.1f MB\n", get_rss_mb ());
  measure ("libsoup", soup_uri, site->id);
  g_print ("1..1\n%s 1 - at least %d requests/s at 16 connections\n", rate >= BAR ? "ok" : "not ok",
           BAR);
}

typedef struct
{
  GMainLoop *loop;
  char      *path;
  Site       site;
  gboolean   filled;
} Preparation;

static DexFuture *
prepare_fiber (gpointer user_data)
{
  Preparation *preparation = user_data;
  g_autoptr (GError) error = NULL;

  preparation->filled = site_fill (&preparation->site, preparation->path, &error);
  if (!preparation->filled)
    g_printerr ("%s\n", error->message);
  g_main_loop_quit (preparation->loop);
  return dex_future_new_true ();
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char *folder = NULL;
  Preparation      preparation = { NULL };

  dex_init ();
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL))
    return 2;
  folder = g_dir_make_tmp ("http-bench-XXXXXX", NULL);
  preparation.path = g_build_filename (folder, "muster.db", NULL);
  preparation.loop = g_main_loop_new (NULL, FALSE);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, prepare_fiber, &preparation, NULL));
  g_main_loop_run (preparation.loop);
  if (preparation.filled)
    compare (&preparation.site);
  remove_folder (folder);
  return !preparation.filled;
}
