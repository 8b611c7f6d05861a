/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A listening socket. Unlike a plain watch it survives the exhaustion of file descriptors, and
 * takes all that wait at once. */
typedef struct _MusterHttpListener MusterHttpListener;

/* Called for each socket accepted, on the main thread. */
typedef void (*MusterAccepted) (GSocket *socket, gpointer user_data);

/* A Unix socket at PATH, mode 0600. One that nobody answers on is replaced; MUSTER_ERROR_CONFLICT
 * when somebody does. */
MusterHttpListener *muster_http_listener_new_unix (const char    *path,
                                                   MusterAccepted accepted,
                                                   gpointer       user_data,
                                                   GError       **error);
/* ADDRESS: an IP address; PORT 0: any free one. */
MusterHttpListener *muster_http_listener_new_tcp (const char    *address,
                                                  guint16        port,
                                                  MusterAccepted accepted,
                                                  gpointer       user_data,
                                                  GError       **error);
/* Closes it, and removes the path of a Unix socket. */
void muster_http_listener_free (MusterHttpListener *self);
/* Leaves newcomers waiting while PAUSED. */
void            muster_http_listener_set_paused (MusterHttpListener *self, gboolean paused);
GSocketAddress *muster_http_listener_dup_address (MusterHttpListener *self);

G_END_DECLS
