/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What can be done now to a record, as buttons that wrap; not there without any. */
#define MUSTER_TYPE_COMMAND_BAR (muster_command_bar_get_type ())
G_DECLARE_FINAL_TYPE (MusterCommandBar, muster_command_bar, MUSTER, COMMAND_BAR, AdwBin)

typedef struct
{
  const char *label;     /* N_() marked, with mnemonic */
  const char *action;    /* detailed name: "order.set-status::confirmed" */
  const char *operation; /* the right it takes */
  gboolean    leads_off; /* away from the goal: never suggested */
} MusterCommand;

void muster_command_bar_clear (MusterCommandBar *self);
/* COMMAND is static. The one that comes first is suggested. Whoever may not do it is told why not.
 */
void muster_command_bar_add (MusterCommandBar    *self,
                             MusterSession       *session,
                             const MusterCommand *command);
/* A button of another kind, behind those that stand there. */
void muster_command_bar_add_widget (MusterCommandBar *self, GtkWidget *widget);

G_END_DECLS
