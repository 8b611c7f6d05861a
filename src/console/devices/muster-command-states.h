/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "model/muster-device-command.h"

G_BEGIN_DECLS

/**
 * MusterCommandStates:
 *
 * The newest known state of each command. What a command did reaches the console on two ways, as
 * the answer to whoever gave it and on the live stream, and the later state may come first: a
 * device that is near confirms within the milliseconds that the answer needs.
 */
typedef struct _MusterCommandStates MusterCommandStates;

MusterCommandStates *muster_command_states_new (void);
void                 muster_command_states_free (MusterCommandStates *self);

MusterCommandState muster_command_states_note (MusterCommandStates *self,
                                               const char          *command_id,
                                               MusterCommandState   state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterCommandStates, muster_command_states_free)

G_END_DECLS
