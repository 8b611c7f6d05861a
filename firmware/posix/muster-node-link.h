/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mf_port.h"
#include "muster-node-reactor.h"

G_BEGIN_DECLS

/* A node's MQTT connection: libmosquitto and TLS stand in this file alone. MQTT 3.1.1, clean
 * session. */
typedef struct _MusterNodeLink MusterNodeLink;

/* What the link reports; never from within a call of it. */
typedef struct
{
  void (*connected) (gpointer user_data);
  void (*disconnected) (gpointer user_data, const char *why);
  void (*subscribed) (gpointer user_data, gboolean granted);
  void (*message) (gpointer user_data, const char *topic, struct mf_bytes payload);
} MusterNodeLinkEvents;

MusterNodeLink *muster_node_link_new (MusterNodeReactor          *reactor,
                                      const MusterNodeLinkEvents *events,
                                      gpointer                    user_data);
void            muster_node_link_free (MusterNodeLink *self);

/* See struct mf_port_ops. */
bool muster_node_link_connect (MusterNodeLink *self, const struct mf_connect *how);
bool muster_node_link_subscribe (MusterNodeLink *self, const char *topic, int qos);
bool muster_node_link_publish (MusterNodeLink *self,
                               const char     *topic,
                               struct mf_bytes payload,
                               int             qos,
                               bool            retain);
void muster_node_link_disconnect (MusterNodeLink *self);

/* To be called about once a second: keep-alive, and the end of connections that were left. */
void muster_node_link_tick (MusterNodeLink *self);

/* Breaks the connection without a word, as a cut cable does. */
void muster_node_link_cut (MusterNodeLink *self);

/* Releases what all links share. */
void muster_node_link_shutdown (void);

G_END_DECLS
