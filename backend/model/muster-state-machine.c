/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-state-machine"

#include "config.h"

#include "muster-error.h"
#include "muster-state-machine.h"

const char *
muster_enum_get_nick (const MusterEnum *self, int value)
{
  g_return_val_if_fail (value >= 0 && (unsigned)value < muster_enum_get_count (self), NULL);

  return self->values[value].nick;
}

const char *
muster_enum_get_label (const MusterEnum *self, int value)
{
  g_return_val_if_fail (value >= 0 && (unsigned)value < muster_enum_get_count (self), NULL);

  return self->values[value].label;
}

int
muster_enum_parse (const MusterEnum *self, const char *nick)
{
  g_return_val_if_fail (self != NULL && nick != NULL, -1);

  for (int i = 0; self->values[i].nick != NULL; i++)
    if (g_str_equal (self->values[i].nick, nick))
      return i;
  return -1;
}

unsigned
muster_enum_get_count (const MusterEnum *self)
{
  unsigned n = 0;

  g_return_val_if_fail (self != NULL, 0);

  while (self->values[n].nick != NULL)
    n++;
  return n;
}

gboolean
muster_state_machine_allows (const MusterStateMachine *self, int from, int to)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (from == to)
    return TRUE;
  for (const MusterTransition *step = self->transitions; step->from >= 0; step++)
    if (step->from == from && step->to == to)
      return TRUE;
  return FALSE;
}

char **
muster_state_machine_list_next (const MusterStateMachine *self, int from)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);

  for (const MusterTransition *step = self->transitions; step->from >= 0; step++)
    if (step->from == from)
      g_strv_builder_add (builder, muster_enum_get_nick (self->states, step->to));
  return g_strv_builder_end (builder);
}

gboolean
muster_state_machine_check (const MusterStateMachine *self, int from, int to, GError **error)
{
  g_auto (GStrv) next = NULL;
  g_autofree char *list = NULL;
  GError          *refusal;

  if (muster_state_machine_allows (self, from, to))
    return TRUE;
  next = muster_state_machine_list_next (self, from);
  list = g_strjoinv (", ", next);
  refusal =
    g_error_new (MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "cannot go from %s to %s: allowed next %s%s",
                 muster_enum_get_nick (self->states, from), muster_enum_get_nick (self->states, to),
                 next[0] ? "is " : "is nothing, it is final", list);
  muster_error_set_allowed (refusal, (const char *const *)next);
  g_propagate_error (error, refusal);
  return FALSE;
}
