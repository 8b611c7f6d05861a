/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Asks over PARENT for a key and its passphrase, and signs ARTIFACT with it. */
void muster_sign_dialog_present (MusterSession *session, GtkWidget *parent, MusterEntity *artifact);

G_END_DECLS
