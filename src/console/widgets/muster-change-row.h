/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "client/muster-api-journal.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* An entry of the journal as a row: what changed, who did it, when, and a button that takes it
 * back. */
GtkWidget *muster_change_row_new (MusterSession *session, MusterApiChange *change);

G_END_DECLS
