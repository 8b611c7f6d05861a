/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /devices/{id} of a record in memory, asked for by wrk over loopback TCP; also the same answer
 * by libsoup alone. */
#define G_LOG_DOMAIN "http-bench"

#include "config.h"

#include <libsoup/soup.h>
#include <stdio.h>
#include <unistd.h>

#include "core/http/muster-http-server.h"
#include "model/muster-device.h"

#define UUID "01890a5d-ac96-774b-bcce-b302099a8057"
#define BAR 12000

static int   seconds = 5;
static char *serve; /* "muster" or "libsoup": only serve, until killed */

static const GOptionEntry options[] = {
  { "seconds", 's', 0, G_OPTION_ARG_INT, &seconds, "How long each run takes", "N" },
  { "serve", 0, 0, G_OPTION_ARG_STRING, &serve, "Serve until killed, for a profiler",
    "muster|libsoup" },
  { NULL },
};

static GBytes *
make_document (void)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  GString *json = g_string_new (NULL);

  muster_entity_set_string (device, "id", UUID);
  muster_entity_set_string (device, "name", "Thermometer in the cold store");
  muster_entity_set_string (device, "serial", "TH-2291-0042");
  muster_entity_set_string (device, "location", "Cold store, shelf 4");
  muster_entity_encode (device, json);
  return g_string_free_to_bytes (json);
}

static DexFuture *
handle_get (MusterRequest *request, gpointer user_data)
{
  GHashTable *documents = g_object_get_data (user_data, "documents");
  GBytes     *json = g_hash_table_lookup (documents, muster_request_get_path_param (request, "id"));
  MusterResponse *response;

  if (json == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "no such device");
  response = muster_response_new_bytes (200, "application/json", json);
  muster_response_set_revision (response, 3);
  return muster_response_resolve (response);
}

static const MusterShape shape = { .entity = &muster_device_info };
static const MusterRoute routes[] = {
  { "GET", "/devices/{id:uuid}", "getDevice", "devices", "One device.", handle_get,
    MUSTER_ROUTE_PLAIN, NULL, 0, NULL, &shape },
};

static DexFuture *
authenticate (const char *token, gpointer user_data)
{
  return dex_future_new_take_boxed (MUSTER_TYPE_ACTOR, muster_actor_ref (user_data));
}

static MusterHttpServer *
serve_muster (GBytes *document)
{
  g_autoptr (MusterRouter) router = muster_router_new ();
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  GHashTable       *documents = g_hash_table_new (g_str_hash, g_str_equal);
  MusterHttpServer *server;

  g_hash_table_insert (documents, (char *)UUID, document);
  g_object_set_data_full (owner, "documents", documents, (GDestroyNotify)g_hash_table_unref);
  muster_router_add (router, routes, G_N_ELEMENTS (routes), owner);
  server = muster_http_server_new (router, NULL, NULL);
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
measure (const char *name, const char *uri)
{
  g_autofree char *url = g_strdup_printf ("%s/devices/" UUID, uri);
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
  median = find_figure (run.output, "50%");
  p99 = find_figure (run.output, "99%");
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

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GBytes) document = NULL;
  g_autoptr (MusterHttpServer) server = NULL;
  g_autoptr (SoupServer) soup = NULL;
  g_auto (GStrv) uris = NULL;
  GSList          *soup_uris;
  g_autofree char *soup_uri = NULL;
  double           rate;

  dex_init ();
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL))
    return 2;
  document = make_document ();
  server = serve_muster (document);
  uris = muster_http_server_list_uris (server);
  soup = serve_libsoup (document);
  soup_uris = soup_server_get_uris (soup);
  soup_uri = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (soup_uris->data));
  g_slist_free_full (soup_uris, (GDestroyNotify)g_uri_unref);
  if (serve != NULL)
    {
      g_print ("%s/devices/" UUID "\n", g_str_equal (serve, "libsoup") ? soup_uri : uris[0]);
      g_main_loop_run (g_main_loop_new (NULL, FALSE));
    }
  rate = measure ("muster", uris[0]);
  g_print ("# memory   %.1f MB\n", get_rss_mb ());
  measure ("libsoup", soup_uri);
  g_print ("1..1\n%s 1 - at least %d requests/s at 16 connections\n", rate >= BAR ? "ok" : "not ok",
           BAR);
  return 0;
}
