/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What stock says to a wish, as colour, mark and word: "12 available", "Only 2 of 5 available",
 * "None available". CSS class `tick` with `done`, `partly` or `lacking`. */
GtkWidget *muster_stock_label_new (void);
/* AVAILABLE of WANTED; AVAILABLE -1: not known, and nothing is said. */
void muster_stock_label_set (GtkWidget *self, gint64 available, gint64 wanted);
/* What it says: (transfer full), NULL where that is nothing. */
char *muster_stock_label_format (gint64 available, gint64 wanted);

G_END_DECLS
