/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/socket.h>

#include <glib.h>

G_BEGIN_DECLS

/* The networks on which devices can announce themselves to this machine, such as "10.77.0.0/24",
 * each once, IPv4 first: of interfaces that are up, have a carrier and carry multicast, except
 * loopback. (transfer full), empty where there is none. */
char **muster_networks_list (void);

/* The network of ADDRESS under MASK as "ADDRESS/PREFIX", or NULL for families other than IPv4 and
 * IPv6: (transfer full). */
char *muster_networks_format (const struct sockaddr *address, const struct sockaddr *mask);

G_END_DECLS
