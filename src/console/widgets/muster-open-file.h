/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <libdex.h>

G_BEGIN_DECLS

/* Lets the person choose a file in DIALOG, over the window of PARENT. Resolves to a GFile; rejects
 * with GTK_DIALOG_ERROR where none was chosen. */
DexFuture *muster_open_file (GtkFileDialog *dialog, GtkWidget *parent);

G_END_DECLS
