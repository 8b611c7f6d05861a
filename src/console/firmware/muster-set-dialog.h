/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The form of a set of firmware. SET (nullable): NULL makes a new one, whose parts are chosen;
 * those of one that is there stay as they are. */
AdwDialog *muster_set_dialog_new (MusterSession *session, MusterEntity *set);

G_END_DECLS
