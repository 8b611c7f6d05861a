/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/muster-device-group.h"
#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterGroupPopover:
 *
 * The groups of the site to choose from, read when it opens. Signal `chosen (MusterDeviceGroup
 * *group)`; signal `new`: the button at the bottom.
 */
#define MUSTER_TYPE_GROUP_POPOVER (muster_group_popover_get_type ())
G_DECLARE_FINAL_TYPE (MusterGroupPopover, muster_group_popover, MUSTER, GROUP_POPOVER, GtkPopover)

/* NEW_LABEL: of the button at the bottom, with a mnemonic. EDITABLE: groups can be renamed and
 * deleted here. */
GtkWidget *muster_group_popover_new (MusterSession *session,
                                     const char    *new_label,
                                     gboolean       editable);
/* Whether the button at the bottom can be pressed. */
void muster_group_popover_set_can_add (MusterGroupPopover *self, gboolean can_add);

G_END_DECLS
