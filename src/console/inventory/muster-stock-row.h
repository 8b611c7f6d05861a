/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* How many lie where: a row of a boxed list. */
GtkWidget *muster_stock_level_row_new (MusterSession *session, MusterEntity *level);
/* One move, as a sentence: "Moved 20 from … to …". */
GtkWidget *muster_stock_move_row_new (MusterSession *session, MusterEntity *move);

G_END_DECLS
