/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mf_device.h"
#include "muster-node-reactor.h"

G_BEGIN_DECLS

/* The HTTP/1.1 of PAIRING.md, no more: two POSTs and a GET, one request a connection, few
 * connections, short bodies, ten seconds each. */
typedef struct _MusterNodePairing MusterNodePairing;

/* Listens on `address` (NULL = all) and `port` (0 = any free). `answered` is called after each POST
 * that was answered 200. */
MusterNodePairing *muster_node_pairing_new (MusterNodeReactor *reactor,
                                            struct mf_device  *device,
                                            const char        *address,
                                            guint16            port,
                                            void (*answered) (gpointer user_data),
                                            gpointer user_data,
                                            GError **error);
void               muster_node_pairing_free (MusterNodePairing *self);

guint16 muster_node_pairing_get_port (MusterNodePairing *self);

/* To be called about once a second: ends connections that take too long. */
void muster_node_pairing_tick (MusterNodePairing *self);

/* The length of the body that `head` (all up to and with the empty line) announces; -1 when the
 * head cannot be. Sets *expects when the client waits for "100 Continue". */
gssize muster_node_pairing_parse_head (const char *head, gsize size, gboolean *expects);

G_END_DECLS
