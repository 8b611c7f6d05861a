/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-mdns.h"

G_BEGIN_DECLS

/* [iface@Muster.Mdns] that hears and says nothing: for sites whose network must stay quiet. */
#define MUSTER_TYPE_SILENT_MDNS (muster_silent_mdns_get_type ())
G_DECLARE_FINAL_TYPE (MusterSilentMdns, muster_silent_mdns, MUSTER, SILENT_MDNS, GObject)

MusterMdns *muster_silent_mdns_new (void);

G_END_DECLS
