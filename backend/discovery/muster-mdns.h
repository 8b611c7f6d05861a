/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "muster-mdns-record.h"

G_BEGIN_DECLS

/**
 * MusterMdns:
 *
 * Multicast DNS service discovery as the rest of the daemon sees it: what is announced on the
 * network, and what the site announces itself. Main thread only; nothing here blocks.
 *
 * Signals: `found` (MusterMdnsRecord), first with a service and again whenever its host, address,
 * port or TXT changes; `removed` (MusterMdnsRecord) once it said goodbye or its records expired;
 * `published` (guint id, const char *name) when a service of ours is on the network, under the name
 * it got; `changed` when trouble, interfaces or the number of types changes.
 */
#define MUSTER_TYPE_MDNS (muster_mdns_get_type ())
G_DECLARE_INTERFACE (MusterMdns, muster_mdns, MUSTER, MDNS, GObject)

struct _MusterMdnsInterface
{
  GTypeInterface parent_iface;

  void (*start) (MusterMdns *self, const char *const *types);
  DexFuture *(*stop) (MusterMdns *self);
  void (*rescan) (MusterMdns *self);
  unsigned (
    *publish) (MusterMdns *self, const char *name, const char *type, guint16 port, MusterTxt *txt);
  void (*unpublish) (MusterMdns *self, unsigned id);
  const char *(*get_trouble) (MusterMdns *self);
  unsigned (*get_n_types) (MusterMdns *self);
  char **(*list_interfaces) (MusterMdns *self);
};

/* Browses TYPES, and every other type that the network's answers to the meta query name. */
void muster_mdns_start (MusterMdns *self, const char *const *types);
/* Withdraws everything published. Resolves to TRUE. */
DexFuture *muster_mdns_stop (MusterMdns *self);
/* Asks the network again at once. What does not answer within 10 s, and is not kept by its own time
 * to live, is removed. */
void muster_mdns_rescan (MusterMdns *self);
/* Announces a service as long as this object runs, again after every return of the responder. A
 * name that is taken gets a number behind it. Returns an id greater than 0. */
unsigned muster_mdns_publish (MusterMdns *self,
                              const char *name,
                              const char *type,
                              guint16     port,
                              MusterTxt  *txt);
void     muster_mdns_unpublish (MusterMdns *self, unsigned id);

/* Why nothing is found now, for a person; NULL: all is well. Borrowed. */
const char *muster_mdns_get_trouble (MusterMdns *self);
unsigned    muster_mdns_get_n_types (MusterMdns *self);
/* Names of the interfaces on which something was heard: (transfer full). */
char **muster_mdns_list_interfaces (MusterMdns *self);

/* For implementations. */
void muster_mdns_emit_found (MusterMdns *self, MusterMdnsRecord *record);
void muster_mdns_emit_removed (MusterMdns *self, MusterMdnsRecord *record);
void muster_mdns_emit_published (MusterMdns *self, unsigned id, const char *name);
void muster_mdns_emit_changed (MusterMdns *self);

/* Whether TYPE is like `_http._tcp`: two labels after RFC 6763 §7. */
gboolean muster_mdns_type_is_valid (const char *type);

G_END_DECLS
