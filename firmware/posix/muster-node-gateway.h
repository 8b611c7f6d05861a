/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mf_gateway.h"
#include "muster-node-fetch.h"

G_BEGIN_DECLS

/* The serial units that a node speaks for: a line each, and the keys of all units by their serial
 * numbers. */
typedef struct _MusterNodeGateways MusterNodeGateways;

/* `fetcher` brings the files of their updates; what of one must outlive this process is kept in
 * `state_dir`. Of images for units that cannot check signatures, those by `trusted` alone are
 * taken; it must outlive this. `woken` is called when a line brought something, so that the node's
 * step comes soon. */
MusterNodeGateways *muster_node_gateways_new (struct mf_node             *node,
                                              MusterNodeFetcher          *fetcher,
                                              const char                 *state_dir,
                                              const struct mf_image_keys *trusted,
                                              void (*woken) (gpointer user_data),
                                              gpointer user_data);
void                muster_node_gateways_free (MusterNodeGateways *self);

/* Takes the keys of `path`: a line a unit, its serial number and 64 hexadecimal digits. Everything
 * behind a # is for people. */
gboolean muster_node_gateways_load_keys (MusterNodeGateways *self,
                                         const char         *path,
                                         GError            **error);
/* Adds a line, by its address (muster_node_line_new()). */
gboolean muster_node_gateways_add (MusterNodeGateways *self, const char *address, GError **error);

/* The node was made anew: its commands for devices come here. */
void muster_node_gateways_attach (MusterNodeGateways *self);

/* Does what is due; returns in how many milliseconds to come again at the latest. */
guint32 muster_node_gateways_step (MusterNodeGateways *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterNodeGateways, muster_node_gateways_free)

G_END_DECLS
