/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-field.h"

G_BEGIN_DECLS

/* One allowed step. A table of them ends with { -1, -1 }. */
typedef struct
{
  int from;
  int to;
} MusterTransition;

/* The allowed steps of an enumeration's states; staying is always allowed. */
typedef struct
{
  const MusterEnum       *states;
  const MusterTransition *transitions;
} MusterStateMachine;

gboolean muster_state_machine_allows (const MusterStateMachine *self, int from, int to);

/* The nicks allowed next: (transfer full) (array zero-terminated=1). */
char **muster_state_machine_list_next (const MusterStateMachine *self, int from);

/* TRUE, or FALSE with a MUSTER_ERROR_CONFLICT that names the states allowed next. */
gboolean muster_state_machine_check (const MusterStateMachine *self,
                                     int                       from,
                                     int                       to,
                                     GError                  **error);

G_END_DECLS
