/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NODE_UPDATE_H
#define NODE_UPDATE_H

#include "mf_node.h"

/*
 * Updates of a board that is a node (node.c): node_update.c brings them by the node's own network
 * from the site's server; on a board that can have but one connection node_fixed.c has none.
 */

/* After mf_node_init(), and before mf_node_start(); `site` lives as long. */
void node_update_init (struct mf_node *node, const struct mf_credentials *site);
void node_update_step (void);

/* What the node's port has for fetch() and fetch_stop(). */
bool node_update_fetch (void *user, const char *url, uint32_t offset, uint32_t size);
void node_update_stop (void *user);

#endif
