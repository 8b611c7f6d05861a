/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-node-mdns.h"
#include "muster-node-reactor.h"
#include "muster-node-sensors.h"
#include "muster-node-update.h"

G_BEGIN_DECLS

/* Simulated units of one process: the portable core on the posix port. They share the event loop,
 * the transmit buffer and the announcer, nothing else. */
typedef struct _MusterNodeHost MusterNodeHost;
typedef struct _MusterNode     MusterNode;

typedef struct
{
  const char        *state_dir;
  const char        *address; /* (nullable): where the pairing ports listen; NULL = everywhere */
  double             rate;    /* readings a second */
  guint              extras;  /* sensors beside the usual ones */
  guint              kept;    /* samples kept while offline */
  gboolean           sync;    /* whether the flash waits for the disk */
  MusterNodeMdns    *mdns;    /* (nullable) */
  const char *const *update_keys; /* (nullable): files of keys that sign images */
  MusterNodeUpdateFaults update_faults;
} MusterNodeSettings;

/* Texts may be NULL where a default can be made from the serial number. */
typedef struct
{
  const char *serial;
  const char *mac;
  const char *model;
  const char *name;
  const char *secret; /* as on the label */
  const char *fault;
  guint16     pairing_port; /* 0 = any free */
} MusterNodeSpec;

MusterNodeHost *muster_node_host_new (const MusterNodeSettings *settings, GError **error);
void            muster_node_host_free (MusterNodeHost *self);

/* Makes a unit and switches it on. It belongs to the host. */
MusterNode *muster_node_host_add (MusterNodeHost *self, const MusterNodeSpec *spec, GError **error);

guint muster_node_host_get_n_online (MusterNodeHost *self);

/* Every node says NDEATH and leaves; what is queued gets a moment to go out. */
void muster_node_host_shutdown (MusterNodeHost *self);

/* The reset button: the unit forgets its site. */
void muster_node_release (MusterNode *self);

/* Gives credentials (muster.pairing.Credentials) as at a bench. */
gboolean muster_node_adopt (MusterNode *self, GBytes *credentials, GError **error);

/* Makes it the gateway of the serial units on `lines` (NULL-terminated), each the path of a serial
 * port or tcp:HOST:PORT; once. `keys` (nullable): a file with the keys of such units. */
gboolean muster_node_speak_for (MusterNode        *self,
                                const char *const *lines,
                                const char        *keys,
                                GError           **error);

/* The label: seven groups of four. Free with g_free(). */
char *muster_node_dup_label (MusterNode *self);

/* The version of the image that runs. */
const char *muster_node_get_version (MusterNode *self);

const char *muster_node_get_serial (MusterNode *self);
const char *muster_node_get_mac (MusterNode *self);
const char *muster_node_get_model (MusterNode *self);
const char *muster_node_get_name (MusterNode *self);
guint16     muster_node_get_pairing_port (MusterNode *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterNodeHost, muster_node_host_free)

G_END_DECLS
