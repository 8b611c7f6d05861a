/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-avahi-worker"

#include "config.h"

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-client/publish.h>
#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-glib/glib-watch.h>
#include <glib/gi18n-lib.h>
#include <net/if.h>
#include <string.h>

#include "muster-avahi-worker.h"
#include "muster-mdns.h"

#define MAX_TYPES 256
#define MAX_SERVICES 8192
#define MAX_RESOLVERS                                                                              \
  600 /* the daemon grants one client 1,024 objects; browsers and entry groups are others */
#define MAX_ATTEMPTS 3 /* to resolve one service; the daemon gives each 5 s */
#define MAX_RENAMES 32
#define RETRY_MIN_MS 250
#define RETRY_MAX_MS 10000
#define SWEEP_MS 10000
#define AGAIN_MS 20000

struct _MusterAvahiWorker
{
  GMainContext            *context;
  GMainLoop               *loop;
  MusterAvahiReport        report;
  gpointer                 report_data;
  GDestroyNotify           report_destroy;
  AvahiGLibPoll           *poll;
  AvahiClient             *client; /* (nullable) */
  AvahiServiceTypeBrowser *type_browser;
  GHashTable              *browsers; /* type → AvahiServiceBrowser, NULL while there is no daemon */
  GHashTable              *services; /* identity → Service */
  GHashTable              *publications; /* id → Publication */
  GQueue   waiting; /* (element-type Service): to be resolved when one before is done */
  GSource *retry;   /* (owned) (nullable) */
  GSource *sweep;   /* (owned) (nullable) */
  GSource *again;   /* (owned) (nullable) */
  unsigned n_resolvers;
  unsigned generation; /* counts times that everything was asked anew */
  unsigned retry_ms;
};

typedef struct
{
  MusterAvahiWorker    *worker;
  MusterMdnsRecord     *identity; /* (owned) */
  MusterMdnsRecord     *resolved; /* (owned) (nullable) */
  AvahiServiceResolver *resolver; /* (nullable) */
  unsigned              generation;
  unsigned              attempts;
  guint                 is_waiting : 1;
} Service;

typedef struct
{
  MusterAvahiWorker *worker;
  unsigned           id;
  char              *name; /* as it stands on the network */
  char              *type;
  guint16            port;
  MusterTxt         *txt;
  AvahiEntryGroup   *group; /* (nullable) */
  unsigned           renames;
} Publication;

/* From the object to the thread. */
typedef struct
{
  MusterAvahiWorker *worker;
  Publication       *publication; /* (owned) (nullable) */
  unsigned           id;
} Order;

static void
worker_report (MusterAvahiWorker    *self,
               MusterAvahiReportKind kind,
               MusterMdnsRecord     *record,
               const char           *text,
               unsigned              number)
{
  self->report (self, kind, record, text, number, self->report_data);
}

static void
worker_report_status (MusterAvahiWorker *self, const char *trouble)
{
  worker_report (self, MUSTER_AVAHI_STATUS, NULL, trouble, g_hash_table_size (self->browsers));
}

static void
worker_schedule (MusterAvahiWorker *self, GSource **slot, unsigned ms, GSourceFunc func)
{
  if (*slot != NULL)
    g_source_destroy (*slot);
  g_clear_pointer (slot, g_source_unref);
  *slot = g_timeout_source_new (ms);
  g_source_set_callback (*slot, func, self, NULL);
  g_source_attach (*slot, self->context);
}

static void
worker_unschedule (GSource **slot)
{
  if (*slot != NULL)
    g_source_destroy (*slot);
  g_clear_pointer (slot, g_source_unref);
}

/* --- resolving --- */

static void worker_resolve_next (MusterAvahiWorker *self);

static void
service_drop_resolver (Service *service)
{
  if (service->is_waiting)
    g_queue_remove (&service->worker->waiting, service);
  service->is_waiting = FALSE;
  if (service->resolver == NULL)
    return;
  service->worker->n_resolvers--;
  g_clear_pointer (&service->resolver, avahi_service_resolver_free);
}

static void
service_free (gpointer data)
{
  Service *service = data;

  service_drop_resolver (service);
  g_clear_pointer (&service->resolved, muster_mdns_record_unref);
  muster_mdns_record_unref (service->identity);
  g_free (service);
}

static MusterTxt *
txt_from_avahi (AvahiStringList *list)
{
  g_autoptr (MusterTxt) txt = muster_txt_new ();

  for (AvahiStringList *entry = list; entry != NULL; entry = avahi_string_list_get_next (entry))
    muster_txt_add (txt, avahi_string_list_get_text (entry), avahi_string_list_get_size (entry));
  return g_steal_pointer (&txt);
}

static char *
format_address (const AvahiAddress *address, AvahiIfIndex interface)
{
  char text[AVAHI_ADDRESS_STR_MAX];
  char name[IF_NAMESIZE];

  if (address == NULL || avahi_address_snprint (text, sizeof text, address) == NULL)
    return NULL;
  if (g_str_has_prefix (text, "fe80:") && if_indextoname (interface, name) != NULL)
    return g_strdup_printf ("%s%%%s", text, name);
  return g_strdup (text);
}

/* Whether it is what this site publishes itself. Avahi's own flag tells that by the name alone,
 * also of others that hold it. */
static gboolean
worker_is_own (MusterAvahiWorker *self, MusterMdnsRecord *record)
{
  const char    *host = avahi_client_get_host_name_fqdn (self->client);
  GHashTableIter iter;
  Publication   *publication;

  if (host == NULL || g_ascii_strcasecmp (host, record->host) != 0)
    return FALSE;
  g_hash_table_iter_init (&iter, self->publications);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&publication))
    if (g_ascii_strcasecmp (publication->type, record->type) == 0 &&
        g_str_equal (publication->name, record->name))
      return TRUE;
  return FALSE;
}

static void
service_resolved_cb (AvahiServiceResolver  *resolver,
                     AvahiIfIndex           interface,
                     AvahiProtocol          protocol,
                     AvahiResolverEvent     event,
                     const char            *name,
                     const char            *type,
                     const char            *domain,
                     const char            *host,
                     const AvahiAddress    *address,
                     uint16_t               port,
                     AvahiStringList       *list,
                     AvahiLookupResultFlags flags,
                     void                  *user_data)
{
  Service           *service = user_data;
  MusterAvahiWorker *self = service->worker;

  service->resolver = resolver;
  if (event == AVAHI_RESOLVER_FOUND)
    {
      const MusterMdnsRecord *identity = service->identity;
      g_autoptr (MusterTxt) txt = txt_from_avahi (list);
      g_autofree char *text = format_address (address, interface);
      g_autoptr (MusterMdnsRecord) record =
                  muster_mdns_record_new (identity->type, identity->name, identity->domain,
                                          identity->interface, identity->protocol, host, text, port,
                                          txt);

      service->attempts = 0;
      if (!worker_is_own (self, record) &&
          (service->resolved == NULL || !muster_mdns_record_equal (service->resolved, record)))
        {
          g_clear_pointer (&service->resolved, muster_mdns_record_unref);
          service->resolved = muster_mdns_record_ref (record);
          worker_report (self, MUSTER_AVAHI_FOUND, record, NULL, 0);
        }
      /* A resolver that stays tells of every later change; only where there are too many of them
       * they take turns. */
      if (g_queue_is_empty (&self->waiting))
        return;
      service_drop_resolver (service);
    }
  else
    {
      g_debug ("cannot resolve %s %s: %s", service->identity->type, service->identity->name,
               avahi_strerror (avahi_client_errno (self->client)));
      service_drop_resolver (service);
      if (service->attempts < MAX_ATTEMPTS)
        {
          service->is_waiting = TRUE;
          g_queue_push_tail (&self->waiting, service);
        }
      else if (service->resolved != NULL)
        {
          /* Its address has run out unanswered: it went without a goodbye. */
          worker_report (self, MUSTER_AVAHI_REMOVED, service->resolved, NULL, 0);
          g_clear_pointer (&service->resolved, muster_mdns_record_unref);
        }
    }
  worker_resolve_next (self);
}

static void
service_resolve (Service *service)
{
  MusterAvahiWorker *self = service->worker;
  AvahiProtocol protocol = service->identity->protocol == 6 ? AVAHI_PROTO_INET6 : AVAHI_PROTO_INET;
  AvahiServiceResolver *resolver;

  /* The address of the family that was heard first; where there is none, any. */
  resolver = avahi_service_resolver_new (self->client, service->identity->interface, protocol,
                                         service->identity->name, service->identity->type,
                                         service->identity->domain,
                                         service->attempts == 0 ? protocol : AVAHI_PROTO_UNSPEC, 0,
                                         service_resolved_cb, service);
  service->attempts++;
  if (resolver == NULL)
    {
      g_debug ("cannot ask for %s %s: %s", service->identity->type, service->identity->name,
               avahi_strerror (avahi_client_errno (self->client)));
      return;
    }
  service->resolver = resolver;
  self->n_resolvers++;
}

static void
worker_resolve_next (MusterAvahiWorker *self)
{
  while (self->client != NULL && self->n_resolvers < MAX_RESOLVERS)
    {
      Service *service = g_queue_pop_head (&self->waiting);

      if (service == NULL)
        return;
      service->is_waiting = FALSE;
      service_resolve (service);
    }
}

/* --- browsing --- */

static void
worker_add_service (MusterAvahiWorker *self, MusterMdnsRecord *identity)
{
  Service *service = g_hash_table_lookup (self->services, identity);

  if (service == NULL)
    {
      if (g_hash_table_size (self->services) >= MAX_SERVICES)
        {
          g_debug ("%s %s is left out: %u services are known already", identity->type,
                   identity->name, MAX_SERVICES);
          return;
        }
      service = g_new0 (Service, 1);
      service->worker = self;
      service->identity = muster_mdns_record_ref (identity);
      g_hash_table_insert (self->services, service->identity, service);
    }
  service->generation = self->generation;
  if (service->resolver != NULL || service->is_waiting)
    return;
  service->attempts = 0;
  service->is_waiting = TRUE;
  g_queue_push_tail (&self->waiting, service);
  worker_resolve_next (self);
}

static void
worker_remove_service (MusterAvahiWorker *self, MusterMdnsRecord *identity)
{
  Service *service = g_hash_table_lookup (self->services, identity);

  if (service == NULL)
    return;
  if (service->resolved != NULL)
    worker_report (self, MUSTER_AVAHI_REMOVED, service->resolved, NULL, 0);
  g_hash_table_remove (self->services, identity);
  worker_resolve_next (self);
}

/* Asks anew for what is announced by name, but gave no answer. */
static gboolean
worker_again_cb (gpointer user_data)
{
  MusterAvahiWorker *self = user_data;
  GHashTableIter     iter;
  Service           *service;

  g_hash_table_iter_init (&iter, self->services);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&service))
    if (service->resolver == NULL && service->resolved == NULL && !service->is_waiting)
      {
        service->attempts = 0;
        service->is_waiting = TRUE;
        g_queue_push_tail (&self->waiting, service);
      }
  worker_resolve_next (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
worker_sweep_cb (gpointer user_data)
{
  MusterAvahiWorker *self = user_data;
  g_autoptr (GPtrArray) gone =
              g_ptr_array_new_with_free_func ((GDestroyNotify)muster_mdns_record_unref);
  GHashTableIter iter;
  Service       *service;

  g_hash_table_iter_init (&iter, self->services);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&service))
    if (service->generation != self->generation)
      g_ptr_array_add (gone, muster_mdns_record_ref (service->identity));
  for (guint i = 0; i < gone->len; i++)
    worker_remove_service (self, gone->pdata[i]);
  g_clear_pointer (&self->sweep, g_source_unref);
  return G_SOURCE_REMOVE;
}

static void
service_browsed_cb (AvahiServiceBrowser   *browser,
                    AvahiIfIndex           interface,
                    AvahiProtocol          protocol,
                    AvahiBrowserEvent      event,
                    const char            *name,
                    const char            *type,
                    const char            *domain,
                    AvahiLookupResultFlags flags,
                    void                  *user_data)
{
  MusterAvahiWorker *self = user_data;
  g_autoptr (MusterMdnsRecord) identity = NULL;

  if (event != AVAHI_BROWSER_NEW && event != AVAHI_BROWSER_REMOVE)
    return;
  identity = muster_mdns_record_new (type, name, domain, interface,
                                     protocol == AVAHI_PROTO_INET6 ? 6 : 4, "", NULL, 0, NULL);
  if (event == AVAHI_BROWSER_NEW)
    worker_add_service (self, identity);
  else
    worker_remove_service (self, identity);
}

static gboolean
worker_browse (MusterAvahiWorker *self, const char *type)
{
  AvahiServiceBrowser *browser;

  browser = avahi_service_browser_new (self->client, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, type,
                                       NULL, 0, service_browsed_cb, self);
  if (browser == NULL)
    g_debug ("cannot browse %s: %s", type, avahi_strerror (avahi_client_errno (self->client)));
  g_hash_table_insert (self->browsers, g_ascii_strdown (type, -1), browser);
  return browser != NULL;
}

static void
type_browsed_cb (AvahiServiceTypeBrowser *browser,
                 AvahiIfIndex             interface,
                 AvahiProtocol            protocol,
                 AvahiBrowserEvent        event,
                 const char              *type,
                 const char              *domain,
                 AvahiLookupResultFlags   flags,
                 void                    *user_data)
{
  MusterAvahiWorker *self = user_data;
  g_autofree char   *key = type != NULL ? g_ascii_strdown (type, -1) : NULL;

  if (event != AVAHI_BROWSER_NEW || !muster_mdns_type_is_valid (key) ||
      g_hash_table_contains (self->browsers, key))
    return;
  if (g_hash_table_size (self->browsers) >= MAX_TYPES)
    {
      g_debug ("type %s is left out: %u types are browsed already", key, MAX_TYPES);
      return;
    }
  worker_browse (self, key);
  worker_report_status (self, NULL);
}

static void
worker_stop_browsing (MusterAvahiWorker *self)
{
  GHashTableIter iter;
  gpointer       browser;

  g_clear_pointer (&self->type_browser, avahi_service_type_browser_free);
  g_hash_table_iter_init (&iter, self->browsers);
  while (g_hash_table_iter_next (&iter, NULL, &browser))
    {
      if (browser != NULL)
        avahi_service_browser_free (browser);
      g_hash_table_iter_replace (&iter, NULL);
    }
  worker_unschedule (&self->sweep);
  worker_unschedule (&self->again);
}

static void
worker_start_browsing (MusterAvahiWorker *self)
{
  g_autoptr (GPtrArray) types = NULL;
  unsigned failed = 0;

  worker_stop_browsing (self);
  self->generation++;
  self->type_browser =
    avahi_service_type_browser_new (self->client, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, NULL, 0,
                                    type_browsed_cb, self);
  types = g_hash_table_get_keys_as_ptr_array (self->browsers);
  for (guint i = 0; i < types->len; i++)
    {
      g_autofree char *type = g_strdup (types->pdata[i]);

      failed += !worker_browse (self, type);
    }
  worker_schedule (self, &self->sweep, SWEEP_MS, worker_sweep_cb);
  worker_schedule (self, &self->again, AGAIN_MS, worker_again_cb);
  worker_report_status (self, failed == types->len
                                ? _ ("avahi-daemon refuses to browse the network")
                                : NULL);
}

/* --- publishing --- */

static void publication_announce (Publication *publication);

static void
publication_free (gpointer data)
{
  Publication *publication = data;

  g_clear_pointer (&publication->group, avahi_entry_group_free);
  g_free (publication->name);
  g_free (publication->type);
  muster_txt_unref (publication->txt);
  g_free (publication);
}

static gboolean
publication_rename (Publication *publication)
{
  char *name;

  if (publication->renames++ >= MAX_RENAMES)
    return FALSE;
  name = avahi_alternative_service_name (publication->name);
  g_set_str (&publication->name, name);
  avahi_free (name);
  return TRUE;
}

static void
group_cb (AvahiEntryGroup *group, AvahiEntryGroupState state, void *user_data)
{
  Publication *publication = user_data;

  publication->group = group;
  if (state == AVAHI_ENTRY_GROUP_ESTABLISHED)
    worker_report (publication->worker, MUSTER_AVAHI_PUBLISHED, NULL, publication->name,
                   publication->id);
  else if (state == AVAHI_ENTRY_GROUP_COLLISION && publication_rename (publication))
    publication_announce (publication);
  else if (state == AVAHI_ENTRY_GROUP_FAILURE)
    g_message ("cannot announce %s: %s", publication->type,
               avahi_strerror (avahi_client_errno (publication->worker->client)));
}

static AvahiStringList *
txt_to_avahi (MusterTxt *txt)
{
  AvahiStringList *list = NULL;

  for (unsigned i = 0; i < muster_txt_get_count (txt); i++)
    {
      const char   *key = muster_txt_get_key (txt, i);
      gsize         length;
      const guint8 *bytes = muster_txt_get_bytes (txt, key, &length);

      list = bytes != NULL ? avahi_string_list_add_pair_arbitrary (list, key, bytes, length)
                           : avahi_string_list_add_pair (list, key, NULL);
    }
  return avahi_string_list_reverse (list);
}

static void
publication_announce (Publication *publication)
{
  MusterAvahiWorker *self = publication->worker;
  AvahiStringList   *list;
  int                status = AVAHI_OK;

  if (self->client == NULL || avahi_client_get_state (self->client) != AVAHI_CLIENT_S_RUNNING)
    return;
  if (publication->group == NULL)
    publication->group = avahi_entry_group_new (self->client, group_cb, publication);
  if (publication->group == NULL)
    {
      g_message ("cannot announce %s: %s", publication->type,
                 avahi_strerror (avahi_client_errno (self->client)));
      return;
    }
  avahi_entry_group_reset (publication->group);
  list = txt_to_avahi (publication->txt);
  do
    status =
      avahi_entry_group_add_service_strlst (publication->group, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC,
                                            0, publication->name, publication->type, NULL, NULL,
                                            publication->port, list);
  while (status == AVAHI_ERR_COLLISION && publication_rename (publication));
  avahi_string_list_free (list);
  if (status == AVAHI_OK)
    status = avahi_entry_group_commit (publication->group);
  if (status != AVAHI_OK)
    g_message ("cannot announce %s: %s", publication->type, avahi_strerror (status));
}

static void
worker_announce_all (MusterAvahiWorker *self)
{
  GHashTableIter iter;
  Publication   *publication;

  g_hash_table_iter_init (&iter, self->publications);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&publication))
    publication_announce (publication);
}

/* --- the connection --- */

static gboolean worker_connect_cb (gpointer user_data);

static void
worker_disconnect (MusterAvahiWorker *self)
{
  GHashTableIter iter;
  Service       *service;
  Publication   *publication;

  worker_stop_browsing (self);
  g_hash_table_iter_init (&iter, self->services);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&service))
    service_drop_resolver (service);
  g_hash_table_iter_init (&iter, self->publications);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&publication))
    g_clear_pointer (&publication->group, avahi_entry_group_free);
  g_clear_pointer (&self->client, avahi_client_free);
}

static void
worker_retry (MusterAvahiWorker *self)
{
  worker_schedule (self, &self->retry, self->retry_ms, worker_connect_cb);
  self->retry_ms = MIN (self->retry_ms * 2, RETRY_MAX_MS);
}

static void
client_cb (AvahiClient *client, AvahiClientState state, void *user_data)
{
  MusterAvahiWorker *self = user_data;

  self->client = client;
  switch (state)
    {
    case AVAHI_CLIENT_S_RUNNING:
      self->retry_ms = RETRY_MIN_MS;
      if (self->type_browser == NULL)
        worker_start_browsing (self);
      worker_announce_all (self);
      break;
    case AVAHI_CLIENT_S_REGISTERING:
    case AVAHI_CLIENT_S_COLLISION:
      /* The daemon looks for a host name of its own; RUNNING follows. */
      break;
    case AVAHI_CLIENT_CONNECTING:
      worker_report_status (
        self, _ ("avahi-daemon is not running, so devices on the network are not found"));
      break;
    case AVAHI_CLIENT_FAILURE:
      worker_report_status (self,
                            _ (
                              "avahi-daemon has stopped, so devices on the network are not found"));
      /* The client cannot be freed inside its own callback. */
      worker_retry (self);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
worker_connect_cb (gpointer user_data)
{
  MusterAvahiWorker *self = user_data;
  int                error = 0;

  g_clear_pointer (&self->retry, g_source_unref);
  worker_disconnect (self);
  if (avahi_client_new (avahi_glib_poll_get (self->poll), AVAHI_CLIENT_NO_FAIL, client_cb, self,
                        &error) == NULL)
    {
      g_autofree char *trouble = g_strdup_printf (
        _ (
          "the system's message bus cannot be reached, so devices on the network are not found (%s)"),
        avahi_strerror (error));

      self->client = NULL;
      worker_report_status (self, trouble);
      worker_retry (self);
    }
  return G_SOURCE_REMOVE;
}

/* --- the thread --- */

static gpointer
worker_thread (gpointer data)
{
  MusterAvahiWorker *self = data;

  g_main_context_push_thread_default (self->context);
  self->poll = avahi_glib_poll_new (self->context, G_PRIORITY_DEFAULT);
  worker_connect_cb (self);
  g_main_loop_run (self->loop);
  worker_unschedule (&self->retry);
  worker_disconnect (self);
  g_hash_table_remove_all (self->services);
  g_hash_table_remove_all (self->publications);
  avahi_glib_poll_free (self->poll);
  g_main_context_pop_thread_default (self->context);
  worker_report (self, MUSTER_AVAHI_STOPPED, NULL, NULL, 0);
  muster_avahi_worker_unref (self);
  return NULL;
}

MusterAvahiWorker *
muster_avahi_worker_new (const char *const *types,
                         MusterAvahiReport  report,
                         gpointer           user_data,
                         GDestroyNotify     destroy)
{
  MusterAvahiWorker *self = g_atomic_rc_box_new0 (MusterAvahiWorker);

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->report = report;
  self->report_data = user_data;
  self->report_destroy = destroy;
  self->browsers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->services =
    g_hash_table_new_full (muster_mdns_record_hash, muster_mdns_record_same, NULL, service_free);
  self->publications = g_hash_table_new_full (NULL, NULL, NULL, publication_free);
  g_queue_init (&self->waiting);
  self->retry_ms = RETRY_MIN_MS;
  for (unsigned i = 0; types[i] != NULL && i < MAX_TYPES; i++)
    g_hash_table_insert (self->browsers, g_ascii_strdown (types[i], -1), NULL);
  return self;
}

static void
worker_clear (gpointer data)
{
  MusterAvahiWorker *self = data;

  g_hash_table_unref (self->services);
  g_hash_table_unref (self->publications);
  g_hash_table_unref (self->browsers);
  g_queue_clear (&self->waiting);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  if (self->report_destroy != NULL)
    self->report_destroy (self->report_data);
}

MusterAvahiWorker *
muster_avahi_worker_ref (MusterAvahiWorker *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
muster_avahi_worker_unref (MusterAvahiWorker *self)
{
  g_atomic_rc_box_release_full (self, worker_clear);
}

GThread *
muster_avahi_worker_start (MusterAvahiWorker *self)
{
  return g_thread_new ("mdns", worker_thread, muster_avahi_worker_ref (self));
}

/* --- orders --- */

static void
order_free (gpointer data)
{
  Order *order = data;

  g_clear_pointer (&order->publication, publication_free);
  muster_avahi_worker_unref (order->worker);
  g_free (order);
}

static void
worker_order (MusterAvahiWorker *self, GSourceFunc func, Publication *publication, unsigned id)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Order *order = g_new0 (Order, 1);

  order->worker = muster_avahi_worker_ref (self);
  order->publication = publication;
  order->id = id;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, order, order_free);
  g_source_attach (source, self->context);
}

static gboolean
order_quit_cb (gpointer data)
{
  Order *order = data;

  g_main_loop_quit (order->worker->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
order_rescan_cb (gpointer data)
{
  Order             *order = data;
  MusterAvahiWorker *self = order->worker;

  if (self->client != NULL && avahi_client_get_state (self->client) == AVAHI_CLIENT_S_RUNNING)
    worker_start_browsing (self);
  return G_SOURCE_REMOVE;
}

static gboolean
order_publish_cb (gpointer data)
{
  Order       *order = data;
  Publication *publication = g_steal_pointer (&order->publication);

  g_hash_table_insert (order->worker->publications, GUINT_TO_POINTER (publication->id),
                       publication);
  publication_announce (publication);
  return G_SOURCE_REMOVE;
}

static gboolean
order_unpublish_cb (gpointer data)
{
  Order *order = data;

  g_hash_table_remove (order->worker->publications, GUINT_TO_POINTER (order->id));
  return G_SOURCE_REMOVE;
}

void
muster_avahi_worker_quit (MusterAvahiWorker *self)
{
  worker_order (self, order_quit_cb, NULL, 0);
}

void
muster_avahi_worker_rescan (MusterAvahiWorker *self)
{
  worker_order (self, order_rescan_cb, NULL, 0);
}

void
muster_avahi_worker_publish (MusterAvahiWorker *self,
                             unsigned           id,
                             const char        *name,
                             const char        *type,
                             guint16            port,
                             MusterTxt         *txt)
{
  Publication *publication = g_new0 (Publication, 1);

  publication->worker = self;
  publication->id = id;
  publication->name = g_strdup (name);
  publication->type = g_strdup (type);
  publication->port = port;
  publication->txt = txt != NULL ? muster_txt_ref (txt) : muster_txt_new ();
  worker_order (self, order_publish_cb, publication, 0);
}

void
muster_avahi_worker_unpublish (MusterAvahiWorker *self, unsigned id)
{
  worker_order (self, order_unpublish_cb, NULL, id);
}
