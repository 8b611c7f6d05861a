/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Between the names of a path, as the daemon joins them. */
#define MUSTER_PATH_SEPARATOR " › "

/**
 * MusterPathLabel:
 *
 * A path of places, of which the last matters most: where it has not enough room, whole names go
 * from its beginning, "… › Rack 1 › Bin 1".
 */
#define MUSTER_TYPE_PATH_LABEL (muster_path_label_get_type ())
G_DECLARE_FINAL_TYPE (MusterPathLabel, muster_path_label, MUSTER, PATH_LABEL, GtkWidget)

GtkWidget *muster_path_label_new (void);
/* PATH (nullable). */
void muster_path_label_set_path (MusterPathLabel *self, const char *path);
/* How many of the names go from the beginning of PATH, where WIDTHS[i] is the width of what is
 * shown when I have gone (the last: all but one), and AVAILABLE what there is. */
unsigned muster_path_label_choose (const int *widths, unsigned n_widths, int available);
/* PATH without its first N_GONE names: (transfer full). */
char *muster_path_label_shorten (const char *path, unsigned n_gone);

G_END_DECLS
