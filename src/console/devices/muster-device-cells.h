/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Gives COLUMN of a list of [class@Muster.IndexItem] of devices its cells, by its id: the name of a
 * field of the device. Clicking its header sorts. */
void muster_device_cells_set_up_column (GtkColumnViewColumn *column, MusterSession *session);
/* Gives COLUMN check boxes that follow and change the selection of the list. */
void muster_device_cells_set_up_marks (GtkColumnViewColumn *column);

G_END_DECLS
