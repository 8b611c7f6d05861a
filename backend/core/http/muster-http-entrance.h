/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Where callers come in: the listeners of a server and the connections that they took, until each
 * has ended. Bounds how many are open at once and how long each may take. */
typedef struct _MusterHttpEntrance MusterHttpEntrance;

/* A connection of OWNER's entrance has ended. */
typedef void (*MusterEntranceGone) (gpointer owner);

/* OWNER holds the entrance, and is itself kept while a connection is open. */
MusterHttpEntrance *muster_http_entrance_new (GObject *owner, MusterEntranceGone gone);
void                muster_http_entrance_free (MusterHttpEntrance *self);

/* Before it is opened. Port 0 is any that is free; without CERTIFICATE only loopback will do. */
void muster_http_entrance_set_unix_path (MusterHttpEntrance *self, const char *path);
void muster_http_entrance_add_tcp (MusterHttpEntrance *self,
                                   const char         *address,
                                   guint16             port,
                                   GTlsCertificate    *certificate);
/* Whether callers by TLS are asked for a certificate, which they need not have; of those to come.
 */
void muster_http_entrance_set_asks (MusterHttpEntrance *self, gboolean asks);

/* Listens, and hands what comes to SOUP, which outlives it or close(). */
gboolean muster_http_entrance_open (MusterHttpEntrance *self, SoupServer *soup, GError **error);
/* No newcomers; the connections stay. */
void muster_http_entrance_unlisten (MusterHttpEntrance *self);
void muster_http_entrance_close (MusterHttpEntrance *self);

/* Connections that are open. */
unsigned muster_http_entrance_count (MusterHttpEntrance *self);
/* Ends connections: all, or those on which nobody waits for an answer. */
void muster_http_entrance_shut (MusterHttpEntrance *self, gboolean only_idle);
/* Of the TCP listeners: (transfer full). */
char **muster_http_entrance_list_uris (MusterHttpEntrance *self);

G_END_DECLS
