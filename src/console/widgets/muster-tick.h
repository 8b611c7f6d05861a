/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How far something is of what it should be: a mark, a word and the count, as "✓ Shipped 3/3". CSS
 * class `tick` with `done` or `partly`. */
GtkWidget *muster_tick_new (void);
/* WHAT is said of DONE of WANTED: "Shipped". */
void muster_tick_set (GtkWidget *self, const char *what, gint64 done, gint64 wanted);

G_END_DECLS
