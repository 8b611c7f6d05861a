/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-prober"

#include "config.h"

#include <gio/gio.h>

#include "model/muster-error.h"
#include "muster-mdns-record.h"
#include "muster-prober.h"

#define MAX_RUNNING 16
#define INTERVAL (30 * G_TIME_SPAN_SECOND)
#define INTERVAL_MAX (10 * G_TIME_SPAN_MINUTE)
#define SELDOM 5
#define TIMEOUT_SECONDS 3
#define MAX_ANSWER (64 * 1024)

typedef struct
{
  char       *key;
  char       *address;
  guint16     port;
  MusterProbe probe;
  gint64      due; /* monotonic */
  unsigned    failures;
  guint       seldom : 1;
  guint       is_running : 1;
} Target;

/* One question under way; its target may go meanwhile. */
typedef struct
{
  MusterProber *prober; /* (owned) */
  char         *key;
  char         *endpoint;
  gint64        began;
  gboolean      by_http;
} Probe;

struct _MusterProber
{
  GObject          parent_instance;
  MusterHttpFetch *fetch;
  MusterClock     *clock;
  GSocketClient   *client;
  GCancellable    *cancellable;
  GHashTable      *targets; /* key → Target */
  unsigned         n_running;
};

G_DEFINE_FINAL_TYPE (MusterProber, muster_prober, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_ALIVE,
} MusterProberSignal;

static guint signals[SIGNAL_ALIVE + 1];

static void
target_free (gpointer data)
{
  Target *target = data;

  g_free (target->key);
  g_free (target->address);
  g_free (target);
}

static void
probe_free (gpointer data)
{
  Probe *probe = data;

  g_object_unref (probe->prober);
  g_free (probe->key);
  g_free (probe->endpoint);
  g_free (probe);
}

static gint64
target_get_interval (const Target *target)
{
  gint64 interval = target->seldom ? SELDOM * INTERVAL : INTERVAL;

  return MIN (interval << MIN (target->failures, 10), INTERVAL_MAX);
}

static void
probe_done (Probe *probe, gboolean alive)
{
  MusterProber *self = probe->prober;
  gint64        now = muster_clock_get_monotonic (self->clock);
  Target       *target = g_hash_table_lookup (self->targets, probe->key);

  self->n_running--;
  if (target == NULL)
    return;
  target->is_running = FALSE;
  target->failures = alive ? 0 : target->failures + 1;
  target->due = now + target_get_interval (target);
  if (alive)
    {
      g_autofree char *detail = g_strdup_printf ("%s in %" G_GINT64_FORMAT " ms", probe->endpoint,
                                                 (now - probe->began) / 1000);

      g_signal_emit (self, signals[SIGNAL_ALIVE], 0, probe->key, probe->by_http, detail);
    }
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Probe *probe = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
              g_socket_client_connect_finish (G_SOCKET_CLIENT (object), result, &error);

  if (connection == NULL)
    g_debug ("%s: %s", probe->endpoint, error->message);
  probe_done (probe, connection != NULL);
  probe_free (probe);
}

static DexFuture *
answered_cb (DexFuture *future, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    g_debug ("%s: %s", ((Probe *)user_data)->endpoint, error->message);
  /* An answer that is too long is one. */
  probe_done (user_data,
              error == NULL || g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE));
  return dex_future_new_true ();
}

static void
muster_prober_ask (MusterProber *self, Target *target)
{
  Probe *probe = g_new0 (Probe, 1);

  target->is_running = TRUE;
  self->n_running++;
  probe->prober = g_object_ref (self);
  probe->key = g_strdup (target->key);
  probe->endpoint = muster_format_endpoint (target->address, target->port);
  probe->began = muster_clock_get_monotonic (self->clock);
  probe->by_http = target->probe == MUSTER_PROBE_HTTP;
  if (probe->by_http)
    {
      g_autofree char *uri = g_strdup_printf ("http://%s/", probe->endpoint);

      dex_future_disown (
        dex_future_finally (muster_http_fetch_send (self->fetch, "HEAD", uri, NULL, NULL,
                                                    MAX_ANSWER, TIMEOUT_SECONDS * 1000),
                            answered_cb, probe, probe_free));
    }
  else
    {
      g_autoptr (GSocketConnectable) address = g_network_address_new (target->address, target->port);

      g_socket_client_connect_async (self->client, address, self->cancellable, connected_cb, probe);
    }
}

void
muster_prober_tick (MusterProber *self)
{
  GHashTableIter iter;
  Target        *target;
  gint64         now;
  g_autoptr (GPtrArray) due = NULL;

  g_return_if_fail (MUSTER_IS_PROBER (self));

  due = g_ptr_array_new ();
  now = muster_clock_get_monotonic (self->clock);
  g_hash_table_iter_init (&iter, self->targets);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&target))
    if (!target->is_running && target->due <= now)
      g_ptr_array_add (due, target);
  for (guint i = 0; i < due->len && self->n_running < MAX_RUNNING; i++)
    muster_prober_ask (self, due->pdata[i]);
}

void
muster_prober_set (MusterProber *self,
                   const char   *key,
                   MusterProbe   probe,
                   const char   *address,
                   guint16       port,
                   gboolean      seldom)
{
  Target *target;

  g_return_if_fail (MUSTER_IS_PROBER (self));
  g_return_if_fail (key != NULL && address != NULL);

  target = g_hash_table_lookup (self->targets, key);
  if (target == NULL)
    {
      target = g_new0 (Target, 1);
      target->key = g_strdup (key);
      g_hash_table_insert (self->targets, target->key, target);
    }
  if (g_strcmp0 (target->address, address) != 0 || target->port != port)
    {
      target->due = 0;
      target->failures = 0;
    }
  g_set_str (&target->address, address);
  target->port = port;
  target->probe = probe;
  target->seldom = seldom;
}

void
muster_prober_remove (MusterProber *self, const char *key)
{
  g_return_if_fail (MUSTER_IS_PROBER (self));

  g_hash_table_remove (self->targets, key);
}

unsigned
muster_prober_get_count (MusterProber *self)
{
  g_return_val_if_fail (MUSTER_IS_PROBER (self), 0);

  return g_hash_table_size (self->targets);
}

static void
muster_prober_finalize (GObject *object)
{
  MusterProber *self = MUSTER_PROBER (object);

  g_hash_table_unref (self->targets);
  g_object_unref (self->client);
  g_object_unref (self->cancellable);
  g_clear_object (&self->fetch);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (muster_prober_parent_class)->finalize (object);
}

static void
muster_prober_class_init (MusterProberClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_prober_finalize;
  signals[SIGNAL_ALIVE] =
    g_signal_new ("alive", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_BOOLEAN, G_TYPE_STRING);
}

static void
muster_prober_init (MusterProber *self)
{
  self->targets = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, target_free);
  self->cancellable = g_cancellable_new ();
  self->client = g_socket_client_new ();
  g_socket_client_set_timeout (self->client, TIMEOUT_SECONDS);
  g_socket_client_set_enable_proxy (self->client, FALSE);
}

MusterProber *
muster_prober_new (MusterHttpFetch *fetch, MusterClock *clock)
{
  MusterProber *self;

  g_return_val_if_fail (MUSTER_IS_HTTP_FETCH (fetch), NULL);
  g_return_val_if_fail (MUSTER_IS_CLOCK (clock), NULL);

  self = g_object_new (MUSTER_TYPE_PROBER, NULL);
  self->fetch = g_object_ref (fetch);
  self->clock = g_object_ref (clock);
  return self;
}
