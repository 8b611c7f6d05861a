/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Announces nodes as _muster-node._tcp through the Avahi daemon; Avahi stands in this file alone. A
 * daemon that is missing or goes away is waited for, and everything is announced again when it is
 * there. */
typedef struct _MusterNodeMdns        MusterNodeMdns;
typedef struct _MusterNodeMdnsService MusterNodeMdnsService;

/* Announces on `interface` (NULL = all). */
MusterNodeMdns *muster_node_mdns_new (const char *interface);
void            muster_node_mdns_free (MusterNodeMdns *self);

/* Announces a service named `name` (or, when that is taken, one like it) at `port`. `txt` is
 * copied. The service lives as long as `self`. */
MusterNodeMdnsService *muster_node_mdns_publish (MusterNodeMdns    *self,
                                                 const char        *name,
                                                 guint16            port,
                                                 const char *const *txt);

/* Replaces the TXT record. */
void muster_node_mdns_update (MusterNodeMdns        *self,
                              MusterNodeMdnsService *service,
                              const char *const     *txt);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterNodeMdns, muster_node_mdns_free)

G_END_DECLS
