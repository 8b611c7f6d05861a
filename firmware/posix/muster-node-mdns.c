/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-mdns"

#include "config.h"

#include <net/if.h>

#include <avahi-client/client.h>
#include <avahi-client/publish.h>
#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-glib/glib-malloc.h>
#include <avahi-glib/glib-watch.h>

#include "muster-node-mdns.h"

#define SERVICE_TYPE "_muster-node._tcp"
#define RETRY_S 2
#define PER_CLIENT 500 /* the daemon lets one client have 1,024 objects by default */
#define PER_TURN 20    /* publishing blocks for a moment each */

typedef struct
{
  MusterNodeMdns *mdns;
  AvahiClient    *client;   /* (owned) (nullable) */
  GPtrArray      *services; /* element-type MusterNodeMdnsService, owned */
  guint           retry;
} Bundle;

struct _MusterNodeMdnsService
{
  Bundle          *bundle;
  char            *name;
  guint16          port;
  char           **txt;
  AvahiEntryGroup *group; /* (owned) (nullable) */
};

struct _MusterNodeMdns
{
  AvahiGLibPoll *poll;
  int            interface;
  GPtrArray     *bundles; /* element-type Bundle, owned */
  GQueue         waiting; /* services to be published */
  guint          turn;
};

static void
service_withdraw (MusterNodeMdnsService *service)
{
  g_clear_pointer (&service->group, avahi_entry_group_free);
}

static void
service_free (MusterNodeMdnsService *service)
{
  service_withdraw (service);
  g_free (service->name);
  g_strfreev (service->txt);
  g_free (service);
}

static AvahiStringList *
make_txt (char **txt)
{
  AvahiStringList *list = NULL;

  for (; *txt != NULL; txt++)
    list = avahi_string_list_add (list, *txt);
  return list;
}

static void muster_node_mdns_queue (MusterNodeMdns *self, MusterNodeMdnsService *service);

static void
rename_service (MusterNodeMdnsService *service)
{
  char *other = avahi_alternative_service_name (service->name);

  g_free (service->name);
  service->name = g_strdup (other);
  avahi_free (other);
}

static void
muster_node_mdns_group_cb (AvahiEntryGroup *group, AvahiEntryGroupState state, void *user_data)
{
  MusterNodeMdnsService *service = user_data;

  if (state == AVAHI_ENTRY_GROUP_COLLISION)
    {
      rename_service (service);
      avahi_entry_group_reset (group);
      muster_node_mdns_queue (service->bundle->mdns, service);
    }
  else if (state == AVAHI_ENTRY_GROUP_FAILURE)
    g_warning ("%s is not announced: %s", service->name,
               avahi_strerror (avahi_client_errno (avahi_entry_group_get_client (group))));
  else if (state == AVAHI_ENTRY_GROUP_ESTABLISHED)
    g_debug ("%s is announced", service->name);
}

static void
service_publish (MusterNodeMdnsService *service)
{
  AvahiClient     *client = service->bundle->client;
  AvahiStringList *txt;
  int              code;

  if (client == NULL || avahi_client_get_state (client) != AVAHI_CLIENT_S_RUNNING)
    return; /* all are published when it runs */
  if (service->group == NULL)
    service->group = avahi_entry_group_new (client, muster_node_mdns_group_cb, service);
  if (service->group == NULL || !avahi_entry_group_is_empty (service->group))
    return;
  txt = make_txt (service->txt);
  code = avahi_entry_group_add_service_strlst (service->group, service->bundle->mdns->interface,
                                               AVAHI_PROTO_UNSPEC, 0, service->name, SERVICE_TYPE,
                                               NULL, NULL, service->port, txt);
  avahi_string_list_free (txt);
  if (code == AVAHI_OK)
    code = avahi_entry_group_commit (service->group);
  if (code == AVAHI_ERR_COLLISION)
    {
      rename_service (service);
      avahi_entry_group_reset (service->group);
      muster_node_mdns_queue (service->bundle->mdns, service);
    }
  else if (code != AVAHI_OK)
    g_warning ("%s is not announced: %s", service->name, avahi_strerror (code));
}

static gboolean
muster_node_mdns_turn_cb (gpointer user_data)
{
  MusterNodeMdns        *self = user_data;
  MusterNodeMdnsService *service;

  for (int i = 0; i < PER_TURN && (service = g_queue_pop_head (&self->waiting)) != NULL; i++)
    service_publish (service);
  if (!g_queue_is_empty (&self->waiting))
    return G_SOURCE_CONTINUE;
  self->turn = 0;
  return G_SOURCE_REMOVE;
}

static void
muster_node_mdns_queue (MusterNodeMdns *self, MusterNodeMdnsService *service)
{
  g_queue_push_tail (&self->waiting, service);
  if (self->turn == 0)
    self->turn = g_timeout_add (10, muster_node_mdns_turn_cb, self);
}

static void bundle_connect (Bundle *bundle);

static gboolean
muster_node_mdns_retry_cb (gpointer user_data)
{
  Bundle *bundle = user_data;

  bundle->retry = 0;
  for (guint i = 0; i < bundle->services->len; i++)
    service_withdraw (g_ptr_array_index (bundle->services, i));
  g_clear_pointer (&bundle->client, avahi_client_free);
  bundle_connect (bundle);
  return G_SOURCE_REMOVE;
}

static void
bundle_retry (Bundle *bundle)
{
  if (bundle->retry == 0)
    bundle->retry = g_timeout_add_seconds (RETRY_S, muster_node_mdns_retry_cb, bundle);
}

static void
muster_node_mdns_client_cb (AvahiClient *client, AvahiClientState state, void *user_data)
{
  Bundle *bundle = user_data;

  bundle->client = client;
  switch (state)
    {
    case AVAHI_CLIENT_S_RUNNING:
      for (guint i = 0; i < bundle->services->len; i++)
        muster_node_mdns_queue (bundle->mdns, g_ptr_array_index (bundle->services, i));
      break;
    case AVAHI_CLIENT_S_COLLISION:
    case AVAHI_CLIENT_S_REGISTERING:
      for (guint i = 0; i < bundle->services->len; i++)
        service_withdraw (g_ptr_array_index (bundle->services, i));
      break;
    case AVAHI_CLIENT_FAILURE:
      g_message ("the network name service went away: trying again");
      bundle_retry (bundle);
      break;
    case AVAHI_CLIENT_CONNECTING:
      g_message ("waiting for the network name service");
      break;
    default:
      break;
    }
}

static void
bundle_connect (Bundle *bundle)
{
  int code = 0;

  if (avahi_client_new (avahi_glib_poll_get (bundle->mdns->poll), AVAHI_CLIENT_NO_FAIL,
                        muster_node_mdns_client_cb, bundle, &code) != NULL)
    return;
  bundle->client = NULL;
  g_message ("no network name service (%s): trying again", avahi_strerror (code));
  bundle_retry (bundle);
}

static void
bundle_free (Bundle *bundle)
{
  g_clear_handle_id (&bundle->retry, g_source_remove);
  g_ptr_array_unref (bundle->services);
  g_clear_pointer (&bundle->client, avahi_client_free);
  g_free (bundle);
}

MusterNodeMdns *
muster_node_mdns_new (const char *interface)
{
  MusterNodeMdns *self = g_new0 (MusterNodeMdns, 1);
  guint           index = interface != NULL ? if_nametoindex (interface) : 0;

  avahi_set_allocator (avahi_glib_allocator ());
  if (interface != NULL && index == 0)
    g_warning ("no interface %s: announcing on all", interface);
  self->interface = index > 0 ? (int)index : AVAHI_IF_UNSPEC;
  self->poll = avahi_glib_poll_new (NULL, G_PRIORITY_DEFAULT);
  self->bundles = g_ptr_array_new_with_free_func ((GDestroyNotify)bundle_free);
  g_queue_init (&self->waiting);
  return self;
}

void
muster_node_mdns_free (MusterNodeMdns *self)
{
  g_clear_handle_id (&self->turn, g_source_remove);
  g_queue_clear (&self->waiting);
  g_ptr_array_unref (self->bundles);
  avahi_glib_poll_free (self->poll);
  g_free (self);
}

static Bundle *
muster_node_mdns_get_bundle (MusterNodeMdns *self)
{
  Bundle *last =
    self->bundles->len > 0 ? g_ptr_array_index (self->bundles, self->bundles->len - 1) : NULL;

  if (last != NULL && last->services->len < PER_CLIENT)
    return last;
  last = g_new0 (Bundle, 1);
  last->mdns = self;
  last->services = g_ptr_array_new_with_free_func ((GDestroyNotify)service_free);
  g_ptr_array_add (self->bundles, last);
  bundle_connect (last);
  return last;
}

MusterNodeMdnsService *
muster_node_mdns_publish (MusterNodeMdns    *self,
                          const char        *name,
                          guint16            port,
                          const char *const *txt)
{
  MusterNodeMdnsService *service = g_new0 (MusterNodeMdnsService, 1);

  service->bundle = muster_node_mdns_get_bundle (self);
  service->name = g_strdup (name);
  service->port = port;
  service->txt = g_strdupv ((char **)txt);
  g_ptr_array_add (service->bundle->services, service);
  muster_node_mdns_queue (self, service);
  return service;
}

void
muster_node_mdns_update (MusterNodeMdns        *self,
                         MusterNodeMdnsService *service,
                         const char *const     *txt)
{
  AvahiStringList *list;
  int              code;

  g_strfreev (service->txt);
  service->txt = g_strdupv ((char **)txt);
  if (service->group == NULL || avahi_entry_group_is_empty (service->group))
    return;
  list = make_txt (service->txt);
  code = avahi_entry_group_update_service_txt_strlst (service->group, self->interface,
                                                      AVAHI_PROTO_UNSPEC, 0, service->name,
                                                      SERVICE_TYPE, NULL, list);
  avahi_string_list_free (list);
  if (code != AVAHI_OK)
    g_warning ("%s announces its former state: %s", service->name, avahi_strerror (code));
}
