/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-bus.h"
#include "discovery/muster-discovery-service.h"
#include "messaging/muster-messaging.h"

G_BEGIN_DECLS

/* Announces the site and its broker on the network, and anew when the site is renamed or the broker
 * had to take another port. */
#define MUSTER_TYPE_SITE_ANNOUNCEMENT (muster_site_announcement_get_type ())
G_DECLARE_FINAL_TYPE (MusterSiteAnnouncement,
                      muster_site_announcement,
                      MUSTER,
                      SITE_ANNOUNCEMENT,
                      GObject)

/* Announces at once: DISCOVERY must run. SITE is kept in step with its record. PORT: of the API by
 * HTTPS; 0: the site itself is not announced. MESSAGING may be NULL. */
MusterSiteAnnouncement *muster_site_announcement_new (MusterDiscoveryService *discovery,
                                                      MusterMessaging        *messaging,
                                                      MusterBus              *bus,
                                                      MusterEntity           *site,
                                                      guint16                 port);

G_END_DECLS
