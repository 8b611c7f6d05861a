/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-site-announcement"

#include "config.h"

#include "core/muster-journal.h"
#include "model/muster-site.h"
#include "muster-site-announcement.h"

struct _MusterSiteAnnouncement
{
  GObject                 parent_instance;
  MusterDiscoveryService *discovery; /* (owned) */
  MusterBroker           *broker;    /* (owned) (nullable) */
  MusterEntity           *site;      /* (owned) */
  guint16                 port;
  int                     broker_port;
};

G_DEFINE_FINAL_TYPE (MusterSiteAnnouncement, muster_site_announcement, G_TYPE_OBJECT)

static void
muster_site_announcement_finalize (GObject *object)
{
  MusterSiteAnnouncement *self = MUSTER_SITE_ANNOUNCEMENT (object);

  g_clear_object (&self->site);
  g_clear_object (&self->broker);
  g_clear_object (&self->discovery);
  G_OBJECT_CLASS (muster_site_announcement_parent_class)->finalize (object);
}

static void
muster_site_announcement_class_init (MusterSiteAnnouncementClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_site_announcement_finalize;
}

static void
muster_site_announcement_init (MusterSiteAnnouncement *self)
{
}

static void
muster_site_announcement_announce (MusterSiteAnnouncement *self)
{
  const char *name = muster_entity_get_string (self->site, "name");

  if (!muster_service_is_running (MUSTER_SERVICE (self->discovery)))
    return;
  muster_discovery_service_publish_site (self->discovery, name, muster_entity_get_id (self->site),
                                         self->port);
  self->broker_port = self->broker != NULL ? muster_broker_get_port (self->broker) : 0;
  if (self->broker != NULL)
    muster_discovery_service_publish_broker (self->discovery, name, 0, self->broker_port);
}

static void
muster_site_announcement_up_cb (MusterSiteAnnouncement *self, gboolean up)
{
  if (up && muster_broker_get_port (self->broker) != self->broker_port)
    muster_site_announcement_announce (self);
}

static void
muster_site_announcement_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterSiteAnnouncement *self = user_data;
  MusterJournalEntry     *entry = muster_event_get_payload (event);
  JsonObject             *after = NULL;

  if (!g_str_equal (muster_journal_entry_get_entity (entry), muster_site_info.name))
    return;
  after = muster_journal_entry_get_after (entry);
  if (after == NULL || !json_object_has_member (after, "name"))
    return;
  muster_entity_set_string (self->site, "name", json_object_get_string_member (after, "name"));
  muster_site_announcement_announce (self);
}

MusterSiteAnnouncement *
muster_site_announcement_new (MusterDiscoveryService *discovery,
                              MusterMessaging        *messaging,
                              MusterBus              *bus,
                              MusterEntity           *site,
                              guint16                 port)
{
  MusterSiteAnnouncement *self;

  g_return_val_if_fail (MUSTER_IS_DISCOVERY_SERVICE (discovery), NULL);
  g_return_val_if_fail (messaging == NULL || MUSTER_IS_MESSAGING (messaging), NULL);
  g_return_val_if_fail (MUSTER_IS_BUS (bus) && MUSTER_IS_ENTITY (site), NULL);

  self = g_object_new (MUSTER_TYPE_SITE_ANNOUNCEMENT, NULL);
  self->discovery = g_object_ref (discovery);
  self->site = g_object_ref (site);
  self->port = port;
  if (messaging != NULL)
    g_set_object (&self->broker, muster_messaging_get_broker (messaging));
  if (self->broker != NULL)
    g_signal_connect_object (self->broker, "up", G_CALLBACK (muster_site_announcement_up_cb), self,
                             G_CONNECT_SWAPPED);
  muster_bus_subscribe (bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_site_announcement_journal_cb, self);
  muster_site_announcement_announce (self);
  return self;
}
