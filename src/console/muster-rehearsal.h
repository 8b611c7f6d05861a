/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/muster-api-client.h"

G_BEGIN_DECLS

/**
 * MusterRehearsal:
 *
 * A site to play with: a daemon and simulated devices, all on loopback and in a temporary folder.
 * It announces nothing to the network and is gone with its last reference.
 */
#define MUSTER_TYPE_REHEARSAL (muster_rehearsal_get_type ())
G_DECLARE_FINAL_TYPE (MusterRehearsal, muster_rehearsal, MUSTER, REHEARSAL, GObject)

/* Starts it; NULL with an error. `musterd` and `muster-fleet` are those of $MUSTERD and
 * $MUSTER_FLEET, else of this installation. */
MusterRehearsal *muster_rehearsal_new (GError **error);
const char      *muster_rehearsal_get_socket (MusterRehearsal *self);
const char      *muster_rehearsal_get_folder (MusterRehearsal *self);
/* Tells the daemon, by CLIENT, of the devices and of the secrets on their labels. Resolves to TRUE.
 */
DexFuture *muster_rehearsal_furnish (MusterRehearsal *self, MusterApiClient *client);

G_END_DECLS
