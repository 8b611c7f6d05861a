/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ctl.h"

G_BEGIN_DECLS

/* Who signed in with `musterctl login` at which daemon, kept from one run to the next in
 * `$XDG_STATE_HOME/muster/sign-ins`, which the user alone may read. */

/* In a fiber: lets the client speak for who signed in there, if anybody, and keeps the tokens as
 * they are renewed. */
void muster_ctl_session_restore (MusterCtl *self);
/* From now on, keeps the client's tokens as they change; those it has at once. */
gboolean muster_ctl_session_keep (MusterCtl *self, GError **error);

/* What a person types that must not stand on the screen or in the list of processes: asked for with
 * PROMPT at a terminal, else the first line of the standard input. NULL with an error when there is
 * none. (transfer full) */
char *muster_ctl_read_secret (const char *prompt, GError **error);

G_END_DECLS
