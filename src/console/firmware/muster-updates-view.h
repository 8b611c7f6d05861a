/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "widgets/muster-records-view.h"

G_BEGIN_DECLS

/**
 * MusterUpdatesView:
 *
 * Updates of devices as a table with their progress in place, live: all, or those of one rollout.
 */
#define MUSTER_TYPE_UPDATES_VIEW (muster_updates_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterUpdatesView, muster_updates_view, MUSTER, UPDATES_VIEW, AdwBin)

/* ROLLOUT_ID NULL: all of the site. */
GtkWidget *muster_updates_view_new (MusterSession *session, const char *rollout_id);
/* Those of the group ID, called NAME, alone; NULL: all of them. */
void muster_updates_view_show_group (MusterUpdatesView *self, const char *id, const char *name);
/* The group whose updates alone are shown: (transfer full); NULL: all. */
char *muster_updates_view_dup_group (MusterUpdatesView *self);
/* Borrowed. */
MusterRecordsView *muster_updates_view_get_records (MusterUpdatesView *self);

G_END_DECLS
