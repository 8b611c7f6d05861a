/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/muster-firmware-update.h"
#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterUpdateProgress:
 *
 * How far one update of a device is: a bar and words while it runs, a chip once it is over.
 */
#define MUSTER_TYPE_UPDATE_PROGRESS (muster_update_progress_get_type ())
G_DECLARE_FINAL_TYPE (MusterUpdateProgress,
                      muster_update_progress,
                      MUSTER,
                      UPDATE_PROGRESS,
                      GtkWidget)

GtkWidget *muster_update_progress_new (void);
void       muster_update_progress_show (MusterUpdateProgress *self, MusterEntity *update);

/* The same as a cell of a list. */
GtkWidget *muster_update_progress_create_cell (MusterSession *session);
void       muster_update_progress_show_cell (GtkWidget     *cell,
                                             MusterEntity  *update,
                                             MusterSession *session);

/* "Downloading 43 %", "Waits for consent", "Confirmed": (transfer full). */
char *muster_update_describe (MusterEntity *update);
/* "120.4 kB of 1.2 MB", which is less than all where the device had a part of it: (transfer full);
 * NULL where it did not say. */
char *muster_update_describe_fetched (MusterEntity *update);
/* How much of the whole way is behind it, 0 to 1. */
double muster_update_get_fraction (MusterEntity *update);
/* Whether the device is at it. */
gboolean muster_update_is_open (MusterEntity *update);

G_END_DECLS
