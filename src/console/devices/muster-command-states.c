/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-command-states"

#include "config.h"

#include "muster-command-states.h"

struct _MusterCommandStates
{
  GHashTable *newest; /* (owned) command id to MusterCommandState */
};

/**
 * muster_command_states_new:
 *
 * Returns: (transfer full): nothing is known yet
 */
MusterCommandStates *
muster_command_states_new (void)
{
  MusterCommandStates *self = g_new0 (MusterCommandStates, 1);

  self->newest = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

/**
 * muster_command_states_free:
 * @self: (transfer full): states of commands
 */
void
muster_command_states_free (MusterCommandStates *self)
{
  g_hash_table_unref (self->newest);
  g_free (self);
}

/**
 * muster_command_states_note:
 * @self: states of commands
 * @command_id: the command
 * @state: what was just heard of it
 *
 * Returns: the newest state heard of it: @state, or one that was heard before and comes later in a
 * command's life
 */
MusterCommandState
muster_command_states_note (MusterCommandStates *self,
                            const char          *command_id,
                            MusterCommandState   state)
{
  MusterCommandState known;

  g_return_val_if_fail (self != NULL && command_id != NULL, state);

  /* The states are in the order of a command's life, and a final one stays. */
  known = GPOINTER_TO_INT (g_hash_table_lookup (self->newest, command_id));
  if (state <= known)
    return known;
  g_hash_table_replace (self->newest, g_strdup (command_id), GINT_TO_POINTER (state));
  return state;
}
