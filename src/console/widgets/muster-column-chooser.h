/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-record-column.h"

G_BEGIN_DECLS

/**
 * MusterColumnChooser:
 *
 * Which columns of a list are shown: those that the person chose, remembered in the settings, as
 * far as the room goes. Signal `changed`: others are chosen.
 */
#define MUSTER_TYPE_COLUMN_CHOOSER (muster_column_chooser_get_type ())
G_DECLARE_FINAL_TYPE (MusterColumnChooser, muster_column_chooser, MUSTER, COLUMN_CHOOSER, GObject)

/* VIEW: has the columns of TABLE, by their ids. BIN: gives it its room; narrower than all of its
 * columns, those that may be missed give way. OWNER: has a boolean property `narrow`. SETTINGS
 * (nullable) remember the choice as NAME's. All borrowed: they outlive it. */
MusterColumnChooser *muster_column_chooser_new (GtkColumnView          *view,
                                                AdwBreakpointBin       *bin,
                                                GObject                *owner,
                                                const MusterColumn     *table,
                                                unsigned                n_columns,
                                                const MusterEntityInfo *info,
                                                GSettings              *settings,
                                                const char             *name);
/* What is chosen, in the order of the table: (transfer full). */
char **muster_column_chooser_list (MusterColumnChooser *self);
void   muster_column_chooser_choose (MusterColumnChooser *self, const char *const *columns);
/* As it was before anybody chose. */
void muster_column_chooser_reset (MusterColumnChooser *self);
/* Check boxes to choose by: (transfer floating). */
GtkWidget *muster_column_chooser_create_rows (MusterColumnChooser *self);

G_END_DECLS
