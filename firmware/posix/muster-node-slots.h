/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "mf_boot.h"

G_BEGIN_DECLS

/* The flash that a unit's images and boot records lie in: three files beside its other flash. What
 * lies beyond the end of a file is erased. Few files are open at a time: a fleet has more units
 * than descriptors to spare. */

#define MUSTER_NODE_SLOT_SIZE (16u * 1024 * 1024)

typedef struct _MusterNodeSlots MusterNodeSlots;

/* What all units of a process have in common: the open files, and the site's keys. */
typedef struct _MusterNodeShelf MusterNodeShelf;

/* `keys` are public keys that every unit trusts, as hexadecimal digits in files; NULL = none. */
MusterNodeShelf *muster_node_shelf_new (const char        *directory,
                                        gboolean           sync,
                                        const char *const *keys,
                                        GError           **error);
void             muster_node_shelf_free (MusterNodeShelf *self);

/* Opens a unit's slots. A new unit gets a factory image of `version`, signed by a key that was made
 * for this and thrown away; the unit trusts it for as long as its files stay. */
MusterNodeSlots *muster_node_slots_new (MusterNodeShelf *shelf,
                                        const char      *serial,
                                        const char      *model,
                                        const char      *hardware,
                                        const char      *version,
                                        GError         **error);
void             muster_node_slots_free (MusterNodeSlots *self);

const struct mf_boot_config *muster_node_slots_get_config (MusterNodeSlots *self);

/* Power fails in the nth operation from now: half of it is done, and nothing more until
 * muster_node_slots_power_on(). 0 = never. */
void     muster_node_slots_cut_power (MusterNodeSlots *self, guint nth);
gboolean muster_node_slots_has_power (MusterNodeSlots *self);
void     muster_node_slots_power_on (MusterNodeSlots *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterNodeShelf, muster_node_shelf_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterNodeSlots, muster_node_slots_free)

G_END_DECLS
