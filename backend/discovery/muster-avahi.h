/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-mdns.h"

G_BEGIN_DECLS

/**
 * MusterAvahi:
 *
 * [iface@Muster.Mdns] by the machine's avahi-daemon. Avahi's client library waits for answers of
 * the message bus, so it has a thread of its own; signals come on the main context of the thread
 * that made the object. A missing bus, a missing, stopping or returning daemon are waited out;
 * services found before are kept meanwhile.
 */
#define MUSTER_TYPE_AVAHI (muster_avahi_get_type ())
G_DECLARE_FINAL_TYPE (MusterAvahi, muster_avahi, MUSTER, AVAHI, GObject)

MusterMdns *muster_avahi_new (void);

G_END_DECLS
