/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-live-hub"

#include "config.h"

#include "core/muster-journal-many.h"
#include "muster-live-client.h"
#include "muster-live-hub.h"

/* How late a stream ends whose token runs out. */
#define EXPIRY_SECONDS 5

static const char *const topics[] = {
  MUSTER_TOPIC_JOURNAL,      MUSTER_TOPIC_TELEMETRY,    MUSTER_TOPIC_DISCOVERY,
  MUSTER_TOPIC_LIVE,         MUSTER_TOPIC_EVENTS,       MUSTER_TOPIC_JOBS,
  MUSTER_TOPIC_JOURNAL_MANY, MUSTER_TOPIC_NOTIFICATION, MUSTER_TOPIC_ALERTS,
};

struct _MusterLiveHub
{
  GObject parent_instance;

  MusterBus      *bus;        /* (owned) (nullable) */
  MusterDatabase *database;   /* (owned) (nullable) */
  GPtrArray      *clients;    /* (owned) (element-type MusterLiveListener) */
  unsigned        recheck_id; /* idle source, or 0 */
  unsigned        expiry_id;  /* timeout, or 0 */
  unsigned        subscriptions[G_N_ELEMENTS (topics)]; /* on the bus; 0: none */
};

G_DEFINE_FINAL_TYPE (MusterLiveHub, muster_live_hub, G_TYPE_OBJECT)

static void
muster_live_hub_event_cb (MusterEvent *event, gpointer user_data)
{
  MusterLiveHub *self = user_data;
  const char    *topic = muster_event_get_topic (event);
  gpointer       payload = muster_event_get_payload (event);
  /* A client that fails leaves the list. */
  g_autoptr (GPtrArray) clients =
              g_ptr_array_copy (self->clients, (GCopyFunc)(void (*) (void))g_object_ref, NULL);

  g_ptr_array_set_free_func (clients, g_object_unref);
  /* One message for all of them comes after the last. */
  if (g_str_equal (topic, MUSTER_TOPIC_JOURNAL) && MUSTER_IS_JOURNAL_ENTRY (payload) &&
      muster_journal_entry_is_of_many (payload))
    return;
  for (guint i = 0; i < clients->len; i++)
    muster_live_listener_deliver (clients->pdata[i], event);
}

static gboolean
muster_live_hub_is_wanted (MusterLiveHub *self, const char *topic)
{
  if (g_str_equal (topic, MUSTER_TOPIC_JOURNAL_MANY))
    topic = MUSTER_TOPIC_JOURNAL;
  for (guint i = 0; i < self->clients->len; i++)
    if (muster_live_listener_listens (self->clients->pdata[i], topic))
      return TRUE;
  return FALSE;
}

static void
muster_live_hub_update (MusterLiveHub *self)
{
  for (guint i = 0; self->bus != NULL && i < G_N_ELEMENTS (topics); i++)
    {
      gboolean wanted = muster_live_hub_is_wanted (self, topics[i]);

      if (wanted && self->subscriptions[i] == 0)
        self->subscriptions[i] = muster_bus_subscribe (self->bus, topics[i], G_OBJECT (self),
                                                       muster_live_hub_event_cb, self);
      else if (!wanted && self->subscriptions[i] != 0)
        {
          muster_bus_unsubscribe (self->bus, self->subscriptions[i]);
          self->subscriptions[i] = 0;
        }
    }
}

static void
muster_live_hub_closed_cb (MusterLiveHub *self, MusterLiveListener *client)
{
  g_ptr_array_remove_fast (self->clients, client);
  muster_live_hub_update (self);
}

static void
muster_live_hub_ask_all (MusterLiveHub *self)
{
  g_autoptr (GPtrArray) clients =
              g_ptr_array_copy (self->clients, (GCopyFunc)(void (*) (void))g_object_ref, NULL);

  g_ptr_array_set_free_func (clients, g_object_unref);
  for (guint i = 0; i < clients->len; i++)
    muster_live_listener_recheck (clients->pdata[i]);
}

static gboolean
muster_live_hub_expiry_cb (gpointer user_data)
{
  MusterLiveHub *self = user_data;

  muster_live_hub_ask_all (self);
  if (self->clients->len > 0)
    return G_SOURCE_CONTINUE;
  self->expiry_id = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
muster_live_hub_recheck_cb (gpointer user_data)
{
  MusterLiveHub *self = user_data;

  self->recheck_id = 0;
  muster_live_hub_ask_all (self);
  return G_SOURCE_REMOVE;
}

void
muster_live_hub_recheck (MusterLiveHub *self)
{
  g_return_if_fail (MUSTER_IS_LIVE_HUB (self));

  /* Many records change at once. */
  if (self->recheck_id == 0 && self->clients->len > 0)
    self->recheck_id = g_idle_add (muster_live_hub_recheck_cb, self);
}

void
muster_live_hub_add (MusterLiveHub *self, MusterLiveListener *client)
{
  g_return_if_fail (MUSTER_IS_LIVE_HUB (self));
  g_return_if_fail (MUSTER_IS_LIVE_LISTENER (client));

  g_ptr_array_add (self->clients, g_object_ref (client));
  if (self->expiry_id == 0)
    self->expiry_id = g_timeout_add_seconds (EXPIRY_SECONDS, muster_live_hub_expiry_cb, self);
  g_signal_connect_object (client, "changed", G_CALLBACK (muster_live_hub_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "closed", G_CALLBACK (muster_live_hub_closed_cb), self,
                           G_CONNECT_SWAPPED);
  muster_live_hub_update (self);
}

void
muster_live_hub_accept (MusterLiveHub *self, GIOStream *stream, GUri *uri, MusterLivePass *pass)
{
  g_autoptr (MusterLiveClient) client = muster_live_client_new (stream, uri, self->database, pass);

  muster_live_hub_add (self, MUSTER_LIVE_LISTENER (client));
}

unsigned
muster_live_hub_get_n_clients (MusterLiveHub *self)
{
  return self->clients->len;
}

void
muster_live_hub_close (MusterLiveHub *self)
{
  g_autoptr (GPtrArray) clients =
              g_ptr_array_copy (self->clients, (GCopyFunc)(void (*) (void))g_object_ref, NULL);

  g_ptr_array_set_free_func (clients, g_object_unref);
  for (guint i = 0; i < clients->len; i++)
    muster_live_listener_close (clients->pdata[i]);
}

static void
muster_live_hub_dispose (GObject *object)
{
  MusterLiveHub *self = MUSTER_LIVE_HUB (object);

  g_clear_handle_id (&self->recheck_id, g_source_remove);
  g_clear_handle_id (&self->expiry_id, g_source_remove);
  g_ptr_array_set_size (self->clients, 0);
  muster_live_hub_update (self);
  g_clear_object (&self->bus);
  g_clear_object (&self->database);
  G_OBJECT_CLASS (muster_live_hub_parent_class)->dispose (object);
}

static void
muster_live_hub_finalize (GObject *object)
{
  g_clear_pointer (&MUSTER_LIVE_HUB (object)->clients, g_ptr_array_unref);
  G_OBJECT_CLASS (muster_live_hub_parent_class)->finalize (object);
}

static void
muster_live_hub_class_init (MusterLiveHubClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_live_hub_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_live_hub_finalize;
}

static void
muster_live_hub_init (MusterLiveHub *self)
{
  self->clients = g_ptr_array_new_with_free_func (g_object_unref);
}

MusterLiveHub *
muster_live_hub_new (MusterBus *bus, MusterDatabase *database)
{
  MusterLiveHub *self = g_object_new (MUSTER_TYPE_LIVE_HUB, NULL);

  self->bus = bus != NULL ? g_object_ref (bus) : NULL;
  self->database = database != NULL ? g_object_ref (database) : NULL;
  return self;
}
