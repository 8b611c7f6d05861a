/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-fetch"

#include "config.h"

#include <curl/curl.h>
#include <gio/gio.h>
#include <glib-unix.h>

#include "mf_http.h"
#include "muster-node-fetch.h"

#define ACTIVE_MAX 32
#define CONNECT_TIMEOUT_S 20L
#define STALL_S 60L

struct _MusterNodeFetcher
{
  CURLM      *multi;
  char       *directory;
  GQueue      waiting; /* element-type MusterNodeFetch, owned */
  GHashTable *active;  /* set of MusterNodeFetch, owned */
  guint       timer;
  guint       starting; /* an idle source */
};

struct _MusterNodeFetch
{
  MusterNodeFetcher           *fetcher;
  CURL                        *easy;
  struct curl_slist           *connect_to;
  const MusterNodeFetchEvents *events;
  gpointer                     user_data;
  guint32                      offset;
  guint32                      size;
  guint32                      received;
  gboolean                     stopped;
  gboolean in_piece; /* the callback runs: libcurl must not be asked to forget it */
  char     trouble[CURL_ERROR_SIZE];
};

static void muster_node_fetcher_collect (MusterNodeFetcher *self);

static void
muster_node_fetch_free (MusterNodeFetch *self)
{
  g_clear_pointer (&self->easy, curl_easy_cleanup);
  g_clear_pointer (&self->connect_to, curl_slist_free_all);
  g_free (self);
}

static gboolean
muster_node_fetcher_start_cb (gpointer user_data)
{
  MusterNodeFetcher *self = user_data;
  MusterNodeFetch   *fetch;

  self->starting = 0;
  while (g_hash_table_size (self->active) < ACTIVE_MAX &&
         (fetch = g_queue_pop_head (&self->waiting)) != NULL)
    {
      g_hash_table_add (self->active, fetch);
      curl_multi_add_handle (self->multi, fetch->easy);
    }
  return G_SOURCE_REMOVE;
}

static void
muster_node_fetcher_start_more (MusterNodeFetcher *self)
{
  if (self->starting == 0 && self->waiting.length > 0)
    self->starting = g_idle_add (muster_node_fetcher_start_cb, self);
}

static gboolean
muster_node_fetcher_socket_cb (int fd, GIOCondition condition, gpointer user_data)
{
  MusterNodeFetcher *self = user_data;
  int                events = 0, running;

  if (condition & G_IO_IN)
    events |= CURL_CSELECT_IN;
  if (condition & G_IO_OUT)
    events |= CURL_CSELECT_OUT;
  if (condition & (G_IO_ERR | G_IO_HUP))
    events |= CURL_CSELECT_ERR;
  curl_multi_socket_action (self->multi, fd, events, &running);
  muster_node_fetcher_collect (self);
  return G_SOURCE_CONTINUE;
}

/* libcurl says what it waits for; the source of a socket is what it keeps for us. */
static int
muster_node_fetcher_watch_cb (CURL         *easy,
                              curl_socket_t fd,
                              int           what,
                              void         *user_data,
                              void         *socket_data)
{
  MusterNodeFetcher *self = user_data;
  GIOCondition       condition = 0;
  guint              source = GPOINTER_TO_UINT (socket_data);

  if (source != 0)
    g_source_remove (source);
  source = 0;
  if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
    condition |= G_IO_IN;
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
    condition |= G_IO_OUT;
  if (condition != 0)
    source = g_unix_fd_add (fd, condition, muster_node_fetcher_socket_cb, self);
  curl_multi_assign (self->multi, fd, GUINT_TO_POINTER (source));
  return 0;
}

static gboolean
muster_node_fetcher_timer_cb (gpointer user_data)
{
  MusterNodeFetcher *self = user_data;
  int                running;

  self->timer = 0;
  curl_multi_socket_action (self->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  muster_node_fetcher_collect (self);
  return G_SOURCE_REMOVE;
}

static int
muster_node_fetcher_schedule_cb (CURLM *multi, long wait_ms, void *user_data)
{
  MusterNodeFetcher *self = user_data;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (wait_ms >= 0)
    self->timer = g_timeout_add ((guint)wait_ms, muster_node_fetcher_timer_cb, self);
  return 0;
}

/* The server has the file, and keeps to the range. */
static gboolean
muster_node_fetch_is_served (MusterNodeFetch *self)
{
  long code = 0;

  curl_easy_getinfo (self->easy, CURLINFO_RESPONSE_CODE, &code);
  return code == 206 || (code == 200 && self->offset == 0);
}

static size_t
muster_node_fetch_piece_cb (char *data, size_t size, size_t n, void *user_data)
{
  MusterNodeFetch *self = user_data;
  struct mf_bytes  bytes = { (const guint8 *)data, size * n };

  if (self->stopped || !muster_node_fetch_is_served (self) ||
      bytes.size > self->size - self->received)
    return CURL_WRITEFUNC_ERROR;
  self->received += (guint32)bytes.size;
  self->in_piece = TRUE;
  self->events->piece (self->user_data, bytes);
  self->in_piece = FALSE;
  return self->stopped ? CURL_WRITEFUNC_ERROR : bytes.size;
}

static enum mf_fetch_result
muster_node_fetch_get_result (MusterNodeFetch *self, CURLcode code)
{
  long status = 0;

  if (code == CURLE_OK && self->received == self->size)
    return MF_FETCH_WHOLE;
  curl_easy_getinfo (self->easy, CURLINFO_RESPONSE_CODE, &status);
  if (status == 200 && self->offset > 0)
    g_strlcpy (self->trouble, "the server knows no ranges", sizeof self->trouble);
  else if (status >= 300)
    g_snprintf (self->trouble, sizeof self->trouble, "the server answers %ld", status);
  return mf_http_judge ((unsigned)status);
}

/* What is over. */
static void
muster_node_fetcher_collect (MusterNodeFetcher *self)
{
  CURLMsg *message;
  int      left;

  while ((message = curl_multi_info_read (self->multi, &left)) != NULL)
    {
      MusterNodeFetch *fetch = NULL;
      CURLcode         code = message->data.result;

      if (message->msg != CURLMSG_DONE)
        continue;
      curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, (char **)&fetch);
      curl_multi_remove_handle (self->multi, fetch->easy);
      g_hash_table_steal (self->active, fetch);
      if (!fetch->stopped)
        {
          enum mf_fetch_result result = muster_node_fetch_get_result (fetch, code);

          fetch->events->done (fetch->user_data, result,
                               fetch->trouble[0] != '\0' ? fetch->trouble
                                                         : curl_easy_strerror (code));
        }
      muster_node_fetch_free (fetch);
    }
  muster_node_fetcher_start_more (self);
}

MusterNodeFetcher *
muster_node_fetcher_new (const char *directory)
{
  MusterNodeFetcher *self = g_new0 (MusterNodeFetcher, 1);

  curl_global_init (CURL_GLOBAL_DEFAULT);
  self->directory = g_strdup (directory);
  self->multi = curl_multi_init ();
  curl_multi_setopt (self->multi, CURLMOPT_SOCKETFUNCTION, muster_node_fetcher_watch_cb);
  curl_multi_setopt (self->multi, CURLMOPT_SOCKETDATA, self);
  curl_multi_setopt (self->multi, CURLMOPT_TIMERFUNCTION, muster_node_fetcher_schedule_cb);
  curl_multi_setopt (self->multi, CURLMOPT_TIMERDATA, self);
  self->active = g_hash_table_new_full (NULL, NULL, (GDestroyNotify)muster_node_fetch_free, NULL);
  return self;
}

void
muster_node_fetcher_free (MusterNodeFetcher *self)
{
  GHashTableIter iter;
  gpointer       fetch;

  g_hash_table_iter_init (&iter, self->active);
  while (g_hash_table_iter_next (&iter, &fetch, NULL))
    curl_multi_remove_handle (self->multi, ((MusterNodeFetch *)fetch)->easy);
  g_hash_table_unref (self->active);
  g_queue_clear_full (&self->waiting, (GDestroyNotify)muster_node_fetch_free);
  g_clear_handle_id (&self->starting, g_source_remove);
  curl_multi_cleanup (self->multi);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_free (self->directory);
  g_free (self);
  curl_global_cleanup ();
}

/* The file of the authority, which all nodes of the site share. */
static char *
muster_node_fetcher_make_ca_file (MusterNodeFetcher *self, struct mf_bytes ca)
{
  g_autofree char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, ca.data, ca.size);
  g_autofree char *name = g_strdup_printf ("authority-%.16s.pem", hash);
  g_autofree char *path = g_build_filename (self->directory, name, NULL);
  g_autofree char *body = NULL;
  g_autofree char *pem = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  body = g_base64_encode (ca.data, ca.size);
  pem = g_strconcat ("-----BEGIN CERTIFICATE-----\n", body, "\n-----END CERTIFICATE-----\n", NULL);
  return g_file_set_contents (path, pem, -1, NULL) ? g_steal_pointer (&path) : NULL;
}

/* The site may be known by a name that no resolver knows: then that name stands in the URL, and the
 * connection goes where the URL said. */
static char *
muster_node_fetch_take_name (MusterNodeFetch *self, GUri *uri, const char *tls_name)
{
  int              port = g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : 443;
  const char      *host = g_uri_get_host (uri);
  gboolean         is_v6 = strchr (host, ':') != NULL;
  g_autofree char *turn = NULL;

  if (tls_name[0] == '\0')
    return g_uri_to_string (uri);
  turn = g_strdup_printf (is_v6 ? "%s:%d:[%s]:%d" : "%s:%d:%s:%d", tls_name, port, host, port);
  self->connect_to = curl_slist_append (NULL, turn);
  curl_easy_setopt (self->easy, CURLOPT_CONNECT_TO, self->connect_to);
  return g_uri_join (G_URI_FLAGS_ENCODED, "https", NULL, tls_name, port, g_uri_get_path (uri),
                     g_uri_get_query (uri), NULL);
}

static void
muster_node_fetch_set_options (MusterNodeFetch          *self,
                               const MusterNodeFetchHow *how,
                               const char               *url,
                               const char               *ca_file)
{
  g_autofree char *range = g_strdup_printf ("%u-%u", how->offset, how->offset + how->size - 1);

  curl_easy_setopt (self->easy, CURLOPT_URL, url);
  curl_easy_setopt (self->easy, CURLOPT_RANGE, range);
  curl_easy_setopt (self->easy, CURLOPT_CAINFO, ca_file);
  curl_easy_setopt (self->easy, CURLOPT_CAPATH, NULL);
  curl_easy_setopt (self->easy, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt (self->easy, CURLOPT_PROXY, "");
  curl_easy_setopt (self->easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (self->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt (self->easy, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
  curl_easy_setopt (self->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt (self->easy, CURLOPT_LOW_SPEED_TIME, STALL_S);
  curl_easy_setopt (self->easy, CURLOPT_USERAGENT, "muster-node/" MUSTER_VERSION);
  curl_easy_setopt (self->easy, CURLOPT_ERRORBUFFER, self->trouble);
  curl_easy_setopt (self->easy, CURLOPT_WRITEFUNCTION, muster_node_fetch_piece_cb);
  curl_easy_setopt (self->easy, CURLOPT_WRITEDATA, self);
  curl_easy_setopt (self->easy, CURLOPT_PRIVATE, self);
}

MusterNodeFetch *
muster_node_fetcher_start (MusterNodeFetcher           *self,
                           const MusterNodeFetchHow    *how,
                           const MusterNodeFetchEvents *events,
                           gpointer                     user_data)
{
  g_autoptr (GUri) uri = g_uri_parse (how->url, G_URI_FLAGS_ENCODED, NULL);
  g_autofree char *ca_file = muster_node_fetcher_make_ca_file (self, how->ca);
  g_autofree char *url = NULL;
  MusterNodeFetch *fetch;

  if (uri == NULL || g_uri_get_host (uri) == NULL || ca_file == NULL || how->size == 0)
    return NULL;
  fetch = g_new0 (MusterNodeFetch, 1);
  fetch->fetcher = self;
  fetch->easy = curl_easy_init ();
  fetch->events = events;
  fetch->user_data = user_data;
  fetch->offset = how->offset;
  fetch->size = how->size;
  url = muster_node_fetch_take_name (fetch, uri, how->tls_name);
  muster_node_fetch_set_options (fetch, how, url, ca_file);
  g_queue_push_tail (&self->waiting, fetch);
  muster_node_fetcher_start_more (self);
  return fetch;
}

void
muster_node_fetch_stop (MusterNodeFetch *self)
{
  MusterNodeFetcher *fetcher = self->fetcher;

  self->stopped = TRUE;
  if (self->in_piece)
    return;
  if (!g_queue_remove (&fetcher->waiting, self))
    {
      curl_multi_remove_handle (fetcher->multi, self->easy);
      g_hash_table_steal (fetcher->active, self);
    }
  muster_node_fetch_free (self);
  muster_node_fetcher_start_more (fetcher);
}
