/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Which site this console is at and whether it can be reached; in a popover where, why not, and
 * another try. */
#define MUSTER_TYPE_CONNECTION_BUTTON (muster_connection_button_get_type ())
G_DECLARE_FINAL_TYPE (MusterConnectionButton,
                      muster_connection_button,
                      MUSTER,
                      CONNECTION_BUTTON,
                      AdwBin)

void muster_connection_button_set_session (MusterConnectionButton *self, MusterSession *session);
/* Why the site's own service does not run, NULL: it does. */
void muster_connection_button_set_trouble (MusterConnectionButton *self, const char *trouble);
/* What has to be said over the whole width of a window (transfer full), NULL: all is well. */
char *muster_connection_button_dup_warning (MusterConnectionButton *self);

G_END_DECLS
